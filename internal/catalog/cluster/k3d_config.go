package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type k3dConfig struct {
	Servers    int64               `tfsdk:"servers"`
	Agents     int64               `tfsdk:"agents"`
	Image      string              `tfsdk:"image"`
	APIPort    int64               `tfsdk:"api_port"`
	Ports      []k3dPort           `tfsdk:"ports"`
	Registry   *k3dRegistry        `tfsdk:"registry"`
	K3sArgs    []string            `tfsdk:"k3s_args"`
	Registries map[string][]string `tfsdk:"registries"`
	Volumes    []string            `tfsdk:"volumes"`
	Wait       bool                `tfsdk:"wait"`
}

type k3dPort struct {
	Host     int64  `tfsdk:"host"`
	Node     int64  `tfsdk:"node"`
	Protocol string `tfsdk:"protocol"`
}

type k3dRegistry struct {
	HostPort int64 `tfsdk:"host_port"`
}

// spec is the configuration as the backend takes it.
func (c k3dConfig) spec(in flavor.Input) k3d.Spec {
	spec := k3d.Spec{
		Name: in.Name, Servers: int(c.Servers), Agents: int(c.Agents), Image: nodeImage(in, c.Image), Origin: origin(), APIPort: int(c.APIPort),
		K3sArgs: c.K3sArgs, Registries: mirrors(c.Registries), Volumes: c.Volumes, Wait: c.Wait, Labels: in.Labels,
	}

	for _, port := range c.Ports {
		spec.Ports = append(spec.Ports, k3d.Port{Host: int(port.Host), Node: int(port.Node), Protocol: port.Protocol})
	}

	if c.Registry != nil {
		spec.Registry = &k3d.Registry{HostPort: int(c.Registry.HostPort)}
	}

	return spec
}

// nodeImage is where the image of the nodes is pulled from.
func nodeImage(in flavor.Input, image string) string {
	return clustered.Mirrored(in, image, charts.K3sImage)
}

// origin tells the directory that this process works in from others. It is none where that cannot be told.
func origin() string {
	directory, err := os.Getwd()
	if err != nil {
		return ""
	}

	sum := sha256.Sum256([]byte(directory))

	return hex.EncodeToString(sum[:8])
}

// mirrors writes k3s' registries.yaml.
func mirrors(registries map[string][]string) string {
	if len(registries) == 0 {
		return ""
	}

	type mirror struct {
		Endpoint []string `yaml:"endpoint"`
	}

	file := map[string]map[string]mirror{"mirrors": {}}
	for host, endpoints := range registries {
		file["mirrors"][host] = mirror{Endpoint: endpoints}
	}

	text, err := yaml.Marshal(file)
	if err != nil {
		return "" // unreachable: texts in maps
	}

	return string(text)
}

// readMirrors reads what mirrors wrote.
func readMirrors(text string) map[string][]string {
	var file struct {
		Mirrors map[string]struct {
			Endpoint []string `yaml:"endpoint"`
		} `yaml:"mirrors"`
	}

	registries := map[string][]string{}
	if yaml.Unmarshal([]byte(text), &file) != nil {
		return registries // written by hand, in a form that the attribute cannot have
	}

	for host, mirror := range file.Mirrors {
		registries[host] = mirror.Endpoint
	}

	return registries
}

// observe writes what was found into the configuration. A port that was left to be picked stays so, and is told among the
// outputs.
func (c k3dConfig) observe(in flavor.Input, found k3d.Observed) k3dConfig {
	imported := c.Servers == 0
	if imported {
		c.Wait, c.Registries = true, readMirrors(found.Registries)
	}

	if found.Image == nodeImage(in, c.Image) {
		found.Image = c.Image
	}

	c.Servers, c.Agents, c.Image = int64(found.Servers), int64(found.Agents), found.Image
	c.K3sArgs, c.Volumes = append([]string{}, found.K3sArgs...), append([]string{}, found.Volumes...)

	if imported || c.APIPort != 0 {
		c.APIPort = int64(found.APIPort)
	}

	c.Ports = observePorts(c.Ports, found.Ports)

	switch {
	case found.Registry == nil:
		c.Registry = nil
	case c.Registry == nil || c.Registry.HostPort != 0:
		c.Registry = &k3dRegistry{HostPort: int64(found.Registry.HostPort)}
	}

	return c
}

// observePorts keeps the order of those that are there, and adds those that nobody asked for.
func observePorts(wanted []k3dPort, found []k3d.Port) []k3dPort {
	left := slices.Clone(found)
	there := make([]bool, len(wanted))

	for _, picked := range []bool{false, true} { // what was left to be picked takes what nobody has named
		for i, port := range wanted {
			at := slices.IndexFunc(left, func(p k3d.Port) bool {
				return int64(p.Node) == port.Node && p.Protocol == port.Protocol && (picked || int64(p.Host) == port.Host)
			})
			if at >= 0 && picked == (port.Host == 0) {
				there[i] = true
				left = slices.Delete(left, at, at+1)
			}
		}
	}

	ports := []k3dPort{}

	for i, port := range wanted {
		if there[i] {
			ports = append(ports, port)
		}
	}

	for _, port := range left {
		ports = append(ports, k3dPort{Host: int64(port.Host), Node: int64(port.Node), Protocol: port.Protocol})
	}

	return ports
}

func k3dResult(found k3d.Observed) flavor.Result {
	outputs := map[string]string{"running": strconv.FormatBool(found.Running), "host": found.Host, "api_port": strconv.Itoa(found.APIPort)}

	if found.RegistryHost != "" {
		outputs["registry"], outputs["registry_in_cluster"] = found.RegistryHost, found.RegistryCluster
	}

	for _, port := range found.Ports {
		name := fmt.Sprintf("port_%d", port.Node)
		if port.Protocol == "udp" {
			name += "_udp"
		}

		outputs[name] = strconv.Itoa(port.Host)
	}

	return flavor.Result{
		ID: found.Name, Name: found.Name, Incarnation: found.Incarnation, Version: found.Version, Outputs: outputs,
	}
}

// replacing says what k3d cannot change in a cluster that is there, and why.
var replacing = map[string]string{
	"servers":    "the number of servers decides how they keep their data",
	"image":      "the nodes are made of it",
	"api_port":   "it is part of the certificates and of the connection of every node",
	"registry":   "the nodes learn of it when they are made",
	"k3s_args":   "k3s reads them when a node is made",
	"registries": "the nodes read them when they are made",
	"volumes":    "containers get their mounts when they are made",
}

// k3dReplaced finds what of a change makes another cluster.
func k3dReplaced(before, after flavor.Values) []flavor.Problem {
	var reasons []flavor.Problem

	for _, name := range slices.Sorted(maps.Keys(replacing)) {
		if before[name] == nil && name != "registry" || same(before[name], after[name]) {
			continue
		}

		reasons = append(reasons, flavor.Problem{
			Path:    []string{name},
			Summary: "Cluster will be replaced",
			Detail: fmt.Sprintf("k3d.%s changes, and %s: the cluster is made anew, and with it everything that lives in it.\n\nKeep the former value to "+
				"keep the cluster.", name, replacing[name]),
		})
	}

	return reasons
}

// same compares two values of an attribute. A port that is left to be picked stays what it is.
func same(before, after any) bool {
	if after == int64(0) {
		return true
	}

	if was, ok := before.(map[string]any); ok {
		if is, ok := after.(map[string]any); ok && is["host_port"] == int64(0) {
			return was["host_port"] != zenml.Unknown{}
		}
	}

	return reflect.DeepEqual(before, after)
}
