// Package acctest runs the provider in-process under the real Terraform CLI.
package acctest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// Providers serve the provider in-process.
func Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"mlstacks": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test"), nil },
	}
}

// Run drives steps through the real CLI.
func Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: Providers(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
		Steps:                    steps,
	})
}

// Says matches what the CLI prints: it wraps lines and draws bars, so that any white space may stand between words.
func Says(texts ...string) *regexp.Regexp {
	words := strings.Fields(strings.Join(texts, " "))
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}

	return regexp.MustCompile(`(?s)` + strings.Join(words, `[\s│]+`))
}

// SaysAll matches output in which each text is said, in this order, with anything between them.
func SaysAll(texts ...string) *regexp.Regexp {
	patterns := make([]string, 0, len(texts))
	for _, text := range texts {
		patterns = append(patterns, strings.TrimPrefix(Says(text).String(), `(?s)`))
	}

	return regexp.MustCompile(`(?s)` + strings.Join(patterns, `.*`))
}
