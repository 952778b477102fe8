package k3d

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

// identityTimeout is how long Inspect gives a cluster that seems to run to answer.
const identityTimeout = 10 * time.Second

// Inspect says what a cluster is, whoever made it. It is backend.ErrNotFound only when the engine answers and has nothing of
// the cluster, and backend.ErrUnreachable when the engine does not answer.
func Inspect(ctx context.Context, name string) (Observed, error) {
	e, err := connect(ctx)
	if err != nil {
		return Observed{}, fmt.Errorf("inspect k3d cluster %q: %w", name, err)
	}

	defer func() { _ = e.Close() }()

	return e.inspect(ctx, name)
}

func (e *engine) inspect(ctx context.Context, name string) (Observed, error) {
	p, err := e.find(ctx, name)
	if err != nil {
		return Observed{}, fmt.Errorf("inspect k3d cluster %q: %w", name, err)
	}

	if p.none() {
		return Observed{}, missing(name)
	}

	seen := e.observe(p)
	if !seen.Running {
		return seen, nil
	}

	ctx, cancel := context.WithTimeout(ctx, identityTimeout)
	defer cancel()

	for {
		kube, err := e.kube(ctx, p, identityTimeout)
		if err == nil {
			if seen.Incarnation, seen.Version, err = identity(ctx, kube); err == nil {
				return seen, nil
			}
		}

		if !sleep(ctx, 500*time.Millisecond) {
			seen.Problem = fmt.Sprintf("the Kubernetes API on port %d does not answer: %v", seen.APIPort, err)

			return seen, nil
		}
	}
}

// observe reads containers and labels.
func (e *engine) observe(p *parts) Observed { return observe(p, e.site()) }

func observe(p *parts, at site) Observed {
	seen := Observed{
		Spec: Spec{
			Name:    p.name,
			Servers: len(p.role(types.ServerRole)),
			Agents:  len(p.role(types.AgentRole)),
		},
		Ours:     p.ours(),
		Complete: p.complete,
		Running:  p.complete && p.running(),
		Host:     at.host,
	}

	if registries := p.role(types.RegistryRole); len(registries) > 0 {
		port := published(registries[0], registryPort)
		seen.Registry = &Registry{HostPort: port}
		seen.RegistryHost = registryHost(at, port)
		seen.RegistryCluster = fmt.Sprintf("%s:%d", strings.TrimPrefix(registries[0].Name, "/"), registryPort)
	}

	server := p.server()
	if server == nil {
		return seen
	}

	seen.Image = server.Config.Image
	seen.APIPort = apiPort(p)
	seen.Ports = balancerPorts(p.publisher())

	if fixed, ok := server.Config.Labels[specLabel]; ok && json.Unmarshal([]byte(fixed), &seen.Spec) == nil {
		return seen
	}

	// Made with the k3d program: what its flags were is seen in what they did.
	seen.Wait = true
	seen.K3sArgs = k3sArgs(p)
	seen.Volumes = volumesOf(server)

	return seen
}

// registryHost is the name of the registry on this machine. It is localhost, which docker push trusts without a certificate.
func registryHost(at site, port int) string {
	if at.local {
		return fmt.Sprintf("localhost:%d", port)
	}

	return fmt.Sprintf("%s:%d", at.host, port)
}

// apiPort is that of the load balancer, or of the server of a cluster without one. The label is what is left of a load
// balancer that was removed by hand.
func apiPort(p *parts) int {
	if balancer := p.publisher(); balancer != nil {
		return published(balancer, apiNodePort)
	}

	if port := published(p.server(), apiNodePort); port != 0 {
		return port
	}

	port, _ := strconv.Atoi(p.server().Config.Labels[types.LabelServerAPIPort])

	return port
}

// published is the port of this machine that leads to a container's TCP port.
func published(c *container.InspectResponse, port int) int {
	at := nat.Port(fmt.Sprintf("%d/tcp", port))

	for _, bindings := range []nat.PortMap{c.HostConfig.PortBindings, c.NetworkSettings.Ports} {
		for _, binding := range bindings[at] {
			if number, err := strconv.Atoi(binding.HostPort); err == nil && number != 0 {
				return number
			}
		}
	}

	return 0
}

func balancerPorts(balancer *container.InspectResponse) []Port {
	if balancer == nil {
		return nil
	}

	var ports []Port

	for at, bindings := range balancer.HostConfig.PortBindings {
		if at.Int() == apiNodePort && at.Proto() == "tcp" {
			continue
		}

		for _, binding := range bindings {
			if number, err := strconv.Atoi(binding.HostPort); err == nil {
				ports = append(ports, Port{Host: number, Node: at.Int(), Protocol: at.Proto()})
			}
		}
	}

	slices.SortFunc(ports, func(a, b Port) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Protocol, b.Protocol))
	})

	return slices.Compact(ports)
}

// k3sArgs are the arguments of the first server and the first agent, without those that the library adds.
func k3sArgs(p *parts) []string {
	args := ownArgs(p.server())

	if agents := p.role(types.AgentRole); len(agents) > 0 {
		for _, arg := range ownArgs(agents[0]) {
			args = append(args, arg+"@agent:*")
		}
	}

	return args
}

func ownArgs(c *container.InspectResponse) []string {
	var args []string

	for i := 0; i < len(c.Config.Cmd); i++ {
		switch arg := c.Config.Cmd[i]; {
		case arg == "--tls-san":
			i++
		case arg != "server" && arg != "agent" && arg != "--cluster-init":
			args = append(args, arg)
		}
	}

	return args
}

func volumesOf(c *container.InspectResponse) []string {
	return slices.DeleteFunc(slices.Clone(c.HostConfig.Binds), func(bind string) bool {
		return strings.HasSuffix(bind, ":"+types.DefaultImageVolumeMountPath)
	})
}
