package k3d

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

// balancerTimeout is how long a load balancer may take to start.
const balancerTimeout = time.Minute

// rebalance gives a cluster a load balancer that publishes the API and the ports of spec. A published port cannot be changed,
// so it is a new container, and the old one, stopped and renamed, is started again when that fails. The library's own way
// cannot take ports away and drops the labels that are not k3d's.
func (e *engine) rebalance(ctx context.Context, p *parts, spec Spec) error {
	server := p.server()
	if server.Config.Labels[types.LabelServerLoadBalancer] == "" {
		return errors.New("it was made without a load balancer, so its ports cannot be changed")
	}

	b := &blueprint{spec: spec, site: e.site()}
	image := types.GetLoadbalancerImage()

	old := p.balancer()
	if old != nil {
		image = old.Config.Image
		b.site.bind = boundTo(old, b.site.bind)
	} else if err := e.pull(ctx, image); err != nil {
		return err
	}

	labels := balancerLabels(server)
	labels[managedByLabel] = managedBy

	node := b.balancer(image, labels)
	node.Networks = []string{server.Config.Labels[types.LabelNetwork]}

	hooks, err := b.balancerHooks()
	if err != nil {
		return err
	}

	if old != nil {
		if err := e.ContainerRename(ctx, old.ID, balancerName(p.name)+"-old"); err != nil {
			return fmt.Errorf("rename the load balancer: %w", err)
		}
	}

	if err = e.swap(ctx, node, hooks, old); err != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), balancerTimeout)
		defer cancel()

		return errors.Join(fmt.Errorf("start the load balancer: %w", err), e.swapBack(late, p.name, old))
	}

	if old == nil {
		return nil
	}

	return e.removeContainer(ctx, *old)
}

func (e *engine) swap(ctx context.Context, node *types.Node, hooks []types.NodeHook, old *container.InspectResponse) error {
	ctx, cancel := context.WithTimeout(ctx, balancerTimeout)
	defer cancel()

	if err := guard(func() error {
		return client.NodeCreate(ctx, runtimes.Docker, node, types.NodeCreateOpts{})
	}); err != nil {
		return err
	}

	if old != nil {
		if err := e.ContainerStop(ctx, old.ID, container.StopOptions{}); err != nil {
			return fmt.Errorf("stop the old one: %w", err)
		}
	}

	return guard(func() error {
		return client.NodeStart(ctx, runtimes.Docker, node, &types.NodeStartOpts{Wait: true, NodeHooks: hooks})
	})
}

func (e *engine) swapBack(ctx context.Context, name string, old *container.InspectResponse) error {
	if old == nil {
		return nil
	}

	remove := container.RemoveOptions{Force: true, RemoveVolumes: true}
	_ = e.ContainerRemove(ctx, balancerName(name), remove) // it may not exist

	if err := e.ContainerRename(ctx, old.ID, balancerName(name)); err != nil {
		return fmt.Errorf("bring the old load balancer back: %w", err)
	}

	if err := e.ContainerStart(ctx, old.ID, container.StartOptions{}); err != nil {
		return fmt.Errorf("bring the old load balancer back: %w", err)
	}

	return nil
}

// sweep removes what interrupted changes have left: containers that never started, and load balancers under another name.
func (e *engine) sweep(ctx context.Context, p *parts) error {
	var kept []container.InspectResponse

	for _, c := range p.containers {
		role := types.Role(c.Config.Labels[types.LabelRole])
		astray := role == types.LoadBalancerRole && strings.TrimPrefix(c.Name, "/") != balancerName(p.name)

		if !unborn(c) && !astray && role != types.NoRole {
			kept = append(kept, c)

			continue
		}

		if err := e.removeContainer(ctx, c); err != nil {
			return err
		}
	}

	p.containers = kept

	return nil
}

// balancerLabels are those of the first server, but for what is about servers.
func balancerLabels(server *container.InspectResponse) map[string]string {
	labels := maps.Clone(server.Config.Labels)
	for _, name := range []string{
		types.LabelRole, types.LabelServerAPIHost, types.LabelServerAPIHostIP, types.LabelServerAPIPort, types.LabelServerIsInit,
	} {
		delete(labels, name)
	}

	return labels
}

// boundTo is the address the API is published on, which stays as it is too.
func boundTo(balancer *container.InspectResponse, fallback string) string {
	for at, bindings := range balancer.HostConfig.PortBindings {
		if at.Int() == apiNodePort && len(bindings) > 0 && bindings[0].HostIP != "" {
			return bindings[0].HostIP
		}
	}

	return fallback
}
