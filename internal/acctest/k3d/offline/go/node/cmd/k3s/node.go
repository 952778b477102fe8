package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	podCIDR     = "10.42.0.0/16"
	serviceCIDR = "10.43.0.0/16"
	clusterDNS  = "10.43.0.10"

	logDir          = "/var/log/k3s"
	adminKubeconfig = "/etc/rancher/k3s/k3s.yaml"
)

// node is one running "k3s server" or "k3s agent".
type node struct {
	name, ip, token string
	api             string // URL of the API server
	tlsSANs         []string
	labels, taints  []string
	disabled        []string
	componentArgs   map[string]*[]string // component name -> its extra "flag=value" arguments

	ca         *authority
	client     *kubernetes.Clientset
	components *errgroup.Group
	applied    map[string][sha256.Size]byte // manifest file -> what of it is in the cluster
	routes     map[string]string            // pod network of another node -> that node's address
}

// parseNode reads what k3d passes in flags and environment. Flags of k3s that mean
// nothing here are accepted and ignored.
func parseNode(role string, args []string) (*node, error) {
	n := &node{
		componentArgs: map[string]*[]string{},
		applied:       map[string][sha256.Size]byte{},
		routes:        map[string]string{},
	}
	flags := pflag.NewFlagSet("k3s", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.StringVarP(&n.token, "token", "t", os.Getenv("K3S_TOKEN"), "")
	flags.StringVarP(&n.api, "server", "s", os.Getenv("K3S_URL"), "")
	flags.StringVar(&n.name, "node-name", os.Getenv("K3S_NODE_NAME"), "")
	flags.StringSliceVar(&n.tlsSANs, "tls-san", nil, "")
	flags.StringSliceVar(&n.labels, "node-label", nil, "")
	flags.StringSliceVar(&n.taints, "node-taint", nil, "")
	flags.StringSliceVar(&n.disabled, "disable", nil, "")
	for component, flag := range map[string]string{
		"kube-apiserver":          "kube-apiserver-arg",
		"kube-controller-manager": "kube-controller-manager-arg",
		"kube-scheduler":          "kube-scheduler-arg",
		"kube-proxy":              "kube-proxy-arg",
		"kubelet":                 "kubelet-arg",
	} {
		n.componentArgs[component] = flags.StringArray(flag, nil, "")
	}
	if err := flags.Parse(args); err != nil {
		return nil, err
	}

	switch {
	case n.token == "":
		return nil, errors.New("no cluster token: set K3S_TOKEN")
	case role == "server" && n.api != "":
		return nil, errors.New("only one server is supported")
	case role == "agent" && n.api == "":
		return nil, errors.New("an agent needs K3S_URL")
	case role == "server":
		n.api = "https://127.0.0.1:6443"
	}
	hostname, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	n.name = cmp.Or(n.name, hostname)
	// No packet is sent: this only asks which address the default route uses.
	conn, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	n.ip = conn.LocalAddr().(*net.UDPAddr).IP.String()
	return n, nil
}

// runNode runs until ctx is done or any component exits.
func runNode(ctx context.Context, role string, args []string) error {
	n, err := parseNode(role, args)
	if err != nil {
		return err
	}
	if n.ca, err = newAuthority(n.token, "ca"); err != nil {
		return err
	}
	for _, dir := range []string{logDir, filepath.Dir(adminKubeconfig), "/var/lib/kubelet", "/etc/cni/net.d", manifestDir} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	admin := pkix.Name{CommonName: "system:admin", Organization: []string{"system:masters"}}
	if err := n.ca.kubeconfig(adminKubeconfig, n.api, admin); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", adminKubeconfig)
	if err != nil {
		return err
	}
	if n.client, err = kubernetes.NewForConfig(config); err != nil {
		return err
	}

	var running context.Context
	n.components, running = errgroup.WithContext(ctx)
	n.components.Go(func() error {
		if err := n.start(running, role); err != nil {
			return err
		}
		n.reconcile(running, role)
		return nil
	})
	err = n.components.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// start brings the node up in k3s' order and says so in k3s' words, which k3d waits for.
func (n *node) start(ctx context.Context, role string) error {
	if err := configureRegistries(); err != nil {
		return err
	}
	if err := n.run(ctx, "containerd"); err != nil {
		return err
	}
	imported := make(chan error, 1)
	go func() { imported <- n.importImages(ctx) }()
	if role == "server" {
		if err := n.startControlPlane(ctx); err != nil {
			return err
		}
	}
	if err := n.poll(ctx, "API server", n.apiReady); err != nil {
		return err
	}
	if role == "server" {
		if err := n.startControllers(ctx); err != nil {
			return err
		}
		if err := n.writeManifests(); err != nil {
			return err
		}
	}
	if err := <-imported; err != nil {
		return err
	}
	log.Print("Containerd is now running")
	if err := n.startKubelet(ctx); err != nil {
		return err
	}
	if err := n.poll(ctx, "node", n.setUpNetwork); err != nil {
		return err
	}
	if role == "agent" {
		log.Printf("Successfully registered node %s", n.name)
		return nil
	}
	if err := n.labelControlPlane(ctx); err != nil {
		return err
	}
	log.Print("Cluster dns configmap has been set successfully")
	log.Print("k3s is up and running")
	return nil
}

// run starts a component; the node stops when one exits.
func (n *node) run(ctx context.Context, name string, args ...string) error {
	output, err := os.Create(filepath.Join(logDir, name+".log"))
	if err != nil {
		return err
	}
	defer output.Close()
	if extra := n.componentArgs[name]; extra != nil {
		for _, arg := range *extra {
			args = append(args, "--"+arg)
		}
	}
	command := exec.CommandContext(ctx, name, args...)
	command.Stdout, command.Stderr = output, output
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 3 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	log.Printf("Running %s", name)
	n.components.Go(func() error {
		err := command.Wait()
		if ctx.Err() == nil {
			log.Printf("%s exited (%v); the end of %s:\n%s", name, err, output.Name(), tail(output.Name()))
		}
		return fmt.Errorf("%s exited: %v", name, err)
	})
	return nil
}

// tail returns the last lines of a log.
func tail(path string) []byte {
	const size = 4096
	data, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	return data[max(0, len(data)-size):]
}

func (n *node) startControlPlane(ctx context.Context) error {
	frontProxy, err := newAuthority(n.token, "front-proxy-ca")
	if err != nil {
		return err
	}
	if err := frontProxy.issue("front-proxy", pkix.Name{CommonName: "front-proxy-client"}); err != nil {
		return err
	}
	// Derived like the CA, so that tokens stay valid when the node restarts.
	serviceAccount, err := deriveKey(n.token, "service-account")
	if err != nil {
		return err
	}
	if err := writeKey("service-account", serviceAccount); err != nil {
		return err
	}
	hosts := append([]string{
		"127.0.0.1", "0.0.0.0", "10.43.0.1", n.ip, "localhost", n.name,
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
	}, n.tlsSANs...)
	if err := n.ca.issue("kube-apiserver", pkix.Name{CommonName: "kube-apiserver"}, hosts...); err != nil {
		return err
	}
	kubeletClient := pkix.Name{CommonName: "kube-apiserver-kubelet-client", Organization: []string{"system:masters"}}
	if err := n.ca.issue("kubelet-client", kubeletClient); err != nil {
		return err
	}
	if output := os.Getenv("K3S_KUBECONFIG_OUTPUT"); output != "" {
		data, err := os.ReadFile(adminKubeconfig)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(output, data, 0o600); err != nil {
			return err
		}
	}

	if err := n.run(ctx, "etcd",
		"--data-dir=/var/lib/rancher/k3s/server/db",
		"--listen-client-urls=http://127.0.0.1:2379",
		"--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls=http://127.0.0.1:2380",
		"--unsafe-no-fsync", // a test cluster survives a stop, not a power cut
	); err != nil {
		return err
	}
	return n.run(ctx, "kube-apiserver",
		"--etcd-servers=http://127.0.0.1:2379",
		"--advertise-address="+n.ip,
		"--secure-port=6443",
		"--service-cluster-ip-range="+serviceCIDR,
		"--allow-privileged",
		"--authorization-mode=Node,RBAC",
		"--client-ca-file="+crt("ca"),
		"--tls-cert-file="+crt("kube-apiserver"),
		"--tls-private-key-file="+key("kube-apiserver"),
		"--kubelet-client-certificate="+crt("kubelet-client"),
		"--kubelet-client-key="+key("kubelet-client"),
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file="+key("service-account"),
		"--service-account-signing-key-file="+key("service-account"),
		"--requestheader-client-ca-file="+crt("front-proxy-ca"),
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file="+crt("front-proxy"),
		"--proxy-client-key-file="+key("front-proxy"),
	)
}

func (n *node) startControllers(ctx context.Context) error {
	manager, err := n.componentKubeconfig("controller-manager", pkix.Name{CommonName: "system:kube-controller-manager"})
	if err != nil {
		return err
	}
	scheduler, err := n.componentKubeconfig("scheduler", pkix.Name{CommonName: "system:kube-scheduler"})
	if err != nil {
		return err
	}
	if err := n.run(ctx, "kube-controller-manager",
		"--kubeconfig="+manager,
		"--authentication-kubeconfig="+manager,
		"--authorization-kubeconfig="+manager,
		"--allocate-node-cidrs",
		"--cluster-cidr="+podCIDR,
		"--service-cluster-ip-range="+serviceCIDR,
		"--use-service-account-credentials",
		"--service-account-private-key-file="+key("service-account"),
		"--root-ca-file="+crt("ca"),
		"--cluster-signing-cert-file="+crt("ca"),
		"--cluster-signing-key-file="+key("ca"),
		"--leader-elect=false",
	); err != nil {
		return err
	}
	return n.run(ctx, "kube-scheduler",
		"--kubeconfig="+scheduler,
		"--authentication-kubeconfig="+scheduler,
		"--authorization-kubeconfig="+scheduler,
		"--leader-elect=false",
	)
}

func (n *node) startKubelet(ctx context.Context) error {
	kubelet, err := n.componentKubeconfig("kubelet",
		pkix.Name{CommonName: "system:node:" + n.name, Organization: []string{"system:nodes"}})
	if err != nil {
		return err
	}
	proxy, err := n.componentKubeconfig("kube-proxy", pkix.Name{CommonName: "system:kube-proxy"})
	if err != nil {
		return err
	}
	// Nothing can be running yet, so addresses still reserved for pods are stale.
	if err := os.RemoveAll("/var/lib/cni/networks"); err != nil {
		return err
	}
	const config = "/var/lib/kubelet/config.yaml"
	if err := os.WriteFile(config, []byte(fmt.Sprintf(kubeletConfig, crt("ca"), clusterDNS)), 0o600); err != nil {
		return err
	}
	args := []string{
		"--config=" + config,
		"--kubeconfig=" + kubelet,
		"--hostname-override=" + n.name,
		"--node-ip=" + n.ip,
		"--node-labels=" + strings.Join(n.labels, ","),
	}
	if len(n.taints) > 0 {
		args = append(args, "--register-with-taints="+strings.Join(n.taints, ","))
	}
	if err := n.run(ctx, "kubelet", args...); err != nil {
		return err
	}
	return n.run(ctx, "kube-proxy",
		"--kubeconfig="+proxy,
		"--hostname-override="+n.name,
		"--cluster-cidr="+podCIDR,
		// A container may not change the host's connection tracking limits.
		"--conntrack-max-per-core=0",
		"--conntrack-tcp-timeout-established=0",
		"--conntrack-tcp-timeout-close-wait=0",
	)
}

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: %s}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
clusterDNS: [%s]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
resolvConf: /etc/resolv.conf
serializeImagePulls: false
syncFrequency: 5s # how late a pod sees changes of its ConfigMaps; the default is a minute
# Let it run in a container: on cgroup v1, with swap, without every capability.
failCgroupV1: false
failSwapOn: false
featureGates: {KubeletInUserNamespace: true}
# The disk is the host's and shared: never evict or collect images because of it.
evictionHard: {imagefs.available: "0%%", nodefs.available: "0%%", nodefs.inodesFree: "0%%"}
imageGCHighThresholdPercent: 100
`

func (n *node) componentKubeconfig(name string, subject pkix.Name) (string, error) {
	path := filepath.Join(filepath.Dir(adminKubeconfig), name+".kubeconfig")
	return path, n.ca.kubeconfig(path, n.api, subject)
}

// reconcile keeps up what k3s' own controllers would, until ctx is done.
func (n *node) reconcile(ctx context.Context, role string) {
	for ctx.Err() == nil {
		if err := n.updateRoutes(ctx); err != nil {
			log.Printf("Routes: %v", err)
		}
		if err := n.reconcileStorage(ctx); err != nil {
			log.Printf("Storage: %v", err)
		}
		if role == "server" {
			n.applyManifests(ctx)
			if err := n.updateLoadBalancers(ctx); err != nil {
				log.Printf("Load balancers: %v", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// importImages waits for containerd and gives it the images shipped with the node
// and those that a user mounted where k3s looks for them.
func (n *node) importImages(ctx context.Context) error {
	ready := func(ctx context.Context) error { return exec.CommandContext(ctx, "ctr", "version").Run() }
	if err := n.poll(ctx, "containerd", ready); err != nil {
		return err
	}
	for _, pattern := range []string{"/usr/share/k3s/images/*.tar", "/var/lib/rancher/k3s/agent/images/*.tar"} {
		archives, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, archive := range archives {
			if output, err := exec.CommandContext(ctx, "ctr", "images", "import", archive).CombinedOutput(); err != nil {
				return fmt.Errorf("import %s: %w: %s", archive, err, output)
			}
		}
	}
	return nil
}

func (n *node) apiReady(ctx context.Context) error {
	return n.client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

func (n *node) isDisabled(addon string) bool { return slices.Contains(n.disabled, addon) }

// poll calls ready until it succeeds.
func (n *node) poll(ctx context.Context, what string, ready func(context.Context) error) error {
	for started := time.Now(); ; {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		if time.Since(started) > 30*time.Second {
			log.Printf("Waiting for the %s: %v", what, err)
			started = time.Now()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
