package live_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// secrets are what nobody may write down, by what they are.
type secrets map[string]string

// shortest is the length from which a text cannot stand somewhere by chance.
const shortest = 12

// add takes a secret to look for. Names of users are none.
func (s secrets) add(what, value string) {
	if len(value) >= shortest {
		s[what] = value
	}
}

// needles are the ways in which a secret could have been written: as it is, line by line, escaped, or in base64 inside of
// something else.
func needles(value string) []string {
	var all []string

	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); len(line) >= shortest && !strings.HasPrefix(line, "-----") {
			all = append(all, line)
		}
	}

	for _, padding := range []string{"", " ", "  "} {
		// The characters at both ends depend on what stands around.
		encoded := base64.RawStdEncoding.EncodeToString([]byte(padding + value))
		if encoded = encoded[4 : len(encoded)-4]; len(encoded) >= shortest {
			all = append(all, encoded[max(0, len(encoded)-200):])
		}
	}

	return all
}

// found lists what a text holds.
func (s secrets) found(text []byte) []string {
	var hits []string

	for _, what := range slices.Sorted(maps.Keys(s)) {
		if slices.ContainsFunc(needles(s[what]), func(needle string) bool { return bytes.Contains(text, []byte(needle)) }) {
			hits = append(hits, what)
		}
	}

	return hits
}

// search looks into files, and into archives, as which plans are kept.
func (s secrets) search(files ...string) ([]string, error) {
	var hits []string

	note := func(where string, text []byte) {
		for _, what := range s.found(text) {
			hits = append(hits, fmt.Sprintf("%s: %s", where, what))
		}
	}

	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}

		note(filepath.Base(file), text)

		archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			continue // it is none
		}

		for _, entry := range archive.File {
			reader, err := entry.Open()
			if err != nil {
				return nil, err
			}

			inside, err := io.ReadAll(reader)
			if err != nil {
				return nil, err
			}

			note(filepath.Base(file)+"/"+entry.Name, inside)
		}
	}

	return hits, nil
}

// learn collects the secrets of the cluster and of the components in it, as far as they can be had now.
func (w *workspace) learn() {
	if w.cluster == "" {
		return
	}

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	kubeconfig, err := backend.Kubeconfig(ctx, w.cluster)
	if err != nil {
		return
	}

	w.learnCluster(ctx, kubeconfig)

	config, err := clientcmd.RESTConfigFromKubeConfig(kubeconfig)
	if err != nil {
		return
	}

	list, err := clients(w.t, config).CoreV1().Secrets("").List(ctx, meta.ListOptions{LabelSelector: kube.LabelManagedBy + "=" + kube.Manager})
	if err != nil {
		return
	}

	for _, secret := range list.Items {
		if secret.Type != core.SecretTypeOpaque {
			continue // a release's record
		}

		for key, value := range secret.Data {
			w.secrets.add(fmt.Sprintf("%s of Secret/%s in %s (%s)", key, secret.Name, secret.Namespace, secret.UID), string(value))
		}
	}
}

// learnCluster collects what opens the whole cluster: the administrator's key and token, and what others are made with.
func (w *workspace) learnCluster(ctx context.Context, kubeconfig []byte) {
	file, err := clientcmd.Load(kubeconfig)
	if err != nil {
		w.t.Errorf("read the kubeconfig: %v", err)

		return
	}

	for name, user := range file.AuthInfos {
		id := fmt.Sprintf("%s %x", name, user.ClientCertificateData[len(user.ClientCertificateData)/2:][:8]) // tells one making from another
		w.secrets.add("client key of "+id, string(user.ClientKeyData))
		w.secrets.add("token of "+id, user.Token)
		w.secrets.add("password of "+id, user.Password)

		if _, known := w.secrets["token of the nodes of "+id]; known {
			continue
		}

		node := "k3d-" + w.cluster + "-server-0"

		environment, _ := exec.CommandContext(ctx, "docker", "inspect", "--format", `{{join .Config.Env "\n"}}`, node).Output()
		for line := range strings.Lines(string(environment)) {
			if token, ok := strings.CutPrefix(strings.TrimSpace(line), "K3S_TOKEN="); ok {
				w.secrets.add("token of the nodes of "+id, token)
			}
		}

		keys, _ := exec.CommandContext(ctx, "docker", "exec", node, "sh", "-c",
			"cat /var/lib/rancher/k3s/server/tls/*ca.key /var/lib/rancher/k3s/server/tls/service*.key").Output()
		w.secrets.add("keys of the authorities of "+id, string(keys))
	}
}

// tellsNoSecret searches everything that was written.
func (w *workspace) tellsNoSecret() {
	hits, err := w.secrets.search(w.files()...)
	if err != nil {
		w.t.Error(err)
	}

	for _, hit := range hits {
		w.t.Errorf("a secret was written: %s", hit)
	}
}

func TestSearch_FindsWhatIsPlanted(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	password := "Zq83hTjwLmXvRr20PbNs"
	key := "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAbcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRST\n-----END EC PRIVATE KEY-----\n"
	looked := secrets{}
	looked.add("password", password)
	looked.add("key", key)
	looked.add("user", "artifacts")

	var archive bytes.Buffer

	packed := zip.NewWriter(&archive)
	entry, err := packed.Create("tfstate")
	must(t, err)
	_, err = fmt.Fprintf(entry, "{%q: %q}", "password", password)
	must(t, err)
	must(t, packed.Close())

	for name, text := range map[string]string{
		"plain: password":          "x=" + password + ";",
		"escaped: key":             fmt.Sprintf("%q", key),
		"encoded: password":        base64.StdEncoding.EncodeToString([]byte("password: " + password + "\n")),
		"encoded whole: key":       base64.StdEncoding.EncodeToString([]byte(key)),
		"plan/tfstate: password":   archive.String(),
		"nothing":                  `{"user": "artifacts", "password": "…"}`,
		"certificate, not the key": "-----BEGIN CERTIFICATE-----\nMIIBdjCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAj\n-----END CERTIFICATE-----\n",
	} {
		file, what, secret := strings.Cut(name, ": ")
		file, inside, _ := strings.Cut(file, "/")
		path := filepath.Join(dir, file)
		must(t, os.WriteFile(path, []byte(text), 0o600))

		hits, err := looked.search(path)
		must(t, err)

		var want []string
		if secret {
			want = []string{strings.TrimSuffix(file+"/"+inside, "/") + ": " + what}
		}

		if !slices.Equal(hits, want) {
			t.Errorf("%s: found %q, should be %q", name, hits, want)
		}
	}
}
