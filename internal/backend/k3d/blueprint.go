package k3d

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/go-connections/nat"
	"github.com/k3d-io/k3d/v5/pkg/actions"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"sigs.k8s.io/yaml"
)

// blueprint is a Spec, with all ports chosen, in the library's words.
type blueprint struct {
	spec   Spec
	site   site
	labels map[string]string
	// registries is the registries.yaml of the nodes.
	registries string
}

func newBlueprint(spec Spec, at site) (*blueprint, error) {
	fixed, err := json.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("write down the cluster: %w", err)
	}

	b := &blueprint{spec: spec, site: at, labels: map[string]string{
		"app":                  "k3d",
		types.LabelClusterName: spec.Name,
		managedByLabel:         managedBy,
		incarnationLabel:       rand.Text(),
		specLabel:              string(fixed),
	}}
	for key, value := range spec.Labels {
		b.labels[userLabelPrefix+key] = value
	}

	b.registries, err = registriesFile(spec, at.host)

	return b, err
}

// cluster is what the library shall make in a network.
func (b *blueprint) cluster(networkID string, subnet netip.Prefix) *types.Cluster {
	name := b.spec.Name
	cluster := &types.Cluster{
		Name:        name,
		Token:       rand.Text(),
		Network:     types.ClusterNetwork{Name: networkName(name), ID: networkID, IPAM: types.IPAM{IPPrefix: subnet}},
		ImageVolume: volumeName(name),
		Volumes:     []string{volumeName(name)},
		KubeAPI:     &types.ExposureOpts{Host: b.site.host, PortMapping: nat.PortMapping{Port: "6443", Binding: b.apiBinding()}},
	}

	for i := range b.spec.Servers {
		node := b.node(types.ServerRole, i)
		if i == 0 && b.spec.Servers > 1 {
			node.ServerOpts.IsInit = true
			cluster.InitNode = node
		}

		cluster.Nodes = append(cluster.Nodes, node)
	}

	for i := range b.spec.Agents {
		cluster.Nodes = append(cluster.Nodes, b.node(types.AgentRole, i))
	}

	balancer := b.balancer(types.GetLoadbalancerImage(), nil)
	cluster.Nodes = append(cluster.Nodes, balancer)
	cluster.ServerLoadBalancer = &types.Loadbalancer{Node: balancer, Config: b.balancerConfig()}

	return cluster
}

// node is a server or an agent.
func (b *blueprint) node(role types.Role, number int) *types.Node {
	node := &types.Node{
		Name:    client.GenerateNodeName(b.spec.Name, role, number),
		Role:    role,
		Image:   b.spec.Image,
		Volumes: []string{volumeName(b.spec.Name) + ":" + types.DefaultImageVolumeMountPath},
		Restart: true,
	}

	for _, volume := range b.spec.Volumes {
		if _, filters := cutFilter(volume); filters == nil || selects(filters, role, number) {
			bind, _ := mount(volume) // Check has seen it
			node.Volumes = append(node.Volumes, bind)
		}
	}

	for _, arg := range b.spec.K3sArgs {
		text, filters := cutFilter(arg)
		if filters == nil && role == types.ServerRole || selects(filters, role, number) {
			node.Args = append(node.Args, text)
		}
	}

	return node
}

// hooks are what is done to every server and agent before it starts. The capacity is the length, since the library appends to
// the slice from several goroutines.
func (b *blueprint) hooks() []types.NodeHook {
	if b.registries == "" {
		return nil
	}

	return slices.Clip([]types.NodeHook{{Stage: types.LifecycleStagePreStart, Action: actions.WriteFileAction{
		Runtime: runtimes.Docker,
		Content: []byte(b.registries),
		Dest:    types.DefaultRegistriesFilePath,
		Mode:    0o644,
	}}})
}

func (b *blueprint) apiBinding() nat.PortBinding {
	return nat.PortBinding{HostIP: b.site.bind, HostPort: strconv.Itoa(b.spec.APIPort)}
}

