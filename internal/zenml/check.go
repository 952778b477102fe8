package zenml

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"sync"
)

// Where in ZenML's own course of events a configuration is refused.
const (
	StageType        = "type"        // there is no such component type
	StageFlavor      = "flavor"      // there is no such flavor of the type
	StageConfig      = "config"      // the configuration itself is refused
	StageConnector   = "connector"   // the service connector cannot serve the flavor
	StageInstantiate = "instantiate" // refused only when the component is made, long after it was registered
)

// Problem is one thing ZenML would refuse, or refuses too late (see Rule.Ours).
type Problem struct {
	// Rule is the id of the rule that objects; Rules lists them all.
	Rule string
	// Stage is one of the Stage constants.
	Stage string
	// Path is the field, then deeper keys; empty when the component itself is meant.
	Path []string
	// Message says what is wrong and why, with the value unless it is a secret.
	Message string
	// Fix says what to do; it may be empty.
	Fix string
}

// Rule is one thing a configuration must satisfy.
type Rule struct {
	// ID is stable and never reused.
	ID string
	// On lists what the rule is about as type/flavor patterns, "*" standing for any.
	On []string
	// Stage says when ZenML itself would notice.
	Stage string
	// Demand is the rule and Because its reason, one sentence each.
	Demand, Because string
	// Ours says that ZenML accepts what the rule refuses.
	Ours bool

	check func(*subject) []fault
}

// subject is the configuration a rule looks at.
type subject struct {
	flavor Flavor
	// raw is the configuration as given: some of ZenML's checks run before it converts anything.
	raw map[string]any
	// typed holds the converted values; one that does not fit its field is Unknown, so that it is reported once.
	typed     map[string]any
	connector *Connector
}

// The rules about the shape of any configuration.
const (
	ruleUnknownType     = "zenml-unknown-type"
	ruleUnknownFlavor   = "zenml-unknown-flavor"
	RuleUnknownKey      = "zenml-unknown-key"
	ruleMissingValue    = "zenml-missing-value"
	RuleWrongValue      = "zenml-wrong-value"
	ruleSecretReference = "zenml-secret-reference"
)

// Rules lists every rule about a configuration, for documentation.
func Rules() []Rule { return slices.Concat(structuralRules(), askedRules()) }

// askedRules are the rules with a check of their own, put together once.
var askedRules = sync.OnceValue(func() []Rule { return slices.Concat(fieldRules(), flavorRules(), connectorRules()) })

func structuralRules() []Rule {
	return []Rule{
		{
			ID: ruleUnknownType, On: []string{"*/*"}, Stage: StageType,
			Demand: "The component type is one that ZenML has.", Because: "ZenML has a fixed set of types.",
		},
		{
			ID: ruleUnknownFlavor, On: []string{"*/*"}, Stage: StageFlavor,
			Demand: "The flavor exists for the component type.", Because: "ZenML loads the implementation by its flavor.",
		},
		{
			ID: RuleUnknownKey, On: []string{"*/*"}, Stage: StageConfig,
			Demand: "Every key is a field of the flavor.", Because: "ZenML refuses a configuration with a key it does not know.",
		},
		{
			ID: ruleMissingValue, On: []string{"*/*"}, Stage: StageConfig,
			Demand: "Every required field is set.", Because: "ZenML refuses a configuration without it.",
		},
		{
			ID: RuleWrongValue, On: []string{"*/*"}, Stage: StageConfig,
			Demand: "Every value fits the type and bounds of its field.", Because: "ZenML converts text to numbers, booleans and JSON, and refuses what does not convert.",
		},
		{
			ID: ruleSecretReference, On: []string{"*/*"}, Stage: StageConfig,
			Demand: "A {{secret.key}} reference stands only where ZenML does not look at the value.", Because: "ZenML checks some fields before secrets are resolved.",
		},
	}
}

