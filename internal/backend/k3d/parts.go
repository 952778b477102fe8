package k3d

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// completeFile is written into the first server when everything is made. Labels cannot say it: they are given to a container
// when it is created, and never again.
const completeFile = "/etc/mlstacks-complete"

// parts are the objects of one cluster that the engine has.
type parts struct {
	name       string
	containers []container.InspectResponse
	// shared are registries that somebody else made with the cluster and connected to others.
	shared   []container.InspectResponse
	volumes  []string
	networks []network.Summary
	complete bool
}

// find collects what there is of a cluster, whoever made it.
func (e *engine) find(ctx context.Context, name string) (*parts, error) {
	p := &parts{name: name}
	ofCluster := filters.NewArgs(filters.Arg("label", types.LabelClusterName+"="+name))

	list, err := e.ContainerList(ctx, container.ListOptions{All: true, Filters: ofCluster})
	if err != nil {
		return nil, fmt.Errorf("list containers of k3d cluster %q: %w", name, e.fault(err))
	}

	for _, c := range list {
		details, err := e.ContainerInspect(ctx, c.ID)
		if errdefs.IsNotFound(err) {
			continue
		}

		if err != nil {
			return nil, fmt.Errorf("inspect container %s: %w", c.ID, e.fault(err))
		}

		if len(otherNetworks(details, name)) > 0 {
			p.shared = append(p.shared, details)
		} else {
			p.containers = append(p.containers, details)
		}
	}

	volumes, err := e.VolumeList(ctx, volume.ListOptions{Filters: ofCluster})
	if err != nil {
		return nil, fmt.Errorf("list volumes of k3d cluster %q: %w", name, e.fault(err))
	}

	for _, v := range volumes.Volumes {
		p.volumes = append(p.volumes, v.Name)
	}

	if p.networks, err = e.findNetworks(ctx, p); err != nil {
		return nil, err
	}

	return p, e.askComplete(ctx, p)
}

// findNetworks adds the network that the k3d program made for a cluster: it has no label but k3d's own.
func (e *engine) findNetworks(ctx context.Context, p *parts) ([]network.Summary, error) {
	list, err := e.NetworkList(ctx, network.ListOptions{
		Filters: filters.NewArgs(filters.Arg("label", "app=k3d")),
	})
	if err != nil {
		return nil, fmt.Errorf("list networks of k3d cluster %q: %w", p.name, e.fault(err))
	}

	theirs := ""
	if server := p.server(); server != nil && server.Config.Labels[types.LabelNetworkExternal] == "false" {
		theirs = server.Config.Labels[types.LabelNetwork]
	}

	var found []network.Summary

	for _, n := range list {
		if n.Labels[types.LabelClusterName] == p.name || theirs != "" && n.Name == theirs {
			found = append(found, n)
		}
	}

	return found, nil
}

func (e *engine) askComplete(ctx context.Context, p *parts) error {
	server := p.server()
	if server == nil {
		return nil
	}

	if !p.ours() {
		p.complete = true // as far as we can tell

		return nil
	}

	_, err := e.ContainerStatPath(ctx, server.ID, completeFile)
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("look for %s in %s: %w", completeFile, server.Name, e.fault(err))
	}

	p.complete = err == nil

	return nil
}

func (p *parts) none() bool { return len(p.containers)+len(p.volumes)+len(p.networks) == 0 }

// ours says that nothing there was made by somebody else.
func (p *parts) ours() bool {
	for _, c := range p.containers {
		if c.Config.Labels[managedByLabel] != managedBy && c.Config.Labels[types.LabelRole] != string(types.NoRole) {
			return false // but for the library's short-lived tools container, which has no labels of ours
		}
	}

	return true
}

// role returns the containers of that role. Those that were created and never started are what an interrupted change has left:
// they do not count.
func (p *parts) role(role types.Role) []*container.InspectResponse {
	var found []*container.InspectResponse

	for i, c := range p.containers {
		if c.Config.Labels[types.LabelRole] == string(role) && (!p.complete || !unborn(c)) {
			found = append(found, &p.containers[i])
		}
	}

	return found
}

func unborn(c container.InspectResponse) bool { return c.State.Status == container.StateCreated }

// server returns the first server, which every cluster keeps from its making to its end.
func (p *parts) server() *container.InspectResponse {
	first := client.GenerateNodeName(p.name, types.ServerRole, 0)

	for i, c := range p.containers {
		if strings.TrimPrefix(c.Name, "/") == first {
			return &p.containers[i]
		}
	}

	return nil
}

func (p *parts) balancer() *container.InspectResponse {
	for _, c := range p.role(types.LoadBalancerRole) {
		if strings.TrimPrefix(c.Name, "/") == balancerName(p.name) {
			return c
		}
	}

	return nil
}

// publisher is the load balancer, or the one that an interrupted change has put aside and that still knows the ports.
func (p *parts) publisher() *container.InspectResponse {
	if balancer := p.balancer(); balancer != nil {
		return balancer
	}

	for _, c := range p.role(types.LoadBalancerRole) {
		return c
	}

	return nil
}

func (p *parts) running() bool {
	if p.server() == nil {
		return false
	}

	if p.server().Config.Labels[types.LabelServerLoadBalancer] != "" && p.balancer() == nil {
		return false
	}

	for _, role := range []types.Role{types.ServerRole, types.AgentRole, types.LoadBalancerRole, types.RegistryRole} {
		for _, c := range p.role(role) {
			if !c.State.Running || c.State.Paused {
				return false
			}
		}
	}

	return true
}

// missing is what every operation but Create says about a cluster that the engine does not know.
func missing(name string) error {
	return fmt.Errorf("find k3d cluster %q: it %w", name, backend.ErrNotFound)
}

var errIncomplete = errors.New("it was never completed, or is half removed: remove it and create it again")
