package compose

import "slices"

// Compatible lists the flavors of a kind, in the order of the candidates, of which no rule objects to one in the slot of
// that kind. What stands there is left out of the question. Slots that may still be filled belong into UnknownSlots: what
// is missing there counts against no flavor. What else is wrong with the stack does not, either, nor do warnings.
func (c Checker) Compatible(s Stack, kind string) []string {
	s.UnknownSlots = slices.DeleteFunc(slices.Clone(s.UnknownSlots), func(slot string) bool { return slot == kind })
	at := situation{stack: &s, builderDefault: c.ImageBuilderDefault}

	var replaced []*Component
	for i := range s.Components {
		if s.Components[i].Slot == kind {
			replaced = append(replaced, &s.Components[i])
		}
	}

	fitting := []string{}
	for _, candidate := range c.Candidates {
		if candidate.Kind != kind {
			continue
		}
		if fits, _ := c.try(row{}, finding{}, at, trialOf(candidate, at, replaced)); fits {
			fitting = append(fitting, candidate.Flavor)
		}
	}
	return fitting
}
