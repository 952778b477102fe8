package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Condition is something that may be true of a component. Its text completes "… when it …".
type Condition struct {
	text string
	of   func(*Component) Truth
}

// field gives a value of the component's ZenML configuration, or its default.
func (c *Component) field(name string) any {
	if v, given := c.Config[name]; given {
		return v
	}
	if flavor, ok := zenml.Lookup(c.Kind, c.ZenML); ok {
		if f, ok := flavor.Field(name); ok && f.HasDefault {
			return f.Default
		}
	}
	return nil
}

// onText makes a condition of a test of a text. What cannot be read (unknown, or in a secret) is undecided.
func onText(field, text string, test func(string) bool) Condition {
	return Condition{text: text, of: func(c *Component) Truth {
		switch v := c.field(field).(type) {
		case zenml.Unknown:
			return zenml.Undecided
		case string:
			if zenml.IsSecretReference(v) {
				return zenml.Undecided
			}
			return zenml.Is(test(v))
		default:
			return zenml.False
		}
	}}
}

func always() Condition {
	return Condition{text: "always", of: func(*Component) Truth { return zenml.True }}
}

// isTrue asks a boolean field, which takes its default when absent.
func isTrue(field string) Condition {
	return Condition{text: "has " + field + " = true", of: func(c *Component) Truth {
		switch v := c.field(field).(type) {
		case bool:
			return zenml.Is(v)
		case nil:
			return zenml.False
		default:
			return zenml.Undecided // not converted: the configuration is refused for that already
		}
	}}
}

// isSet asks whether a field holds something that is neither nothing nor empty.
func isSet(field string) Condition {
	return Condition{text: "has " + field, of: func(c *Component) Truth {
		switch v := c.field(field).(type) {
		case zenml.Unknown:
			return zenml.Undecided
		case nil:
			return zenml.False
		case bool:
			return zenml.Is(v)
		case string:
			return zenml.Is(v != "")
		default:
			return zenml.True
		}
	}}
}

// isNotNull asks whether a field holds anything, be it empty.
func isNotNull(field string) Condition {
	return Condition{text: "has " + field, of: func(c *Component) Truth {
		v := c.field(field)
		if zenml.IsUnknown(v) {
			return zenml.Undecided
		}
		return zenml.Is(v != nil)
	}}
}

func equals(field string, wanted ...string) Condition {
	return onText(field, "has "+field+" = "+strings.Join(wanted, " or "), func(v string) bool { return slices.Contains(wanted, v) })
}

func startsWith(field string, beginnings ...string) Condition {
	return onText(field, "has a "+field+" that begins with "+strings.Join(beginnings, " or "), func(v string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(v, b) })
	})
}

// onLaptop holds for a cluster that a laptop runs, as the name of its context tells.
func onLaptop() Condition {
	const field = "kubernetes_context"
	return onText(field, "has a "+field+" with one of "+strings.Join(laptopContexts, " "), func(v string) bool {
		return slices.ContainsFunc(laptopContexts, func(p string) bool { return strings.Contains(strings.ToLower(v), p) })
	})
}

func hasConnector() Condition {
	return Condition{text: "has a service connector", of: func(c *Component) Truth {
		if c.ConnectorUnknown {
			return zenml.Undecided
		}
		return zenml.Is(c.Connector != nil)
	}}
}

// unless begins the text of a negated condition, which turns the sentence around.
const unless = "unless it "

func not(inner Condition) Condition {
	return Condition{text: unless + inner.text, of: func(c *Component) Truth { return zenml.Not(inner.of(c)) }}
}

func anyOf(inner ...Condition) Condition {
	return Condition{text: joinTexts(inner, ", or "), of: func(c *Component) Truth {
		result := zenml.False
		for _, condition := range inner {
			result = zenml.Any(result, condition.of(c))
		}
		return result
	}}
}

func allOf(inner ...Condition) Condition {
	return Condition{text: joinTexts(inner, " and "), of: func(c *Component) Truth {
		result := zenml.True
		for _, condition := range inner {
			result = zenml.All(result, condition.of(c))
		}
		return result
	}}
}

func joinTexts(conditions []Condition, between string) string {
	texts := make([]string, len(conditions))
	for i, condition := range conditions {
		texts[i] = condition.text
	}
	return strings.Join(texts, between)
}

// matches tells whether a component is what a kind/flavor pattern speaks of. Alternatives are separated by "|", and
// the flavor is ZenML's, or ours behind a colon: "model_deployer/:kserve".
func matches(pattern string, c *Component) bool {
	kind, flavors, ok := strings.Cut(pattern, "/")
	if !ok || (kind != "*" && kind != c.Kind) {
		return false
	}
	return slices.ContainsFunc(strings.Split(flavors, "|"), func(flavor string) bool {
		name := c.ZenML
		if ours, isOurs := strings.CutPrefix(flavor, ":"); isOurs {
			flavor, name = ours, c.Flavor
		}
		if c.Unknown || (name == "" && flavor != "*") {
			return false
		}
		hit, _ := path.Match(flavor, name)
		return hit
	})
}
