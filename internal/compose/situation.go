package compose

import (
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// situation is a stack seen by one rule about one of its components.
type situation struct {
	stack   *Stack
	subject *Component
	// builderDefault says that an absent image builder counts as present.
	builderDefault bool
}

// ofKind gives the components of a kind that are surely there, in order.
func (s situation) ofKind(kind string) []*Component {
	var found []*Component
	for i := range s.stack.Components {
		if c := &s.stack.Components[i]; c.Kind == kind {
			found = append(found, c)
		}
	}
	return found
}

// first is the default component of a kind, nil when there is none or it cannot be told yet which one it is: a slot of
// which nothing is known may come before those that are known.
func (s situation) first(kind string) *Component {
	found := s.ofKind(kind)
	if len(found) == 0 || (found[0].Slot != kind && s.hasOpenSlot(kind)) {
		return nil
	}
	return found[0]
}

// hasOpenSlot tells whether nothing is known of a slot for a kind.
func (s situation) hasOpenSlot(kind string) bool {
	return slices.ContainsFunc(s.stack.UnknownSlots, func(slot string) bool { return slotKind(slot) == kind })
}

// present tells whether the stack has a component of a kind.
func (s situation) present(kind string) Truth {
	maybe := s.hasOpenSlot(kind)
	for _, c := range s.ofKind(kind) {
		if !c.Unknown {
			return zenml.True
		}
		maybe = true
	}
	if maybe {
		return zenml.Undecided
	}
	if kind == kindImageBuilder && s.builderDefault {
		return zenml.Any(builderDefaulted(s), zenml.False)
	}
	return zenml.False
}

// slotKind gives the kind a slot is for: "additional_alerters[0]" is for an alerter, "additional_sandboxes" for a sandbox.
func slotKind(slot string) string {
	slot, _, _ = strings.Cut(slot, "[")
	if plural, ok := strings.CutPrefix(slot, "additional_"); ok {
		if kind, ok := strings.CutSuffix(plural, "xes"); ok {
			return kind + "x"
		}
		return strings.TrimSuffix(plural, "s")
	}
	return slot
}

// label is how a message calls a component: artifact_store "artifacts" (s3).
func (c *Component) label() string {
	var b strings.Builder
	b.WriteString(c.place())
	if c.Name != "" {
		b.WriteString(" \"" + c.Name + "\"")
	}
	if f := c.flavor(); f != "" {
		b.WriteString(" (" + f + ")")
	}
	return b.String()
}

func (c *Component) place() string {
	if c.Slot != "" {
		return c.Slot
	}
	return c.Kind
}

// flavor is our name, or ZenML's when we have none.
func (c *Component) flavor() string {
	if c.Flavor != "" {
		return c.Flavor
	}
	return c.ZenML
}

func (c *Component) party(path ...string) Party {
	return Party{Slot: c.Slot, Kind: c.Kind, Flavor: c.flavor(), Name: c.Name, Path: path}
}

// The kinds that rules name.
const (
	kindStore        = "artifact_store"
	kindRegistry     = "container_registry"
	kindOrchestrator = "orchestrator"
	kindTracker      = "experiment_tracker"
	kindImageBuilder = "image_builder"
	kindStepOperator = "step_operator"
	kindDeployer     = "deployer"
	kindModel        = "model_deployer"
	kindRegistryOfML = "model_registry"
	kindFeatures     = "feature_store"
	kindValidator    = "data_validator"
)