// balancer is the container that publishes the API and the ports.
func (b *blueprint) balancer(image string, labels map[string]string) *types.Node {
	bindings := nat.PortMap{nat.Port(fmt.Sprintf("%d/tcp", apiNodePort)): {b.apiBinding()}}

	for _, port := range b.spec.Ports {
		at := nat.Port(key(port.Node, port.protocol()))
		bindings[at] = append(bindings[at], nat.PortBinding{HostPort: strconv.Itoa(port.Host)})
	}

	return &types.Node{
		Name:          balancerName(b.spec.Name),
		Role:          types.LoadBalancerRole,
		Image:         image,
		Ports:         bindings,
		Networks:      []string{networkName(b.spec.Name)},
		RuntimeLabels: labels,
		Restart:       true,
	}
}

// balancerConfig sends every port to the servers, where kube-proxy leads it on. Agents are left out because they come and go,
// and nginx does not start when one of its servers has no address.
func (b *blueprint) balancerConfig() *types.LoadbalancerConfig {
	var servers []string
	for i := range b.spec.Servers {
		servers = append(servers, client.GenerateNodeName(b.spec.Name, types.ServerRole, i))
	}

	config := &types.LoadbalancerConfig{Ports: map[string][]string{fmt.Sprintf("%d.tcp", apiNodePort): servers}}
	for _, port := range b.spec.Ports {
		config.Ports[fmt.Sprintf("%d.%s", port.Node, port.protocol())] = servers
	}

	config.Settings.WorkerConnections = types.DefaultLoadbalancerWorkerConnections + len(config.Ports)*len(servers)

	return config
}

func (b *blueprint) balancerHooks() ([]types.NodeHook, error) {
	text, err := yaml.Marshal(b.balancerConfig())
	if err != nil {
		return nil, fmt.Errorf("write the load balancer's configuration: %w", err)
	}

	return []types.NodeHook{{Stage: types.LifecycleStagePreStart, Action: actions.WriteFileAction{
		Runtime: runtimes.Docker,
		Content: text,
		Dest:    types.DefaultLoadbalancerConfigPath,
		Mode:    0o744,
	}}}, nil
}

// registry is the container of the image registry.
func (b *blueprint) registry() *types.Node {
	port := strconv.Itoa(b.spec.Registry.HostPort)
	at := nat.Port(fmt.Sprintf("%d/tcp", registryPort))

	node := &types.Node{
		Name:          registryName(b.spec.Name),
		Role:          types.RegistryRole,
		Image:         registryImage(),
		Ports:         nat.PortMap{at: {{HostIP: b.site.bind, HostPort: port}}},
		Networks:      []string{networkName(b.spec.Name)},
		RuntimeLabels: maps.Clone(b.labels),
		Restart:       true,
	}
	maps.Copy(node.RuntimeLabels, map[string]string{
		types.LabelRegistryHost:         b.site.host,
		types.LabelRegistryHostIP:       b.site.bind,
		types.LabelRegistryPortExternal: port,
		types.LabelRegistryPortInternal: at.Port(),
	})

	return node
}

func registryImage() string {
	return types.DefaultRegistryImageRepo + ":" + types.DefaultRegistryImageTag
}

// checkVolumes finds paths that are not there, where this machine can tell: the engine would make empty directories of them.
func (b *blueprint) checkVolumes() error {
	if !b.site.local {
		return nil
	}

	for _, volume := range b.spec.Volumes {
		bind, err := mount(volume)
		if err != nil {
			return err
		}

		source, _, _ := strings.Cut(bind, ":")
		if !strings.ContainsAny(source, `/\`) || len(source) == 1 && source != "/" {
			continue // a named volume, or the drive of a path on Windows
		}

		if _, err := os.Stat(source); err != nil {
			return fmt.Errorf("volume %q: %w", volume, err)
		}
	}

	return nil
}
