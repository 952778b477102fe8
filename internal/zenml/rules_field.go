package zenml

import (
	"fmt"
	"reflect"
	"strings"
)

// fieldRules are about fields of any flavor.
func fieldRules() []Rule {
	return []Rule{
		{
			ID: "zenml-renamed-field", On: []string{"*/*"}, Stage: StageConfig,
			Demand:  "A field and the deprecated field it replaced are not given with different values.",
			Because: "ZenML cannot tell which one is meant.", check: checkRenamed,
		},
		{
			ID: "port-range", On: []string{"*/*"}, Stage: StageConfig, Ours: true,
			Demand:  "A port is between 1 and 65535.",
			Because: "ZenML takes any whole number and fails when it first connects.", check: checkPorts,
		},
	}
}

func checkRenamed(s *subject) []fault {
	var faults []fault
	for _, field := range s.flavor.Fields {
		if field.ReplacedBy == "" {
			continue
		}
		before, now := s.before(field.Name), s.before(field.ReplacedBy)
		if before.v == nil || now.v == nil || HoldsUnknown(before.v) || HoldsUnknown(now.v) {
			continue
		}
		if !reflect.DeepEqual(plainNumbers(before.v), plainNumbers(now.v)) {
			faults = append(faults, fault{
				path: []string{field.Name}, fix: fmt.Sprintf("Set %s only.", field.ReplacedBy),
				message: fmt.Sprintf("this is the old name of %s, which has another value", field.ReplacedBy),
			})
		}
	}
	return faults
}

// checkPorts looks at given values only: defaults are ZenML's own affair.
func checkPorts(s *subject) []fault {
	var faults []fault
	for _, field := range s.flavor.Fields {
		if field.Type != "int" || (field.Name != "port" && !strings.HasSuffix(field.Name, "_port")) {
			continue
		}
		if port, ok := s.get(field.Name).v.(int64); ok && s.get(field.Name).given && (port < 1 || port > 65535) {
			faults = append(faults, fault{path: []string{field.Name}, message: fmt.Sprintf("%d is no port", port), fix: "Use a number from 1 to 65535."})
		}
	}
	return faults
}
