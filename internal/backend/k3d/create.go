package k3d

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"time"

	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// cleanupTimeout bounds the removal of what was begun, when the caller's own time is up.
const cleanupTimeout = time.Minute

// Create makes a cluster. What an interrupted making or removal by this provider has left under the name is removed first;
// any other cluster of that name is backend.ErrForeign. When it fails or ctx ends, what was made is removed again.
func Create(ctx context.Context, spec Spec) (Observed, error) {
	wrap := func(err error) error { return fmt.Errorf("create k3d cluster %q: %w", spec.Name, err) }

	if err := spec.Check(); err != nil {
		return Observed{}, wrap(err)
	}

	if spec.Image == "" {
		return Observed{}, wrap(errors.New("no node image"))
	}

	e, done, err := connectAlone(ctx, spec.Name)
	if err != nil {
		return Observed{}, wrap(err)
	}

	defer done()

	if err := e.clear(ctx, spec.Name); err != nil {
		return Observed{}, wrap(err)
	}

	choice, err := e.ports(ctx)
	if err != nil {
		return Observed{}, wrap(err)
	}

	defer choice.done()

	if spec, err = choice.fill(ctx, spec, Spec{}); err != nil {
		return Observed{}, wrap(err)
	}

	b, err := newBlueprint(spec, e.site())
	if err == nil {
		err = b.checkVolumes()
	}

	if err != nil {
		return Observed{}, wrap(err)
	}

	if err := e.make(ctx, b); err != nil {
		if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) { // the library wraps with %v
			err = fmt.Errorf("%w: %w", ended, err)
		}

		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
		defer cancel()

		return Observed{}, wrap(errors.Join(e.explain(late, spec.Name, e.fault(err)), e.removeAll(late, spec.Name)))
	}

	seen, err := e.inspect(ctx, spec.Name)
	seen.Name, seen.Ports = spec.Name, Align(seen.Ports, spec.Ports) // it is there, even if it could not be looked at

	return seen, err
}

// clear makes sure that nothing of that name is left.
func (e *engine) clear(ctx context.Context, name string) error {
	p, err := e.find(ctx, name)

	switch {
	case err != nil:
		return err
	case !p.ours():
		return fmt.Errorf("a cluster of that name %w, it was not made by mlstacks: choose another name, or import it as k3d/%s",
			backend.ErrForeign, name)
	case p.complete:
		return fmt.Errorf("a cluster of that name %w, another configuration or an earlier state of this one: "+
			"choose another name, or import it as k3d/%s", backend.ErrForeign, name)
	case p.none():
		return nil
	default:
		return e.removeAll(ctx, name)
	}
}

// make does what the library does for "k3d cluster create", with the difference that every object has our labels from its
// first moment on, and that no container is started to find out the address of this machine where the network tells it.
func (e *engine) make(ctx context.Context, b *blueprint) error {
	images := []string{b.spec.Image, types.GetLoadbalancerImage()}
	if b.spec.Registry != nil {
		images = append(images, registryImage())
	}

	if err := e.pull(ctx, images...); err != nil {
		return err
	}

	id, subnet, external, err := e.makeNetwork(ctx, b)
	if err != nil {
		return err
	}

	_, err = e.VolumeCreate(ctx, volume.CreateOptions{Name: volumeName(b.spec.Name), Driver: "local", Labels: b.labels})
	if err != nil {
		return fmt.Errorf("create volume %s: %w", volumeName(b.spec.Name), err)
	}

	cluster := b.cluster(id, subnet)
	options := &types.ClusterCreateOpts{GlobalLabels: maps.Clone(b.labels)}
	maps.Copy(options.GlobalLabels, map[string]string{
		types.LabelNetwork:         cluster.Network.Name,
		types.LabelNetworkID:       id,
		types.LabelNetworkIPRange:  subnet.String(),
		types.LabelNetworkExternal: external,
		types.LabelImageVolume:     cluster.ImageVolume,
	})

	if b.spec.Registry != nil {
		registry := b.registry()
		if err := guard(func() error {
			return client.NodeCreate(ctx, runtimes.Docker, registry, types.NodeCreateOpts{})
		}); err != nil {
			return err
		}

		cluster.Nodes = append(cluster.Nodes, registry)
	}

	if err := guard(func() error { return client.ClusterCreate(ctx, runtimes.Docker, cluster, options) }); err != nil {
		return err
	}

	if err := e.start(ctx, cluster, types.ClusterStartOpts{Intent: types.IntentClusterCreate, NodeHooks: b.hooks()}); err != nil {
		return err
	}

	if err := e.settle(ctx, b); err != nil {
		return err
	}

	return e.markComplete(ctx, b.spec.Name)
}

// makeNetwork returns the network of the cluster. One of that name that somebody else made is used, as the k3d program does,
// and is not ours to remove.
func (e *engine) makeNetwork(ctx context.Context, b *blueprint) (id string, subnet netip.Prefix, external string, err error) {
	name := networkName(b.spec.Name)
	external = "false"

	found, err := e.NetworkInspect(ctx, name, network.InspectOptions{})
	if err == nil {
		external = "true"
	} else {
		if _, err = e.NetworkCreate(ctx, name, network.CreateOptions{
			Driver:  "bridge",
			Options: map[string]string{"com.docker.network.bridge.enable_ip_masquerade": "true"},
			Labels:  b.labels,
		}); err != nil {
			return "", subnet, "", fmt.Errorf("create network %s: %w", name, err)
		}

		if found, err = e.NetworkInspect(ctx, name, network.InspectOptions{}); err != nil {
			return "", subnet, "", fmt.Errorf("inspect network %s: %w", name, err)
		}
	}

	for _, config := range found.IPAM.Config {
		if prefix, err := netip.ParsePrefix(config.Subnet); err == nil && prefix.Addr().Is4() {
			subnet = prefix
		}
	}

	return found.ID, subnet, external, nil
}

// explain adds the last thing that a server which stopped said, without tokens.
func (e *engine) explain(ctx context.Context, name string, err error) error {
	p, findErr := e.find(ctx, name)
	if findErr != nil {
		return err
	}

	for _, c := range p.containers {
		role := types.Role(c.Config.Labels[types.LabelRole])
		if role == types.NoRole || unborn(c) || c.State.Running && c.RestartCount == 0 {
			continue
		}

		if said := e.lastWords(ctx, c.ID); said != "" {
			return fmt.Errorf("%w; the last line of %s: %s", err, strings.TrimPrefix(c.Name, "/"), said)
		}
	}

	return err
}
