package k3d_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/docker/go-connections/nat"
	"github.com/k3d-io/k3d/v5/pkg/client"
	config "github.com/k3d-io/k3d/v5/pkg/config/v1alpha5"
	"github.com/k3d-io/k3d/v5/pkg/logger"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// BenchmarkCluster makes and removes a cluster, with the library called directly and with this package, which takes care of
// more: -bench Cluster -benchtime 2x.
func BenchmarkCluster(b *testing.B) {
	image := nodeImage(b)

	b.Run("library", func(b *testing.B) {
		name := newName(b)

		logger.Log().SetOutput(io.Discard)

		times(b, func() error {
			return client.ClusterRun(b.Context(), runtimes.Docker, libraryConfig(name, image))
		}, func() error {
			return client.ClusterDelete(b.Context(), runtimes.Docker, &types.Cluster{Name: name}, types.ClusterDeleteOpts{})
		})
	})

	for _, wait := range []bool{false, true} {
		b.Run(fmt.Sprintf("ours wait=%t", wait), func(b *testing.B) {
			name := newName(b)

			times(b, func() error {
				_, err := k3d.Create(b.Context(), k3d.Spec{
					Name: name, Servers: 1, Image: image, Ports: []k3d.Port{{Node: 30080}}, Registry: &k3d.Registry{}, Wait: wait,
				})

				return err
			}, func() error { return k3d.Delete(b.Context(), name) })
		})
	}
}

// times reports how long making and removing take.
func times(b *testing.B, create, remove func() error) {
	b.Helper()

	var making, removing time.Duration

	for b.Loop() {
		start := time.Now()

		if err := create(); err != nil {
			b.Fatal(err)
		}

		making += time.Since(start)
		start = time.Now()

		if err := remove(); err != nil {
			b.Fatal(err)
		}

		removing += time.Since(start)
	}

	b.ReportMetric(making.Seconds()/float64(b.N), "s-create")
	b.ReportMetric(removing.Seconds()/float64(b.N), "s-delete")
}

// libraryConfig is what the k3d program makes of the flags for such a cluster.
func libraryConfig(name, image string) *config.ClusterConfig {
	api := nat.PortBinding{HostIP: "0.0.0.0", HostPort: "29998"}
	server := &types.Node{Name: client.GenerateNodeName(name, types.ServerRole, 0), Role: types.ServerRole, Image: image}
	balancer := types.NewLoadbalancer()
	balancer.Node = &types.Node{
		Name: "k3d-" + name + "-serverlb", Role: types.LoadBalancerRole, Image: types.GetLoadbalancerImage(), Networks: []string{"k3d-" + name},
		Ports: nat.PortMap{"6443/tcp": {api}, "30080/tcp": {{HostPort: "29997"}}},
	}
	balancer.Config.Ports = map[string][]string{"6443.tcp": {server.Name}, "30080.tcp": {server.Name}}

	registry := &types.Registry{ClusterRef: name, Host: "k3d-" + name + "-registry", Image: "docker.io/library/registry:2"}
	registry.ExposureOpts.Port = "5000/tcp"
	registry.ExposureOpts.Binding = nat.PortBinding{HostIP: "0.0.0.0", HostPort: "29996"}

	full := &config.ClusterConfig{
		Cluster: types.Cluster{
			Name: name, Network: types.ClusterNetwork{Name: "k3d-" + name}, Nodes: []*types.Node{balancer.Node, server}, ServerLoadBalancer: balancer,
			KubeAPI: &types.ExposureOpts{Host: "0.0.0.0", PortMapping: nat.PortMapping{Port: "6443", Binding: api}},
		},
		ClusterCreateOpts: types.ClusterCreateOpts{WaitForServer: true, GlobalLabels: map[string]string{"app": "k3d"}},
	}
	full.ClusterCreateOpts.Registries.Create = registry

	return full
}
