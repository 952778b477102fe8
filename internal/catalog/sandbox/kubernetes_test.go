package sandbox

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
			"kube-sandbox": nil,
			"kube-sandbox-client": {
				"{ pods [] [create get list delete]}",
				"{ pods/exec [] [get create]}",
			},
		}, "[]"},
	} {
		launched.Grants(t, kubernetesAccounts(launched.Site, c.cfg), c.want, c.wide)
	}
}

func TestKubernetes_TellsZenMLWhereAndAsWhom(t *testing.T) {
	t.Parallel()

	launched.Tells(t, Kind(), Kubernetes, map[string]any{"kubernetes_namespace": "runs", "service_account_name": "kube-sandbox"})
}
