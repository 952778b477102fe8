package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/docker/go-connections/nat"
	"github.com/k3d-io/k3d/v5/pkg/client"
	config "github.com/k3d-io/k3d/v5/pkg/config/v1alpha5"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// nodePort is the port of the nodes that this machine gets a way to, so that the load balancer has something to do.
const nodePort = 30080

// makeDirect makes a cluster as `k3d cluster create --registry-create` does, waiting for the server as it does by default.
func makeDirect(ctx context.Context, name string) error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}

	if err := client.ClusterRun(ctx, runtimes.Docker, libraryConfig(name, ports)); err != nil {
		return fmt.Errorf("make a cluster with the k3d library: %w", err)
	}

	return nil
}

// removeDirect removes such a cluster, and is content when there is none.
func removeDirect(ctx context.Context, name string) error {
	err := client.ClusterDelete(ctx, runtimes.Docker, &types.Cluster{Name: name}, types.ClusterDeleteOpts{})
	if err != nil && !errors.Is(err, client.ClusterGetNoNodesFoundError) && !strings.Contains(err.Error(), "No nodes found") {
		return fmt.Errorf("remove a cluster with the k3d library: %w", err)
	}

	return nil
}

// libraryConfig is what the k3d program makes of its flags for such a cluster.
func libraryConfig(name string, ports []string) *config.ClusterConfig {
	api := nat.PortBinding{HostIP: "0.0.0.0", HostPort: ports[0]}
	server := &types.Node{Name: client.GenerateNodeName(name, types.ServerRole, 0), Role: types.ServerRole, Image: nodeImage()}
	inside := fmt.Sprintf("%d/tcp", nodePort)

	balancer := types.NewLoadbalancer()
	balancer.Node = &types.Node{
		Name: "k3d-" + name + "-serverlb", Role: types.LoadBalancerRole, Image: types.GetLoadbalancerImage(), Networks: []string{"k3d-" + name},
		Ports: nat.PortMap{"6443/tcp": {api}, nat.Port(inside): {{HostPort: ports[1]}}},
	}
	balancer.Config.Ports = map[string][]string{"6443.tcp": {server.Name}, fmt.Sprintf("%d.tcp", nodePort): {server.Name}}

	registry := &types.Registry{ClusterRef: name, Host: "k3d-" + name + "-registry", Image: registryImage()}
	registry.ExposureOpts.Port = "5000/tcp"
	registry.ExposureOpts.Binding = nat.PortBinding{HostIP: "0.0.0.0", HostPort: ports[2]}

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

func registryImage() string {
	return types.DefaultRegistryImageRepo + ":" + types.DefaultRegistryImageTag
}

// nodeImage is the image of the nodes on both sides.
func nodeImage() string {
	if image := imageOf("K3D"); image != "" {
		return image
	}

	return charts.K3sImage
}

// freePorts finds ports of this machine that nobody listens on, and holds each until the last is found.
func freePorts(number int) (ports []string, err error) {
	var held []net.Listener

	defer func() {
		for _, listener := range held {
			err = errors.Join(err, listener.Close())
		}
	}()

	for range number {
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", ":0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}

		held = append(held, listener)

		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}

		ports = append(ports, port)
	}

	return ports, nil
}
