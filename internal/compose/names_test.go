package compose

import (
	"slices"
	"testing"
)

func TestCheck_LooksAtSlotsAndNames(t *testing.T) {
	t.Parallel()

	part := func(slotKind, kind, name string) Component {
		c := Adapt(kind, "slack", map[string]any{"slack_token": "{{a.b}}"}, nil)
		c.Slot, c.SlotKind, c.Name = slotKind, slotKind, name

		return c
	}

	for name, c := range map[string]struct {
		stack string
		parts []Component
		want  string
	}{
		"right slot":                {"s", []Component{part("alerter", "alerter", "a")}, ""},
		"wrong slot":                {"s", []Component{part("annotator", "alerter", "a")}, idSlot},
		"unknown in a slot":         {"s", []Component{{SlotKind: "alerter", Kind: "alerter", Unknown: true}}, ""},
		"two of one name":           {"s", []Component{part("alerter", "alerter", "a"), part("alerter", "alerter", "a")}, idTwins},
		"longer name first":         {"s", []Component{part("alerter", "alerter", "Slack-2"), part("alerter", "alerter", "slack")}, idPrefix},
		"underscore is any letter":  {"s", []Component{part("alerter", "alerter", "a-bc"), part("alerter", "alerter", "a_b")}, idPrefix},
		"shorter name first":        {"s", []Component{part("alerter", "alerter", "slack"), part("alerter", "alerter", "slack-2")}, ""},
		"stack called default":      {"default", nil, idDefault},
		"an alerter called default": {"s", []Component{part("alerter", "alerter", "default")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			problems := Checker{ImageBuilderDefault: true}.Check(Stack{Name: c.stack, Components: c.parts})
			ids := []string{idSlot, idTwins, idPrefix, idDefault}
			said := ""

			for _, p := range problems {
				if slices.Contains(ids, p.ID) {
					said = p.ID
				}
			}

			if said != c.want {
				t.Errorf("said %q, want %q", said, c.want)
			}
		})
	}
}

//nolint:paralleltest // allocations are counted for the whole process
func TestBeginsLike_ComparesWithoutAllocating(t *testing.T) {
	for _, c := range []struct {
		longer, shorter string
		want            bool
	}{
		{"slack-2", "slack", true},
		{"SLACK", "slack", true},
		{"a-bc", "a_b", true},
		{"a_bc", "a-b", false},
		{"slack", "slack-2", false},
		{"a.b", "a+b", false},
		{"Übung-2", "übung", true},
		{"ab", "a__", false},
	} {
		if got := beginsLike(c.longer, c.shorter); got != c.want {
			t.Errorf("%q begins like %q: got %v", c.longer, c.shorter, got)
		}
	}

	if n := testing.AllocsPerRun(10, func() { beginsLike("artifacts-of-the-other-team", "artifacts_of_the") }); n > 0 {
		t.Errorf("each pair of components of a stack is compared, and one comparison allocates %v times", n)
	}
}
