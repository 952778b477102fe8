package live_test

import (
	"strings"
	"testing"

	authorization "k8s.io/api/authorization/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// right is what a service account may do, or may not.
type right struct {
	account, verb, group, resource, namespace string
}

func (f flavored) rights(t *testing.T) {
	t.Helper()

	const pods, client = "pods-orchestrator", "pods-orchestrator-client"

	allowed := map[right]bool{
		{pods, "create", "batch", "jobs", flavorsRuns}:                         true,
		{pods, "list", "", "pods", flavorsRuns}:                                true,
		{client, "create", "batch", "jobs", flavorsRuns}:                       true,
		{client, "create", "batch", "jobs", flavorsServices}:                   false,
		{"pods-orchestrator-step", "create", "batch", "jobs", flavorsRuns}:     true, // granted by the step operator
		{"pods-step-operator", "create", "batch", "jobs", flavorsRuns}:         false,
		{"pods-step-operator-client", "create", "batch", "jobs", flavorsRuns}:  true,
		{"pods-deployer", "list", "", "pods", flavorsRuns}:                     false,
		{"pods-deployer-client", "create", "apps", "deployments", flavorsRuns}: true,
		{"pods-deployer-client", "list", "", "nodes", ""}:                      true,
		{"pods-deployer-client", "get", "", "secrets", flavorsRuns}:            false,
		{"pods-sandbox", "create", "", "pods", flavorsRuns}:                    false,
		{"pods-sandbox-client", "create", "", "pods", flavorsRuns}:             true,
		{"pods-sandbox-client", "create", "", "pods", flavorsServices}:         false,
		{flavorsServices + "/builds", "create", "", "pods", flavorsServices}:   true,
		{flavorsServices + "/builds", "get", "", "secrets", flavorsServices}:   false,
		{flavorsSecrets + "/secrets", "get", "", "secrets", flavorsSecrets}:    true,
		{flavorsSecrets + "/secrets", "get", "", "secrets", flavorsServices}:   false,
		{flavorsSecrets + "/secrets", "create", "", "pods", flavorsSecrets}:    false,
		{pods, "delete", "", "secrets", flavorsRuns}:                           false, // only where the token is a secret
		{client, "create", "", "serviceaccounts/token", ""}:                    false,
	}

	for _, account := range []string{
		pods, client, "pods-orchestrator-step", "pods-step-operator", "pods-step-operator-client", "pods-deployer", "pods-deployer-client",
		"pods-sandbox", "pods-sandbox-client", flavorsServices + "/builds", flavorsSecrets + "/secrets",
	} {
		allowed[right{account, "list", "", "secrets", ""}] = false
		allowed[right{account, "delete", "", "namespaces", ""}] = false
	}

	for may, want := range allowed {
		if got := f.dev.may(t, may); got != want {
			t.Errorf("%+v: %v, should be %v", may, got, want)
		}
	}

	quotas, err := f.dev.CoreV1().ResourceQuotas(flavorsRuns).List(t.Context(), meta.ListOptions{})
	must(t, err)

	if len(quotas.Items) != 1 || quotas.Items[0].Spec.Hard.Pods().Value() != 7 {
		t.Errorf("the quotas are %v", quotas.Items)
	}
}

// may asks the cluster about a service account: of the namespace of runs, where none is named.
func (s site) may(t *testing.T, r right) bool {
	t.Helper()

	namespace, name, ok := strings.Cut(r.account, "/")
	if !ok {
		namespace, name = flavorsRuns, r.account
	}

	if _, err := s.CoreV1().ServiceAccounts(namespace).Get(t.Context(), name, meta.GetOptions{}); err != nil {
		t.Error(err)
	}

	resource, part, _ := strings.Cut(r.resource, "/")
	review := &authorization.SubjectAccessReview{Spec: authorization.SubjectAccessReviewSpec{
		User:   "system:serviceaccount:" + namespace + ":" + name,
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"},
		ResourceAttributes: &authorization.ResourceAttributes{
			Namespace: r.namespace, Verb: r.verb, Group: r.group, Resource: resource, Subresource: part,
		},
	}}

	answer, err := s.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), review, meta.CreateOptions{})
	must(t, err)

	return answer.Status.Allowed
}
