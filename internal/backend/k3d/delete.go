package k3d

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"golang.org/x/sync/errgroup"
)

// Delete removes a cluster with everything that belongs to it: containers, registry, volumes and network. It finishes a
// removal that was interrupted, and is content when there is nothing.
func Delete(ctx context.Context, name string) error {
	wrap := func(err error) error { return fmt.Errorf("delete k3d cluster %q: %w", name, err) }

	e, done, err := connectAlone(ctx, name)
	if err != nil {
		return wrap(err)
	}

	defer done()

	if err := e.removeAll(ctx, name); err != nil {
		return wrap(e.fault(err))
	}

	return nil
}

// removeAll looks again until nothing is left: the engine may still be at what a run that was killed has asked for.
func (e *engine) removeAll(ctx context.Context, name string) error {
	for {
		p, err := e.find(ctx, name)
		if err != nil || p.none() {
			return err
		}

		if err := e.remove(ctx, p); err != nil {
			return err
		}
	}
}

// remove takes containers first, then what they hold. As long as anything is there, find finds it: everything has the label of
// the cluster.
func (e *engine) remove(ctx context.Context, p *parts) error {
	group, grouped := errgroup.WithContext(ctx)

	for _, c := range p.containers {
		group.Go(func() error { return e.removeContainer(grouped, c) })
	}

	for _, c := range p.shared {
		group.Go(func() error { return e.detach(grouped, c, p) })
	}

	if err := group.Wait(); err != nil {
		return err
	}

	for _, name := range p.volumes {
		if err := e.VolumeRemove(ctx, name, true); err != nil && !errdefs.IsNotFound(err) {
			return fmt.Errorf("remove volume %s: %w", name, err)
		}
	}

	for _, n := range p.networks {
		if err := e.removeNetwork(ctx, n); err != nil {
			return fmt.Errorf("remove network %s: %w", n.Name, err)
		}
	}

	return nil
}

// otherNetworks says which clusters besides this one use a registry that is not ours.
func otherNetworks(c container.InspectResponse, cluster string) []string {
	if c.Config.Labels[types.LabelRole] != string(types.RegistryRole) || c.Config.Labels[managedByLabel] == managedBy {
		return nil
	}

	var others []string

	for name := range c.NetworkSettings.Networks {
		if strings.HasPrefix(name, types.DefaultObjectNamePrefix+"-") && name != networkName(cluster) {
			others = append(others, name)
		}
	}

	return others
}

func (e *engine) detach(ctx context.Context, c container.InspectResponse, p *parts) error {
	err := e.NetworkDisconnect(ctx, networkName(p.name), c.ID, true)
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("disconnect registry %s, which other clusters use: %w", c.Name, err)
	}

	return nil
}

func (e *engine) removeContainer(ctx context.Context, c container.InspectResponse) error {
	for {
		err := e.ContainerRemove(ctx, c.ID, container.RemoveOptions{Force: true, RemoveVolumes: true})
		if err == nil || errdefs.IsNotFound(err) {
			return nil
		}

		// Somebody else is at it, perhaps the run that was interrupted.
		if !errdefs.IsConflict(err) || !sleep(ctx, 200*time.Millisecond) {
			return fmt.Errorf("remove container %s: %w", strings.TrimPrefix(c.Name, "/"), err)
		}
	}
}

// removeNetwork disconnects what users have connected. The engine takes a moment to forget removed containers.
func (e *engine) removeNetwork(ctx context.Context, n network.Summary) error {
	for attempt := 0; ; attempt++ {
		err := e.NetworkRemove(ctx, n.ID)
		if err == nil || errdefs.IsNotFound(err) {
			return nil
		}

		if attempt == 20 || !sleep(ctx, 200*time.Millisecond) {
			return err
		}

		details, inspectErr := e.NetworkInspect(ctx, n.ID, network.InspectOptions{})
		if inspectErr != nil {
			continue
		}

		for id := range details.Containers {
			_ = e.NetworkDisconnect(ctx, n.ID, id, true)
		}
	}
}

// sleep says whether there is time left.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
