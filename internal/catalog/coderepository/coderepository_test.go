package coderepository_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/coderepository"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestHostedRepository_HasTheAddressOfItsPage(t *testing.T) {
	t.Parallel()

	github, gitlab := coderepository.GitHub, coderepository.GitLab

	for name, c := range map[string]struct {
		flavor flavor.Flavor
		values flavor.Values
		want   any
	}{
		"GitHub":                     {github, flavor.Values{"host": nil, "owner": "acme", "repository": "churn"}, "https://github.com/acme/churn"},
		"GitHub of one's own":        {github, flavor.Values{"host": "git.acme.com", "owner": "ml", "repository": "churn"}, "https://git.acme.com/ml/churn"},
		"GitLab with subgroup":       {gitlab, flavor.Values{"group": "acme/ml", "project": "churn"}, "https://gitlab.com/acme/ml/churn"},
		"not known yet":              {github, flavor.Values{"owner": zenml.Unknown{}, "repository": "churn"}, zenml.Unknown{}},
		"nothing known of an import": {gitlab, flavor.Values{"host": nil, "group": nil, "project": nil}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := c.flavor.Facts(coderepository.Kind(), flavor.Subject{Name: "code", Values: c.values}).URI; got != c.want {
				t.Errorf("uri is %v, want %v", got, c.want)
			}
		})
	}
}

func TestGit_RefusesAPasswordInTheAddress(t *testing.T) {
	t.Parallel()

	for url, refused := range map[string]bool{
		"https://git.example.com/ml/churn.git":            false,
		"https://acme@dev.azure.com/acme/ml/_git/churn":   false,
		"ssh://git@git.example.com:2222/ml/churn.git":     false,
		"git@git.example.com:ml/churn.git":                false,
		"https://git.example.com:8443/ml/churn@v1:x.git":  false,
		"https://ci:hunter2@git.example.com/ml/churn.git": true,
		"https://:hunter2@git.example.com/ml/churn.git":   true,
		"https://ci:a@b@git.example.com/ml/churn.git":     true,
	} {
		if got := len(coderepository.Git.Check(coderepository.Kind(), flavor.Subject{Values: flavor.Values{"url": url}})) > 0; got != refused {
			t.Errorf("%s: refused is %v, want %v", url, got, refused)
		}
	}
}
