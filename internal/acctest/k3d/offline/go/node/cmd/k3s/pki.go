package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const pkiDir = "/var/lib/rancher/k3s/server/tls"

// authority is a CA whose key is derived from the cluster token, so that every
// node that knows the token can sign its own certificates and no join protocol is
// needed. The token is the whole security of the cluster: for tests only.
type authority struct {
	name string
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func deriveKey(token, purpose string) (*ecdsa.PrivateKey, error) {
	seed := sha256.Sum256([]byte(purpose + "\x00" + token))
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
}

// newAuthority writes <name>.crt and <name>.key and returns the CA.
func newAuthority(token, name string) (*authority, error) {
	key, err := deriveKey(token, name)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "mlstacks-test-" + name},
		NotBefore:             time.Unix(0, 0),
		NotAfter:              time.Now().AddDate(10, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	ca := &authority{name: name, key: key, cert: template}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	if ca.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	return ca, writePair(name, der, key)
}

// issue writes <file>.crt and <file>.key, good for both sides of TLS.
func (ca *authority) issue(file string, subject pkix.Name, hosts ...string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, key.Public(), ca.key)
	if err != nil {
		return err
	}
	return writePair(file, der, key)
}

// kubeconfig issues a client certificate and writes a kubeconfig that carries it.
func (ca *authority) kubeconfig(path, server string, subject pkix.Name) error {
	file := "client-" + subject.CommonName
	if err := ca.issue(file, subject); err != nil {
		return err
	}
	config := api.NewConfig()
	cluster, user, context := api.NewCluster(), api.NewAuthInfo(), api.NewContext()
	cluster.Server = server
	context.Cluster, context.AuthInfo = "default", "default"
	for _, part := range []struct {
		data *[]byte
		file string
	}{
		{&cluster.CertificateAuthorityData, crt(ca.name)},
		{&user.ClientCertificateData, crt(file)},
		{&user.ClientKeyData, key(file)},
	} {
		data, err := os.ReadFile(part.file)
		if err != nil {
			return err
		}
		*part.data = data
	}
	config.Clusters["default"], config.AuthInfos["default"], config.Contexts["default"] = cluster, user, context
	config.CurrentContext = "default"
	return clientcmd.WriteToFile(*config, path)
}

func crt(name string) string { return filepath.Join(pkiDir, name+".crt") }
func key(name string) string { return filepath.Join(pkiDir, name+".key") }

func writePair(name string, certificate []byte, private *ecdsa.PrivateKey) error {
	if err := writeKey(name, private); err != nil {
		return err
	}
	return writePEM(crt(name), "CERTIFICATE", certificate)
}

func writeKey(name string, private *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		return err
	}
	return writePEM(key(name), "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
