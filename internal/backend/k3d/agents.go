package k3d

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"golang.org/x/sync/errgroup"
	core "k8s.io/api/core/v1"
	kubeerrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubectl/pkg/drain"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// agentTimeout is how long a node may take to join or to be emptied.
const agentTimeout = 5 * time.Minute

// addAgents makes agents as Create would have. The library's own way copies an existing node, so that the first agent would
// get what is the servers', and leaves labels out that are not k3d's.
func (e *engine) addAgents(ctx context.Context, p *parts, spec Spec, count int) error {
	if err := e.pull(ctx, spec.Image); err != nil {
		return err
	}

	server := p.server()
	labels := balancerLabels(server)

	b := &blueprint{spec: spec, site: e.site()}

	var err error
	if b.registries, err = registriesFile(spec, b.site.host); err != nil {
		return err
	}

	info, err := e.environment(ctx, &types.Cluster{
		Name:        p.name,
		Network:     types.ClusterNetwork{Name: labels[types.LabelNetwork]},
		ImageVolume: labels[types.LabelImageVolume],
	})
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, agentTimeout)
	defer cancel()

	group, ctx := errgroup.WithContext(ctx)

	for _, number := range freeNumbers(p, count) {
		node := b.node(types.AgentRole, number)
		node.RuntimeLabels = maps.Clone(labels)
		node.Networks = []string{labels[types.LabelNetwork]}
		node.ExtraHosts = []string{types.DefaultK3dInternalHostRecord + ":" + info.HostGateway.String()}
		node.Env = []string{"K3S_URL=" + labels[types.LabelClusterURL], "K3S_TOKEN=" + labels[types.LabelClusterToken]}

		group.Go(func() error {
			err := guard(func() error {
				return client.NodeRun(ctx, runtimes.Docker, node, types.NodeCreateOpts{
					Wait: true, NodeHooks: b.hooks(), EnvironmentInfo: info,
				})
			})
			if err != nil {
				return fmt.Errorf("add node %s: %w", node.Name, err)
			}

			return nil
		})
	}

	return group.Wait()
}

// freeNumbers are those of the next agents.
func freeNumbers(p *parts, count int) []int {
	taken := map[string]bool{}
	for _, c := range p.containers {
		taken[strings.TrimPrefix(c.Name, "/")] = true
	}

	var free []int
	for number := 0; len(free) < count; number++ {
		if !taken[client.GenerateNodeName(p.name, types.AgentRole, number)] {
			free = append(free, number)
		}
	}

	return free
}

// removeAgents takes nodes away, those without data on their disk first, the youngest first. A node that holds data stays.
func (e *engine) removeAgents(ctx context.Context, p *parts, count int) error {
	kube, err := e.kube(ctx, p, agentTimeout)
	if err != nil {
		return err
	}

	claims, err := localClaims(ctx, kube)
	if err != nil {
		return err
	}

	agents := p.role(types.AgentRole)
	names := make([]string, 0, len(agents))

	for _, agent := range agents {
		names = append(names, strings.TrimPrefix(agent.Name, "/"))
	}

	slices.SortFunc(names, func(a, b string) int {
		if len(claims[a]) != len(claims[b]) {
			return len(claims[a]) - len(claims[b])
		}

		if len(a) != len(b) {
			return len(b) - len(a) // agent-10 comes after agent-9
		}

		return strings.Compare(b, a)
	})

	for _, name := range names[:count] {
		if held := claims[name]; len(held) > 0 {
			return fmt.Errorf("remove node %s: it %w: %s", name, backend.ErrHoldsData, strings.Join(held, ", "))
		}
	}

	for _, name := range names[:count] {
		if err := e.removeAgent(ctx, p, kube, name); err != nil {
			return fmt.Errorf("remove node %s: %w", name, err)
		}
	}

	return nil
}

// localClaims says for each node which claims have their data on it.
func localClaims(ctx context.Context, kube kubernetes.Interface) (map[string][]string, error) {
	volumes, err := kube.CoreV1().PersistentVolumes().List(ctx, meta.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list persistent volumes: %w", err)
	}

	claims := map[string][]string{}

	for _, volume := range volumes.Items {
		claim, affinity := volume.Spec.ClaimRef, volume.Spec.NodeAffinity
		if claim == nil || affinity == nil || affinity.Required == nil {
			continue
		}

		for _, term := range affinity.Required.NodeSelectorTerms {
			for _, match := range slices.Concat(term.MatchExpressions, term.MatchFields) {
				if match.Operator != core.NodeSelectorOpIn || len(match.Values) != 1 {
					continue
				}

				node := match.Values[0]
				claims[node] = append(claims[node], fmt.Sprintf("claim %s/%s", claim.Namespace, claim.Name))
			}
		}
	}

	return claims, nil
}

// removeAgent empties a node, removes it, and lets Kubernetes forget it with its password, so that the name can be had again.
func (e *engine) removeAgent(ctx context.Context, p *parts, kube kubernetes.Interface, name string) error {
	node, err := kube.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
	if err == nil {
		err = empty(ctx, kube, node)
	}

	if err != nil && !kubeerrors.IsNotFound(err) {
		return err
	}

	for _, c := range p.containers {
		if strings.TrimPrefix(c.Name, "/") == name {
			if err := e.removeContainer(ctx, c); err != nil {
				return err
			}
		}
	}

	err = kube.CoreV1().Nodes().Delete(ctx, name, meta.DeleteOptions{})
	if err != nil && !kubeerrors.IsNotFound(err) {
		return err
	}

	err = kube.CoreV1().Secrets(meta.NamespaceSystem).Delete(ctx, name+".node-password.k3s", meta.DeleteOptions{})
	if err != nil && !kubeerrors.IsNotFound(err) {
		return err
	}

	return nil
}

func empty(ctx context.Context, kube kubernetes.Interface, node *core.Node) error {
	var said strings.Builder

	helper := &drain.Helper{
		Ctx:                 ctx,
		Client:              kube,
		Force:               true,
		IgnoreAllDaemonSets: true,
		DeleteEmptyDirData:  true,
		GracePeriodSeconds:  -1,
		Timeout:             agentTimeout,
		Out:                 io.Discard,
		ErrOut:              &said,
	}

	if err := drain.RunCordonOrUncordon(helper, node, true); err != nil {
		return fmt.Errorf("cordon: %w", err)
	}

	if err := drain.RunNodeDrain(helper, node.Name); err != nil {
		return errors.Join(fmt.Errorf("drain: %w", err), context.Cause(ctx))
	}

	return nil
}
