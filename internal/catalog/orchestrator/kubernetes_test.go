package orchestrator

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/launched"
)

// What ZenML calls in a cluster is looked up in its code: a right that is added or dropped here has to be one that it uses.
func TestKubernetes_GrantsWhatZenMLCallsAndNothingElse(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		cfg  kubernetesConfig
		want map[string][]string
		wide string
	}{
		{kubernetesConfig{}, map[string][]string{
			"kube-orchestrator": {
				"{ pods [] [get list]}",
				"{batch jobs [] [create get list patch delete]}",
				"{batch jobs/finalizers [] [update]}",
			},
			"kube-orchestrator-step": nil,
			"kube-orchestrator-client": {
				"{batch jobs [] [create get list delete]}",
				"{batch cronjobs [] [create patch delete]}",
				"{ pods [] [list]}",
				"{ pods/log [] [get]}",
			},
		}, "[]"},
		{kubernetesConfig{TokenAsSecret: true}, map[string][]string{
			"kube-orchestrator": {
				"{ pods [] [get list]}",
				"{batch jobs [] [create get list patch delete]}",
				"{batch jobs/finalizers [] [update]}",
				"{ secrets [] [delete]}",
			},
			"kube-orchestrator-step": nil,
			"kube-orchestrator-client": {
				"{batch jobs [] [create get list delete]}",
				"{batch cronjobs [] [create patch delete]}",
				"{ pods [] [list]}",
				"{ pods/log [] [get]}",
				"{ secrets [] [create patch delete]}",
			},
		}, "[]"},
	} {
		launched.Grants(t, kubernetesAccounts(launched.Site, c.cfg), c.want, c.wide)
	}
}

func TestKubernetes_TellsZenMLWhereAndAsWhom(t *testing.T) {
	t.Parallel()

	launched.Tells(t, Kind(), Kubernetes, map[string]any{"kubernetes_namespace": "runs", "service_account_name": "kube-orchestrator", "step_pod_service_account_name": "kube-orchestrator-step"})
}
