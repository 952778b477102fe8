package main

import (
	"context"
	"fmt"
	"log"
	"path/filepath"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// clusterTimes is how long making and removing clusters took, round by round. Answering is when the API answers, which is
// what k3d's own wait is for; ready is when every node is ready for pods, which is what the provider waits for by default.
type clusterTimes struct {
	answering, ready, removed comparison
}

// measureClusters makes and removes clusters on both sides.
func measureClusters(ctx context.Context, w workspace, o options, times *clusterTimes) error {
	for round := range o.rounds {
		sides := []func() error{
			func() error { return times.direct(ctx, o.direct()) },
			func() error { return times.applied(ctx, w, o.applied(), false) },
			func() error { return times.applied(ctx, w, o.applied(), true) },
		}

		for at := range sides {
			log.Printf("clusters, round %d of %d, %d of %d", round+1, o.rounds, at+1, len(sides))

			if err := sides[(at+round)%len(sides)](); err != nil {
				return err
			}
		}
	}

	return nil
}

// direct is the side of the library.
func (t *clusterTimes) direct(ctx context.Context, name string) error {
	started := time.Now()

	if err := makeDirect(ctx, name); err != nil {
		return err
	}

	answering := time.Since(started)

	if err := nodeReady(ctx, name); err != nil {
		return err
	}

	ready := time.Since(started)
	started = time.Now()

	if err := removeDirect(ctx, name); err != nil {
		return err
	}

	t.answering.add(other, answering)
	t.ready.add(other, ready)
	t.removed.add(other, time.Since(started))

	return nil
}

// nodeReady waits for the cluster's one node to be ready for pods.
func nodeReady(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()

	config, err := k3d.RESTConfig(ctx, name)
	if err != nil {
		return err
	}

	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("open cluster %q: %w", name, err)
	}

	for {
		nodes, err := clients.CoreV1().Nodes().List(ctx, meta.ListOptions{})
		if err == nil && len(nodes.Items) > 0 && isReady(nodes.Items[0]) {
			return nil
		}

		if !pause(ctx, 100*time.Millisecond) {
			return fmt.Errorf("wait for the node of cluster %q: %w (%w)", name, ctx.Err(), err)
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

// applied is the side of the provider.
func (t *clusterTimes) applied(ctx context.Context, w workspace, name string, wait bool) error {
	module, err := w.module(fmt.Sprintf("cluster-%t-", wait), map[string]string{"cluster.tf": clusterConfiguration(name, fmt.Sprintf(`
    ports    = [{ node = %d }]
    registry = {}
    wait     = %t`, nodePort, wait))})
	if err != nil {
		return err
	}

	made, err := w.terraform(ctx, module, apply...)
	if err != nil {
		return err
	}

	removed, err := w.terraform(ctx, module, "destroy", "-input=false", "-auto-approve")
	if err != nil {
		return fmt.Errorf("in %s: %w", filepath.Base(module), err)
	}

	if wait {
		t.ready.add(ours, made)
	} else {
		t.answering.add(ours, made)
	}

	t.removed.add(ours, removed)

	return nil
}

// pause says whether there is time left.
func pause(ctx context.Context, length time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(length):
		return true
	}
}
