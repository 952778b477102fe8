package k3d

import (
	"slices"
	"testing"

	"github.com/docker/docker/api/types/container"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

func TestLocalClaims_AreThoseBoundToOneNode(t *testing.T) {
	t.Parallel()

	volume := func(name, operator string, nodes ...string) *core.PersistentVolume {
		return &core.PersistentVolume{
			ObjectMeta: meta.ObjectMeta{Name: name},
			Spec: core.PersistentVolumeSpec{
				ClaimRef: &core.ObjectReference{Namespace: "ml", Name: name},
				NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
					MatchExpressions: []core.NodeSelectorRequirement{{
						Key: "kubernetes.io/hostname", Operator: core.NodeSelectorOperator(operator), Values: nodes,
					}},
				}}}},
			},
		}
	}

	claims, err := localClaims(t.Context(), fake.NewClientset(
		volume("here", "In", "k3d-dev-agent-0"), volume("anywhere", "In", "k3d-dev-agent-0", "k3d-dev-agent-1"),
		volume("elsewhere", "NotIn", "k3d-dev-agent-1"), &core.PersistentVolume{ObjectMeta: meta.ObjectMeta{Name: "free"}},
	))
	if err != nil || len(claims) != 1 || !slices.Equal(claims["k3d-dev-agent-0"], []string{"claim ml/here"}) {
		t.Errorf("got %v, %v", claims, err)
	}
}

func TestFreeNumbers_FillGaps(t *testing.T) {
	t.Parallel()

	p := &parts{name: "dev"}
	for _, name := range []string{"/k3d-dev-server-0", "/k3d-dev-agent-0", "/k3d-dev-agent-2"} {
		p.containers = append(p.containers, container.InspectResponse{ContainerJSONBase: &container.ContainerJSONBase{Name: name}})
	}

	if got := freeNumbers(p, 3); !slices.Equal(got, []int{1, 3, 4}) {
		t.Errorf("got %v", got)
	}
}