// Check says what ZenML would object to in a component: everything at once, although ZenML itself stops at the
// first. A value is nil, bool, string, a number, []any, map[string]any or Unknown; numbers, booleans and JSON may
// come as text. An Unknown never yields a problem. A nil connector means that the component has none.
func Check(componentType, flavor string, config map[string]any, connector *Connector) []Problem {
	if !slices.Contains(facts().Types, componentType) {
		return []Problem{{
			Rule: ruleUnknownType, Stage: StageType, Message: fmt.Sprintf("ZenML has no component type %q.", componentType),
			Fix: oneOf(componentType, facts().Types),
		}}
	}
	described, ok := Lookup(componentType, flavor)
	if !ok {
		return []Problem{{
			Rule: ruleUnknownFlavor, Stage: StageFlavor, Fix: oneOf(flavor, FlavorNames(componentType)),
			Message: fmt.Sprintf("ZenML %s has no %s flavor %q.", Version, strings.ReplaceAll(componentType, "_", " "), flavor),
		}}
	}
	s := &subject{flavor: described, raw: config, connector: connector}
	problems := s.checkShape()
	for _, rule := range askedRules() {
		if !rule.applies(componentType, flavor) {
			continue
		}
		for _, f := range rule.check(s) {
			problems = append(problems, Problem{Rule: rule.ID, Stage: rule.Stage, Path: f.path, Message: f.message, Fix: f.fix})
		}
	}
	return problems
}

// applies matches the rule's patterns against a component.
func (r Rule) applies(componentType, flavor string) bool {
	return slices.ContainsFunc(r.On, func(pattern string) bool {
		ok, _ := path.Match(pattern, componentType+"/"+flavor)
		return ok
	})
}

// checkShape reports unknown keys, missing and unfit values, and leaves the converted values in s.typed.
func (s *subject) checkShape() []Problem {
	var problems []Problem
	report := func(f fault, field string) {
		problems = append(problems, Problem{Rule: f.rule, Stage: StageConfig, Path: append([]string{field}, f.path...), Message: f.message, Fix: f.fix})
	}
	s.typed = map[string]any{}
	names := make([]string, len(s.flavor.Fields))
	for i, field := range s.flavor.Fields {
		names[i] = field.Name
		given, ok := s.raw[field.Name]
		if !ok {
			if field.Required && !field.Computed && !s.setThroughOldName(field.Name) {
				report(fault{rule: ruleMissingValue, message: "a value is required"}, field.Name)
			}
			continue
		}
		value, faults := field.coerce(s.prepared(field, given))
		if len(faults) > 0 {
			value = Unknown{}
		}
		if s.replaced(field, given) {
			faults = nil
		}
		s.typed[field.Name] = value
		for _, f := range faults {
			report(f, field.Name)
		}
	}
	for _, key := range sortedKeys(s.raw) {
		if !slices.Contains(names, key) {
			report(fault{
				rule: RuleUnknownKey, fix: oneOf(key, names),
				message: fmt.Sprintf("the %s flavor %q has no field %q", strings.ReplaceAll(s.flavor.Type, "_", " "), s.flavor.Name, key),
			}, key)
		}
	}
	return problems
}

// prepared is a value after what ZenML does to it before conversion: YAML is read, a fraction of a second is cut off.
func (s *subject) prepared(field Field, given any) any {
	if text, ok := given.(string); ok && s.flavor.Name == "great_expectations" && field.Name == "context_config" {
		if parsed, err := decodeJSON(text); err == nil {
			return parsed
		}
		return Unknown{} // YAML: a rule of its own looks at the text
	}
	return wholeSeconds(field, given)
}

// wholeSeconds cuts fractions off the one field for which ZenML does so.
func wholeSeconds(field Field, given any) any {
	if seconds, ok := plainNumber(given).(float64); ok && field.Name == "api_request_timeout" && !field.SecretReference {
		return math.Trunc(seconds)
	}
	return given
}

// replaced tells whether ZenML puts a value of its own in place of the given one before it looks at it.
func (s *subject) replaced(field Field, given any) bool {
	switch {
	case field.Computed:
		return s.before(field.Name).set() == False
	case s.flavor.Name == "kubeflow" && field.Name == "pod_settings":
		_, isText := given.(string) // text is read as JSON before that
		return !isText
	default:
		return given == nil && s.setThroughOldName(field.Name)
	}
}

// setThroughOldName tells whether a deprecated field stands in for the one that replaced it.
func (s *subject) setThroughOldName(name string) bool {
	return slices.ContainsFunc(s.flavor.Fields, func(f Field) bool { return f.ReplacedBy == name && s.raw[f.Name] != nil })
}
