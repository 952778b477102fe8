package compose

import (
	"strings"
	"testing"
)

// A component at an address that only this machine knows is refused when steps use its kind, and worth a warning when
// they do not.
func TestReach_IsAnErrorForWhatStepsUse(t *testing.T) {
	t.Parallel()

	for kind, want := range map[string]Severity{
		"alerter": Error, "experiment_tracker": Error, "metadata_store": Error, "model_registry": Error, "log_store": Error, "data_validator": Error,
		"annotator": Warning, "code_repository": Warning, "deployer": Warning, "image_builder": Warning, "mlops_platform": Warning, "monitoring": Warning,
		"sandbox": Warning, "secrets_manager": Warning,
	} {
		s := stackOf(cloud)
		s.Components = append(s.Components, Component{Slot: kind, Kind: kind, Flavor: "custom/own", URI: "http://localhost:8065"})
		id := map[Severity]string{Error: "remote-needs-reachability", Warning: "remote-prefers-reachability"}[want]

		p := find(t, Checker{ImageBuilderDefault: true}.Check(s), id)
		if p.Severity != want || len(p.Others) != 1 || p.Others[0].Kind != kind {
			t.Errorf("%s: %+v", kind, p)
		}

		if want == Warning && !strings.Contains(p.Because, words(kind)) {
			t.Errorf("%s: the reason must say that it is one of the kinds that steps work without: %s", kind, p.Because)
		}
	}
}
