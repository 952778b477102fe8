package k3d

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"sync"

	"github.com/docker/docker/api/types/container"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

// Ports are picked below those that systems give to outgoing connections and to NodePort services, so that nobody takes one
// before the container that shall have it runs.
const firstPick, lastPick = 20000, 29999

// promised keeps clusters that are made at the same time from picking the same port.
var promised sync.Map

// ports chooses ports and says who has one that is taken.
type ports struct {
	site   site
	owners map[string]string // "8080/tcp" -> who publishes it
	kept   []string
}

func (e *engine) ports(ctx context.Context) (*ports, error) {
	list, err := e.ContainerList(ctx, container.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", e.fault(err))
	}

	p := &ports{site: e.site(), owners: map[string]string{}}

	for _, c := range list {
		for _, port := range c.Ports {
			if port.PublicPort != 0 {
				p.owners[key(int(port.PublicPort), port.Type)] = owner(c)
			}
		}
	}

	return p, nil
}

func key(port int, protocol string) string { return fmt.Sprintf("%d/%s", port, protocol) }

func owner(c container.Summary) string {
	name := c.ID
	if len(c.Names) > 0 {
		name = c.Names[0][1:]
	}

	if cluster := c.Labels[types.LabelClusterName]; cluster != "" {
		return fmt.Sprintf("container %s of the k3d cluster %q", name, cluster)
	}

	return "container " + name
}

// choose returns the port itself when it is free, and one that is for 0.
func (p *ports) choose(ctx context.Context, port int, protocol, what string) (int, error) {
	if port != 0 {
		return port, p.check(ctx, port, protocol, what)
	}

	for range 1000 {
		port = firstPick + rand.IntN(lastPick-firstPick+1) //nolint:gosec // not a secret
		if p.check(ctx, port, protocol, what) == nil {
			promise := key(port, protocol)
			if _, theirs := promised.LoadOrStore(promise, true); !theirs {
				p.kept = append(p.kept, promise)

				return port, nil
			}
		}
	}

	return 0, fmt.Errorf("pick %s: no port between %d and %d is free", what, firstPick, lastPick)
}

// done takes the promises back: the ports are in use now, or never will be.
func (p *ports) done() {
	for _, promise := range p.kept {
		promised.Delete(promise)
	}
}

func (p *ports) check(ctx context.Context, port int, protocol, what string) error {
	if who, taken := p.owners[key(port, protocol)]; taken {
		return fmt.Errorf("%s: port %s is in use by %s", what, key(port, protocol), who)
	}

	if !p.site.local || listen(ctx, port, protocol) {
		return nil
	}

	return fmt.Errorf("%s: port %s is in use by another program on this machine", what, key(port, protocol))
}

// listen says whether the port is free. Ports that only an administrator may open count as free: the engine can.
func listen(ctx context.Context, port int, protocol string) bool {
	var (
		config  net.ListenConfig
		address = net.JoinHostPort("0.0.0.0", strconv.Itoa(port))
	)

	if protocol == "udp" {
		socket, err := config.ListenPacket(ctx, "udp4", address)
		if err == nil {
			_ = socket.Close()
		}

		return err == nil || errors.Is(err, os.ErrPermission)
	}

	socket, err := config.Listen(ctx, "tcp4", address)
	if err == nil {
		_ = socket.Close()
	}

	return err == nil || errors.Is(err, os.ErrPermission)
}

// fill chooses every port of a Spec that is 0 and checks the others, but for those that the cluster has already.
func (p *ports) fill(ctx context.Context, spec, has Spec) (Spec, error) {
	var err error

	if spec.APIPort == 0 || spec.APIPort != has.APIPort {
		if spec.APIPort == 0 && has.APIPort != 0 {
			spec.APIPort = has.APIPort
		} else if spec.APIPort, err = p.choose(ctx, spec.APIPort, "tcp", "the API port"); err != nil {
			return spec, err
		}
	}

	if spec.Registry != nil {
		registry := *spec.Registry
		if registry.HostPort == 0 && has.Registry != nil {
			registry.HostPort = has.Registry.HostPort
		}

		if has.Registry == nil || registry != *has.Registry {
			if registry.HostPort, err = p.choose(ctx, registry.HostPort, "tcp", "the registry port"); err != nil {
				return spec, err
			}
		}

		spec.Registry = &registry
	}

	spec.Ports, err = p.fillPorts(ctx, spec.Ports, has.Ports)

	return spec, err
}

func (p *ports) fillPorts(ctx context.Context, want, has []Port) ([]Port, error) {
	var (
		filled = make([]Port, len(want))
		left   = map[Port]bool{}
		err    error
	)

	for _, port := range has {
		port.Protocol = port.protocol()
		left[port] = true
	}

	for i, port := range want { // those that are named come first, lest one that is picked takes what another wants to keep
		port.Protocol = port.protocol()
		filled[i] = port
		delete(left, port)
	}

	for i, port := range filled {
		what := fmt.Sprintf("the port for node port %s", key(port.Node, port.Protocol))

		if port.Host == 0 {
			for kept := range left {
				if kept.Node == port.Node && kept.Protocol == port.Protocol {
					port.Host = kept.Host
				}
			}

			delete(left, port)
		}

		if port.Host == 0 || !contains(has, port) {
			if port.Host, err = p.choose(ctx, port.Host, port.Protocol, what); err != nil {
				return nil, err
			}
		}

		filled[i] = port
	}

	return filled, nil
}

func contains(has []Port, port Port) bool {
	for _, other := range has {
		other.Protocol = other.protocol()
		if other == port {
			return true
		}
	}

	return false
}
