package k3d

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/k3d-io/k3d/v5/pkg/types"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// kubeconfigFile is where k3s writes the administrator's kubeconfig in a server.
const kubeconfigFile = "/output/kubeconfig.yaml"

// RESTConfig returns what a client of the cluster's API needs. It is backend.ErrStopped when the cluster does not run.
func RESTConfig(ctx context.Context, name string) (*rest.Config, error) {
	kubeconfig, err := Kubeconfig(ctx, name)
	if err != nil {
		return nil, err
	}

	config, err := clientcmd.RESTConfigFromKubeConfig(kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig of k3d cluster %q: %w", name, err)
	}

	return config, nil
}

// Kubeconfig returns the administrator's kubeconfig, which is a secret, with the context k3d-<name>.
func Kubeconfig(ctx context.Context, name string) ([]byte, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("get the kubeconfig of k3d cluster %q: %w", name, err)
	}

	defer func() { _ = e.Close() }()

	p, err := e.find(ctx, name)
	if err == nil && p.none() {
		return nil, missing(name)
	}

	if err == nil && (p.server() == nil || !p.server().State.Running) {
		err = fmt.Errorf("it %w", backend.ErrStopped)
	}

	var kubeconfig *api.Config
	if err == nil {
		kubeconfig, err = e.kubeconfig(ctx, p)
	}

	if err != nil {
		return nil, fmt.Errorf("get the kubeconfig of k3d cluster %q: %w", name, err)
	}

	return clientcmd.Write(*kubeconfig)
}

// kubeconfig reads what k3s has written and lets it name the cluster and the address on this machine.
func (e *engine) kubeconfig(ctx context.Context, p *parts) (*api.Config, error) {
	archive, _, err := e.CopyFromContainer(ctx, p.server().ID, kubeconfigFile)
	if err != nil {
		return nil, fmt.Errorf("copy it from %s: %w", p.server().Name, e.fault(err))
	}

	defer func() { _ = archive.Close() }()

	reader := tar.NewReader(archive)
	if _, err := reader.Next(); err != nil {
		return nil, fmt.Errorf("copy it from %s: %w", p.server().Name, err)
	}

	text, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("copy it from %s: %w", p.server().Name, err)
	}

	config, err := clientcmd.Load(text)
	if err != nil || config.Clusters["default"] == nil || config.AuthInfos["default"] == nil {
		return nil, errors.New("what k3s has written is no kubeconfig") // the cause might show a part of it
	}

	seen := e.observe(p)
	cluster, user, name := config.Clusters["default"], config.AuthInfos["default"], types.DefaultObjectNamePrefix+"-"+p.name
	cluster.Server = "https://" + net.JoinHostPort(seen.Host, strconv.Itoa(seen.APIPort))

	return &api.Config{
		Clusters:       map[string]*api.Cluster{name: cluster},
		AuthInfos:      map[string]*api.AuthInfo{"admin@" + name: user},
		Contexts:       map[string]*api.Context{name: {Cluster: name, AuthInfo: "admin@" + name}},
		CurrentContext: name,
	}, nil
}

// kube returns a client whose calls take at most that long.
func (e *engine) kube(ctx context.Context, p *parts, timeout time.Duration) (*kubernetes.Clientset, error) {
	kubeconfig, err := e.kubeconfig(ctx, p)
	if err != nil {
		return nil, err
	}

	config, err := clientcmd.NewDefaultClientConfig(*kubeconfig, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}

	config.Timeout = timeout

	return kubernetes.NewForConfig(config)
}

// identity returns the incarnation and the version of a cluster that runs.
func identity(ctx context.Context, kube kubernetes.Interface) (incarnation, version string, err error) {
	system, err := kube.CoreV1().Namespaces().Get(ctx, meta.NamespaceSystem, meta.GetOptions{})
	if err != nil {
		return "", "", err
	}

	info, err := kube.Discovery().ServerVersion()
	if err != nil {
		return "", "", err
	}

	return string(system.UID), info.GitVersion, nil
}

// answers waits until the API does.
func (e *engine) answers(ctx context.Context, name string) error {
	_, err := e.untilAnswers(ctx, name)

	return err
}

func (e *engine) untilAnswers(ctx context.Context, name string) (*kubernetes.Clientset, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	for {
		p, err := e.find(ctx, name)
		if err != nil {
			return nil, err
		}

		if p.server() == nil {
			return nil, missing(name)
		}

		kube, err := e.kube(ctx, p, 5*time.Second)
		if err == nil {
			if _, _, err = identity(ctx, kube); err == nil {
				return kube, nil
			}
		}

		if !sleep(ctx, 100*time.Millisecond) {
			return nil, fmt.Errorf("wait for the Kubernetes API: %w", err)
		}
	}
}

// settle waits for the API and, if so wished, for the nodes, and tells tools in the cluster where the registry is.
func (e *engine) settle(ctx context.Context, b *blueprint) error {
	kube, err := e.untilAnswers(ctx, b.spec.Name)
	if err != nil {
		return err
	}

	if b.spec.Registry != nil {
		// A convention of local clusters that some tools know; nothing of ours depends on it.
		_, _ = kube.CoreV1().ConfigMaps("kube-public").Create(ctx, registryHint(b), meta.CreateOptions{})
	}

	if !b.spec.Wait {
		return nil
	}

	return nodesReady(ctx, kube, b.spec.Servers+b.spec.Agents)
}

func registryHint(b *blueprint) *core.ConfigMap {
	inside := fmt.Sprintf("%s:%d", registryName(b.spec.Name), registryPort)

	return &core.ConfigMap{
		ObjectMeta: meta.ObjectMeta{Name: "local-registry-hosting"},
		Data: map[string]string{"localRegistryHosting.v1": fmt.Sprintf(
			"host: %q\nhostFromContainerRuntime: %q\nhostFromClusterNetwork: %q\n",
			registryHost(b.site, b.spec.Registry.HostPort), inside, inside)},
	}
}

// nodesReady waits until that many nodes are ready, or all of them if there are more.
func nodesReady(ctx context.Context, kube kubernetes.Interface, want int) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()

	for {
		ready := 0

		nodes, err := kube.CoreV1().Nodes().List(ctx, meta.ListOptions{})
		if err == nil {
			for _, node := range nodes.Items {
				if isReady(node) {
					ready++
				}
			}

			if ready >= want && ready == len(nodes.Items) {
				return nil
			}

			err = fmt.Errorf("%d of %d are ready", ready, max(want, len(nodes.Items)))
		}

		if !sleep(ctx, 100*time.Millisecond) {
			return fmt.Errorf("wait for the nodes: %w", err)
		}
	}
}

func isReady(node core.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == core.NodeReady {
			return condition.Status == core.ConditionTrue
		}
	}

	return false
}
