package zenml

import (
	"fmt"
	"strings"
)

// datadogBatch is the largest batch that Datadog's intake accepts.
const datadogBatch = 1000

// serviceRules are about deployers, log stores and data validators.
func serviceRules() []Rule {
	return []Rule{
		{
			ID: "zenml-kubernetes-probe-path", On: []string{"deployer/kubernetes"}, Stage: StageConfig,
			Demand:  "The paths of probes begin with a slash.",
			Because: "Kubernetes appends them to the address of the pod.", check: func(s *subject) []fault {
				var faults []fault
				for _, name := range []string{"readiness_probe_path", "liveness_probe_path"} {
					if p := s.get(name); p.given {
						faults = append(faults, objection(p.startsWith("/"), name, s.show(name)+" does not begin with /", "Put a / before it.")...)
					}
				}
				return faults
			},
		},
		{
			ID: "app-runner-health-check", On: []string{"deployer/aws"}, Stage: StageConfig, Ours: true,
			Demand:  "health_check_protocol is TCP or HTTP.",
			Because: "ZenML lets any text pass that begins or ends like one of them; App Runner does not.", check: func(s *subject) []fault {
				protocol := s.get("health_check_protocol")
				return objection(Any(protocol.is("TCP"), protocol.is("HTTP")), "health_check_protocol", s.show("health_check_protocol")+" is no protocol of a health check", "Use one of: HTTP, TCP.")
			},
		},
		{
			ID: "zenml-datadog-batch", On: []string{"log_store/datadog"}, Stage: StageConfig,
			Demand:  fmt.Sprintf("max_export_batch_size is at most %d.", datadogBatch),
			Because: "Datadog refuses larger batches.", check: func(s *subject) []fault {
				batch, ok := size(s.get("max_export_batch_size"))
				return objection(Is(!ok || batch <= datadogBatch), "max_export_batch_size", s.show("max_export_batch_size")+" is more than Datadog takes at once",
					fmt.Sprintf("Use at most %d.", datadogBatch))
			},
		},
		{
			ID: "zenml-expectations-config", On: []string{"data_validator/great_expectations"}, Stage: StageConfig,
			Demand:  "context_config given as text is a mapping in YAML or JSON.",
			Because: "ZenML reads it before Great Expectations does.", check: func(s *subject) []fault {
				text, ok := s.before("context_config").v.(string)
				return objection(Is(!ok || (mayBeMapping(text) && !IsSecretReference(text))), "context_config", "the text is no mapping in YAML or JSON", "Write it with yamlencode(…) or jsonencode(…).")
			},
		},
	}
}

// mayBeMapping tells whether a text can be a YAML mapping (or nothing at all). It is deliberately lenient, because a
// full YAML parser is not worth one field: what it lets through wrongly, ZenML still refuses.
func mayBeMapping(text string) bool {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && line != "---" {
			lines = append(lines, line)
		}
	}
	body := strings.Join(lines, "\n")
	switch {
	case body == "" || body == "~" || strings.EqualFold(body, "null"):
		return true
	case strings.HasPrefix(body, "{"):
		return strings.HasSuffix(body, "}") && strings.Count(body, "[") == strings.Count(body, "]") && strings.Count(body, "{") == strings.Count(body, "}")
	case strings.HasPrefix(body, "["), strings.HasPrefix(body, "- "):
		return false
	default:
		return strings.Contains(body+"\n", ":\n") || strings.Contains(body, ": ") || strings.HasPrefix(body, "?")
	}
}
