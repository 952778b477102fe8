package k3d

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

// startTimeout bounds the start of a cluster when the caller sets no bound: the library waits for words in a log.
const startTimeout = 10 * time.Minute

// Start starts a stopped cluster and returns when its API answers. Nothing happens when it runs.
func Start(ctx context.Context, name string) error {
	wrap := func(err error) error { return fmt.Errorf("start k3d cluster %q: %w", name, err) }

	e, done, err := connectAlone(ctx, name)
	if err != nil {
		return wrap(err)
	}

	defer done()

	if err := e.revive(ctx, name); err != nil {
		return wrap(e.fault(err))
	}

	return nil
}

// revive starts what does not run, after removing what an interrupted change has left.
func (e *engine) revive(ctx context.Context, name string) error {
	p, err := e.find(ctx, name)

	switch {
	case err != nil:
		return err
	case p.none():
		return missing(name)
	case !p.complete:
		return errIncomplete
	case p.running():
		return nil
	}

	was := e.observe(p).Spec // before a load balancer that was put aside is gone

	if err := e.sweep(ctx, p); err != nil {
		return err
	}

	for _, c := range p.containers {
		if c.State.Paused {
			if err := e.ContainerUnpause(ctx, c.ID); err != nil {
				return fmt.Errorf("unpause %s: %w", c.Name, err)
			}
		}
	}

	if err := e.startNodes(ctx, name); err != nil {
		return err
	}

	if p.balancer() == nil && p.server().Config.Labels[types.LabelServerLoadBalancer] != "" {
		if err := e.rebalance(ctx, p, was); err != nil {
			return err
		}
	}

	return e.answers(ctx, name)
}

func (e *engine) startNodes(ctx context.Context, name string) error {
	cluster := &types.Cluster{Name: name}
	if err := guard(func() (err error) {
		cluster, err = client.ClusterGet(ctx, runtimes.Docker, cluster)

		return err
	}); err != nil {
		return err
	}

	options, err := client.GetClusterStartOptsFromLabels(cluster)
	if err != nil {
		return err
	}

	options.Intent = types.IntentClusterStart

	return e.start(ctx, cluster, options)
}

// start has the library start containers and do what it does afterwards: names of this machine and of the containers for
// nodes and pods.
func (e *engine) start(ctx context.Context, cluster *types.Cluster, options types.ClusterStartOpts) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc

		ctx, cancel = context.WithTimeout(ctx, startTimeout)
		defer cancel()
	}

	info, err := e.environment(ctx, cluster)
	if err != nil {
		return err
	}

	options.EnvironmentInfo = info

	starting.Lock()
	defer starting.Unlock()

	return guard(func() error { return client.ClusterStart(ctx, runtimes.Docker, cluster, options) })
}

// environment is the address of this machine as nodes see it. Only Docker Desktop and colima need a container to tell it.
func (e *engine) environment(ctx context.Context, cluster *types.Cluster) (*types.EnvironmentInfo, error) {
	info := &types.EnvironmentInfo{}

	return info, guard(func() error {
		about, err := runtimes.Docker.Info()
		if err != nil {
			return err
		}

		info.RuntimeInfo = *about
		info.HostGateway, err = client.GetHostIP(ctx, runtimes.Docker, cluster)

		tools := fmt.Sprintf("k3d-%s-tools", cluster.Name)
		if _, there := e.ContainerInspect(ctx, tools); there == nil {
			_ = e.ContainerRemove(ctx, tools, container.RemoveOptions{Force: true, RemoveVolumes: true})
		}

		return err
	})
}

func (e *engine) markComplete(ctx context.Context, name string) error {
	var archive bytes.Buffer

	writer := tar.NewWriter(&archive)
	if err := writer.WriteHeader(&tar.Header{Name: strings.TrimPrefix(completeFile, "/"), Mode: 0o644}); err != nil {
		return fmt.Errorf("write %s: %w", completeFile, err)
	}

	if err := writer.Close(); err != nil {
		return fmt.Errorf("write %s: %w", completeFile, err)
	}

	server := client.GenerateNodeName(name, types.ServerRole, 0)
	if err := e.CopyToContainer(ctx, server, "/", &archive, container.CopyToContainerOptions{}); err != nil {
		return fmt.Errorf("write %s in %s: %w", completeFile, server, err)
	}

	return nil
}

func (e *engine) lastWords(ctx context.Context, id string) string {
	logs, err := e.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: "1"})
	if err != nil {
		return ""
	}

	defer func() { _ = logs.Close() }()

	var text bytes.Buffer
	if _, err := stdcopy.StdCopy(&text, &text, logs); err != nil {
		return ""
	}

	return redact(lastLine(text.String()))
}
