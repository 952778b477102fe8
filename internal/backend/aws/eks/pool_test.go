package eks_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
)

// The name is that of groups that exist: another one for the same nodes would replace them all.
func TestPool_IsNamedAfterWhatItsGroupKeeps(t *testing.T) {
	t.Parallel()

	plain := eks.Nodes{
		Name: "nodes", InstanceTypes: []string{"m6i.large", "m5.large"}, AMI: "AL2023_x86_64_STANDARD", Capacity: "ON_DEMAND", DiskGB: 50,
		Size: eks.Size{Min: 1, Max: 3, Desired: 2}, Version: "1.35",
	}

	const name = "nodes-db651739"
	if is := (eks.Pool{Wanted: plain}).Name(); is != name {
		t.Errorf("it is named %s, should be %s", is, name)
	}

	for property, test := range map[string]struct {
		change func(*eks.Nodes)
		other  bool
	}{
		"instance types": {func(n *eks.Nodes) { n.InstanceTypes = []string{"m7i.large"} }, true},
		"their order":    {func(n *eks.Nodes) { n.InstanceTypes = []string{"m5.large", "m6i.large"} }, true},
		"image":          {func(n *eks.Nodes) { n.AMI = "BOTTLEROCKET_x86_64" }, true},
		"capacity":       {func(n *eks.Nodes) { n.Capacity = "SPOT" }, true},
		"disk":           {func(n *eks.Nodes) { n.DiskGB = 80 }, true},
		"size":           {func(n *eks.Nodes) { n.Size.Desired = 3 }, false},
		"version":        {func(n *eks.Nodes) { n.Version = "1.36" }, false},
	} {
		changed := plain
		test.change(&changed)

		if is := (eks.Pool{Wanted: changed}).Name(); (is != name) != test.other {
			t.Errorf("with another %s it is named %s", property, is)
		}
	}
}
