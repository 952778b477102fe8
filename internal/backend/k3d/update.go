package k3d

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/k3d-io/k3d/v5/pkg/types"
)

// Update changes the ports and the number of agents of a cluster, and starts it when it is stopped. The API keeps its port.
// Everything else that may differ between the two is for a new cluster: Update leaves it as it is.
func Update(ctx context.Context, old, wanted Spec) (Observed, error) {
	wrap := func(err error) error { return fmt.Errorf("update k3d cluster %q: %w", wanted.Name, err) }

	if err := wanted.Check(); err != nil {
		return Observed{}, wrap(err)
	}

	wanted.Ports = slices.Clone(wanted.Ports)

	e, done, err := connectAlone(ctx, wanted.Name)
	if err != nil {
		return Observed{}, wrap(err)
	}

	defer done()

	keepPicked(wanted.Ports, old.Ports) // even if somebody removed them meanwhile

	if err := e.update(ctx, wanted); err != nil {
		return Observed{}, wrap(e.fault(err))
	}

	seen, err := e.inspect(ctx, wanted.Name)
	seen.Ports = Align(seen.Ports, wanted.Ports)

	return seen, err
}

func (e *engine) update(ctx context.Context, wanted Spec) error {
	if err := e.revive(ctx, wanted.Name); err != nil {
		return err
	}

	p, err := e.find(ctx, wanted.Name)
	if err == nil {
		err = e.sweep(ctx, p)
	}

	if err != nil {
		return err
	}

	is := e.observe(p).Spec
	if err := e.updatePorts(ctx, p, is, wanted); err != nil {
		return err
	}

	if p, err = e.find(ctx, wanted.Name); err != nil { // it may have a new load balancer
		return err
	}

	shall := is
	shall.Agents = wanted.Agents

	switch {
	case wanted.Agents > is.Agents:
		err = e.addAgents(ctx, p, shall, wanted.Agents-is.Agents)
	case wanted.Agents < is.Agents:
		err = e.removeAgents(ctx, p, is.Agents-wanted.Agents)
	}

	if err != nil || !wanted.Wait {
		return err
	}

	kube, err := e.untilAnswers(ctx, wanted.Name)
	if err != nil {
		return err
	}

	return nodesReady(ctx, kube, wanted.Servers+wanted.Agents)
}

// updatePorts gives the cluster a load balancer with the ports that are wanted, if those differ from what it publishes.
func (e *engine) updatePorts(ctx context.Context, p *parts, is, wanted Spec) error {
	choice, err := e.ports(ctx)
	if err != nil {
		return err
	}

	defer choice.done()

	shall := is
	if shall.Ports, err = choice.fillPorts(ctx, wanted.Ports, is.Ports); err != nil {
		return err
	}

	if samePorts(shall.Ports, is.Ports) && !e.misdirected(p) {
		return nil
	}

	return e.rebalance(ctx, p, shall)
}

// keepPicked writes into ports with host 0 what was picked for them.
func keepPicked(ports, before []Port) {
	left := slices.Clone(before)
	take := func(fits func(Port) bool) int {
		i := slices.IndexFunc(left, fits)
		if i < 0 {
			return 0
		}

		host := left[i].Host
		left = slices.Delete(left, i, i+1)

		return host
	}

	for _, port := range ports {
		take(func(other Port) bool {
			return other.Host == port.Host && other.Node == port.Node && other.protocol() == port.protocol()
		})
	}

	for i, port := range ports {
		if port.Host == 0 {
			ports[i].Host = take(func(other Port) bool {
				return other.Node == port.Node && other.protocol() == port.protocol()
			})
		}
	}
}

// Align puts ports, which have no order of their own, into that of a list they are to be compared with. What has no
// counterpart there comes last.
func Align(ports, like []Port) []Port {
	left := slices.Clone(ports)
	aligned := make([]Port, len(like))
	found := make([]bool, len(like))

	take := func(i int, fits func(other Port) bool) {
		if j := slices.IndexFunc(left, fits); !found[i] && j >= 0 {
			aligned[i], found[i] = left[j], true
			left = slices.Delete(left, j, j+1)
		}
	}

	for i, port := range like {
		take(i, func(other Port) bool { return contains([]Port{port}, other) })
	}

	for i, port := range like {
		take(i, func(other Port) bool {
			return port.Host == 0 && other.Node == port.Node && other.protocol() == port.protocol()
		})
	}

	var all []Port

	for i, port := range aligned {
		if found[i] {
			all = append(all, port)
		}
	}

	return append(all, left...)
}

func samePorts(a, b []Port) bool {
	if len(a) != len(b) {
		return false
	}

	return !slices.ContainsFunc(a, func(port Port) bool { return !contains(b, port) })
}

// misdirected says whether the load balancer was made with the k3d program and may lead to agents, whose removal would break
// it.
func (e *engine) misdirected(p *parts) bool {
	balancer := p.balancer()
	if balancer == nil {
		return p.server().Config.Labels[types.LabelServerLoadBalancer] != ""
	}

	return !strings.Contains(balancer.Config.Labels[managedByLabel], managedBy) && len(p.role(types.AgentRole)) > 0 &&
		len(balancer.HostConfig.PortBindings) > 1
}
