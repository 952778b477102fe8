package component

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestMoved_IsDecidedByTheIncarnation(t *testing.T) {
	t.Parallel()

	cluster := func(name string, incarnation any) map[string]any {
		return map[string]any{"name": name, "incarnation": incarnation}
	}

	for what, c := range map[string]struct {
		before, after any
		want          bool
	}{
		"the same":                        {cluster("a", "1"), cluster("a", "1"), false},
		"made anew":                       {cluster("a", "1"), cluster("a", "2"), true},
		"to be made anew":                 {cluster("a", "1"), cluster("a", zenml.Unknown{}), true},
		"reached in another way":          {cluster("a", "1"), cluster("b", "1"), false},
		"one that could not be asked":     {cluster("a", "1"), cluster("a", nil), false},
		"one that was not known":          {cluster("a", nil), cluster("a", "1"), false},
		"not known at all":                {cluster("a", "1"), zenml.Unknown{}, true},
		"into a cluster":                  {nil, cluster("a", "1"), true},
		"out of a cluster":                {cluster("a", "1"), nil, true},
		"in no cluster before and after":  {nil, nil, false},
		"not yet made, and not yet known": {cluster("a", nil), cluster("a", zenml.Unknown{}), false},
	} {
		if got := moved(c.before, c.after); got != c.want {
			t.Errorf("%s: %t, want %t", what, got, c.want)
		}
	}
}
