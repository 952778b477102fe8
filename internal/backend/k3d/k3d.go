// Package k3d makes, changes and removes local Kubernetes clusters with the k3d library, in this process and without the
// k3d program. It never reads or writes the user's kubeconfig.
package k3d

// Spec is what a cluster shall be.
type Spec struct {
	// Name is that of the cluster; CheckName says which ones are possible.
	Name string `json:"-"`
	// Servers and Agents are the numbers of nodes. Servers stay as they are; agents come and go.
	Servers int `json:"-"`
	Agents  int `json:"-"`
	// Image is the node image.
	Image string `json:"-"`
	// APIPort is the port of the Kubernetes API on this machine; 0 picks a free one and keeps it.
	APIPort int `json:"-"`
	// Ports are those of this machine that lead to ports of the nodes.
	Ports []Port `json:"-"`
	// Registry is the image registry beside the cluster; nil for none.
	Registry *Registry `json:"-"`
	// K3sArgs are flags of k3s, as k3d's --k3s-arg has them: "--disable=traefik@server:*". Without the part behind the @ they
	// are for the servers.
	K3sArgs []string `json:"k3s_args,omitempty"`
	// Registries is the text of a registries.yaml with mirrors, without credentials.
	Registries string `json:"registries,omitempty"`
	// Volumes are mounts, as k3d's --volume has them: "/data:/data@agent:0". Without the part behind the @ they are for every
	// node.
	Volumes []string `json:"volumes,omitempty"`
	// Origin tells from where the cluster was made, so that a making whose outcome was never recorded is known again.
	Origin string `json:"origin,omitempty"`
	// Wait makes Create and Update return when every node is ready, not as soon as the API answers.
	Wait bool `json:"wait,omitempty"`
	// Labels are the user's own.
	Labels map[string]string `json:"labels,omitempty"`
}

// Port is a port of this machine that leads to a port of the nodes.
type Port struct {
	// Host is the port on this machine; 0 picks a free one and keeps it.
	Host int
	// Node is the port on the nodes: that of a NodePort service, or 80 and 443 for ingress.
	Node int
	// Protocol is tcp, which is the default, or udp.
	Protocol string
}

// Registry is an image registry that lives and dies with its cluster.
type Registry struct {
	// HostPort is its port on this machine; 0 picks a free one and keeps it.
	HostPort int
}

// Observed is what a cluster is.
type Observed struct {
	// Spec holds what containers and labels tell, with the ports that were chosen.
	Spec
	// Ours says that this provider made the cluster.
	Ours bool
	// Complete is false when the making or the removal of the cluster was interrupted: Create makes it anew, Delete removes
	// what is left.
	Complete bool
	// Running says that every container of the cluster runs.
	Running bool
	// Incarnation is the UID of the namespace kube-system, and Version that of Kubernetes. Both are empty when the cluster is
	// stopped or does not answer.
	Incarnation, Version string
	// Problem says why a running cluster has no Incarnation.
	Problem string
	// Host is where this machine reaches the API and the ports.
	Host string
	// RegistryHost is the registry's address on this machine, which images in pods may use as well, and RegistryCluster its
	// address among the nodes. Both are empty without a registry.
	RegistryHost, RegistryCluster string
}

// Labels of containers, volumes and networks.
const (
	managedByLabel   = "app.kubernetes.io/managed-by"
	managedBy        = "mlstacks"
	incarnationLabel = "mlstacks.io/incarnation"
	specLabel        = "mlstacks.io/spec"
	userLabelPrefix  = "mlstacks.io/label."
)

// apiNodePort is where k3s serves the Kubernetes API in every server node, and registryPort where a registry listens.
const (
	apiNodePort  = 6443
	registryPort = 5000
)

func networkName(name string) string  { return "k3d-" + name }
func volumeName(name string) string   { return "k3d-" + name + "-images" }
func balancerName(name string) string { return "k3d-" + name + "-serverlb" }
func registryName(name string) string { return "k3d-" + name + "-registry" }
