package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// What only Terraform 1.14 and later reads is held against the schemas: every list and every action has an example, and
// the examples set nothing that is not there.
func TestExamples_OfListsAndActionsFitTheirSchemas(t *testing.T) {
	t.Parallel()

	p := speak(t)
	lists, actions := map[string]*tfprotov6.Schema{}, map[string]*tfprotov6.Schema{}

	maps.Copy(lists, p.schemas.ListResourceSchemas)

	for name, schema := range p.schemas.ActionSchemas {
		actions[name] = schema.Schema
	}

	for _, c := range []struct {
		block, file string
		schemas     map[string]*tfprotov6.Schema
	}{{"list", "list-resources/%s/list-resource.tfquery.hcl", lists}, {"action", "actions/%s/action.tf", actions}} {
		for name, schema := range c.schemas {
			exampleFits(t, c.block, name, filepath.Join(examples, strings.ReplaceAll(c.file, "%s", name)), schema)
		}

		there, err := os.ReadDir(filepath.Join(examples, filepath.Dir(filepath.Dir(c.file))))
		must(t, err)

		for _, entry := range there {
			if c.schemas[entry.Name()] == nil {
				t.Errorf("there is an example of the %s %s, which does not exist", c.block, entry.Name())
			}
		}
	}
}

func exampleFits(t *testing.T, block, name, file string, schema *tfprotov6.Schema) {
	t.Helper()

	text, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%s %s has no example: %v", block, name, err)

		return
	}

	parsed, diags := hclwrite.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Error(diags)

		return
	}

	found := false

	for _, one := range parsed.Body().Blocks() {
		if one.Type() != block || len(one.Labels()) != 2 || one.Labels()[0] != name {
			continue
		}

		found = true
		config := one.Body().FirstMatchingBlock("config", nil)

		for attribute := range config.Body().Attributes() {
			if !slices.ContainsFunc(schema.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == attribute }) {
				t.Errorf("%s sets %s, which %s does not have", file, attribute, name)
			}
		}
	}

	if !found {
		t.Errorf("%s has no %s %q", file, block, name)
	}
}
