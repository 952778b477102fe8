package function

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var (
	laptop = component("orchestrator", "local", "local", nil)
	disk   = component("artifact_store", "local", "local", map[string]any{
		"zenml": map[string]any{"flavor": "local", "configuration": map[string]any{"path": "/srv/artifacts"}},
	})
	slack = component("alerter", "slack", "slack", map[string]any{
		"zenml": map[string]any{"flavor": "slack", "configuration": map[string]any{"slack_token": "{{slack.token}}"}},
	})
	registry = component("container_registry", "ghcr", "github", map[string]any{
		"zenml": map[string]any{"flavor": "github", "configuration": map[string]any{"uri": "ghcr.io/acme"}},
	})
)

// Whatever the shape in which components come, what is found and what is written is the same.
func TestComponents_MeanTheSameInEveryShape(t *testing.T) {
	t.Parallel()

	second := maps.Clone(slack)
	second["name"] = "second"

	var findings, text string

	for name, given := range map[string]any{
		"list":                []any{laptop, disk, slack, second},
		"list in other order": []any{slack, nil, disk, second, laptop},
		"slots":               map[string]any{"orchestrator": laptop, "artifact_store": disk, "alerter": slack, "additional_alerters": []any{second}},
		"whole stack": map[string]any{
			"name": "dev", "id": "dev", "zenml_yaml": "…", "findings": []any{}, "target": nil, "waive": nil, "orchestrator": laptop,
			"artifact_store": disk, "container_registry": nil, "alerter": slack, "additional_alerters": []any{second},
		},
		"keys of one's own": map[string]any{"a": laptop, "b": disk, "c": slack, "d": second},
	} {
		found, err := run(t, CheckStack{whole}, dynamic(t, given))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		yaml, err := run(t, ZenMLYAML{whole}, dynamic(t, given), named(types.StringValue("dev")))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		if text == "" {
			findings, text = found.String(), yaml.String()
		}

		if found.String() != findings || yaml.String() != text {
			t.Errorf("%s: got %s and %s, and others %s and %s", name, found, yaml, findings, text)
		}
	}

	if !strings.Contains(text, "second") || !strings.Contains(text, "/srv/artifacts") {
		t.Errorf("the components are not in %s", text)
	}
}

func TestCheckStack_FindsInsteadOfFailing(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		given any
		rules []string
	}{
		"nothing":                 {[]any{}, []string{"stack-needs-core"}},
		"nothing under no slot":   {map[string]any{}, []string{"stack-needs-core"}},
		"one part":                {[]any{laptop}, []string{"stack-needs-core"}},
		"two stores":              {[]any{laptop, disk, disk}, []string{"stack-takes-one"}},
		"wrong slot":              {map[string]any{"orchestrator": disk, "artifact_store": disk}, []string{"stack-slot-type"}},
		"flavor that is none":     {[]any{laptop, component("artifact_store", "floppy", "local", nil)}, []string{"no flavor"}},
		"remote with a directory": {[]any{component("orchestrator", "skypilot_azure", "vm_azure", nil), disk, registry}, []string{"skypilot-needs-remote-parts"}},
		"waived": {
			map[string]any{"orchestrator": component("orchestrator", "skypilot_azure", "vm_azure", nil), "artifact_store": disk, "waive": []any{"no-such-rule"}},
			[]string{"unknown-waiver"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			found, err := run(t, CheckStack{whole}, dynamic(t, c.given))
			if err != nil {
				t.Fatal(err)
			}

			for _, rule := range c.rules {
				if !strings.Contains(found.String(), rule) {
					t.Errorf("want the rule %s in %s", rule, found)
				}
			}
		})
	}
}

func TestComponents_RefuseWhatIsNoneAndSayWhatToGive(t *testing.T) {
	t.Parallel()

	bare := maps.Clone(laptop)
	delete(bare, "flavor")

	for name, c := range map[string]struct {
		given any
		says  string
	}{
		"text":              {"orchestrator", "[mlstacks_orchestrator.main, mlstacks_artifact_store.main]"},
		"number":            {7, "a list such as"},
		"one component":     {laptop, "a single component, of type orchestrator"},
		"list of lists":     {[]any{[]any{laptop}}, "flatten([…])"},
		"list of texts":     {[]any{"a"}, "element 0: a is no component"},
		"no flavor":         {[]any{laptop, bare}, "element 1: this has no flavor"},
		"cluster":           {[]any{component("cluster", "k3d", "", nil)}, `of type "cluster", which takes no part`},
		"misspelled type":   {[]any{component("artifact_stor", "s3", "s3", nil)}, `Did you mean "artifact_store"?`},
		"misspelled slot":   {map[string]any{"orchestrator": laptop, "artifact_stor": disk}, `Did you mean "artifact_store"?`},
		"list in a slot":    {map[string]any{"orchestrator": []any{laptop}}, "orchestrator is a list"},
		"one in a list":     {map[string]any{"additional_alerters": slack}, "additional_alerters: this is no list"},
		"misspelled target": {map[string]any{"orchestrator": laptop, "target": "gcpp"}, `Did you mean "gcp"?`},
		"waive of one":      {map[string]any{"orchestrator": laptop, "waive": "a"}, "waive is no list"},
		"nested":            {[]any{component("orchestrator", "local", "local", map[string]any{"zenml": map[string]any{"flavor": "local", "configuration": map[string]any{"a": []any{}}}})}, "written as JSON"},
		"view is a text":    {[]any{component("orchestrator", "local", "local", map[string]any{"zenml": "local"})}, "zenml is no object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got, err := run(t, CheckStack{whole}, dynamic(t, c.given)); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, %v; want an error with %q", got, err, c.says)
			}
		})
	}
}

// What is unknown of a component makes the result unknown where a rule or the YAML could depend on it, and nowhere else.
func TestComponents_UnknownPartsMakeTheResultUnknown(t *testing.T) {
	t.Parallel()

	later := zenml.Unknown{}
	with := func(name string, value any) map[string]any {
		c := maps.Clone(disk)
		c[name] = value

		return c
	}

	for name, given := range map[string]any{
		"everything":          later,
		"an element":          []any{laptop, later},
		"a slot":              map[string]any{"orchestrator": laptop, "artifact_store": later},
		"further ones":        map[string]any{"orchestrator": laptop, "artifact_store": disk, "additional_alerters": later},
		"a further one":       map[string]any{"orchestrator": laptop, "artifact_store": disk, "additional_alerters": []any{later}},
		"target":              map[string]any{"orchestrator": laptop, "artifact_store": disk, "target": later},
		"waive":               map[string]any{"orchestrator": laptop, "artifact_store": disk, "waive": []any{later}},
		"type":                []any{laptop, with("type", later)},
		"flavor":              []any{laptop, with("flavor", later)},
		"name":                []any{laptop, with("name", later)},
		"uri":                 []any{laptop, with("uri", later)},
		"view":                []any{laptop, with("zenml", later)},
		"a setting":           []any{laptop, with("zenml", map[string]any{"flavor": "local", "configuration": map[string]any{"path": later}})},
		"fault with the rest": []any{laptop, component("artifact_store", "floppy", "local", map[string]any{"name": later})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for what, f := range map[string]func() (interface{ IsUnknown() bool }, error){
				"check_stack": func() (interface{ IsUnknown() bool }, error) { return run(t, CheckStack{whole}, dynamic(t, given)) },
				"compatible_flavors": func() (interface{ IsUnknown() bool }, error) {
					return run(t, CompatibleFlavors{whole}, types.StringValue("alerter"), dynamic(t, given))
				},
				"zenml_yaml": func() (interface{ IsUnknown() bool }, error) {
					return run(t, ZenMLYAML{whole}, dynamic(t, given), named(types.StringValue("dev")))
				},
			} {
				if got, err := f(); err != nil || !got.IsUnknown() {
					t.Errorf("%s: got %v, %v; want unknown", what, got, err)
				}
			}
		})
	}

	for name, given := range map[string]any{
		"what no slot takes": []any{laptop, with("id", later)},
		"incarnation of a cluster": []any{laptop, with("cluster", map[string]any{
			"name": "dev", "reference": map[string]any{"type": "k3d", "name": "dev"}, "incarnation": later,
		})},
	} {
		if got, err := run(t, CheckStack{whole}, dynamic(t, given)); err != nil || got.IsUnknown() {
			t.Errorf("%s: got %v, %v; want findings", name, got, err)
		}
	}
}

func TestZenMLYAML_WantsAStackThatWorksAndItsName(t *testing.T) {
	t.Parallel()

	works := map[string]any{"name": "dev", "orchestrator": laptop, "artifact_store": disk}

	if got, err := run(t, ZenMLYAML{whole}, dynamic(t, works), noNames()); err != nil || !strings.Contains(got.String(), "stack_name: dev") {
		t.Errorf("the object has a name; got %v, %v", got, err)
	}

	if got, err := run(t, ZenMLYAML{whole}, dynamic(t, works), named(types.StringValue("other"))); err != nil || !strings.Contains(got.String(), "stack_name: other") {
		t.Errorf("the name behind takes its place; got %v, %v", got, err)
	}

	if got, err := run(t, ZenMLYAML{whole}, dynamic(t, works), named(types.StringUnknown())); err != nil || !got.IsUnknown() {
		t.Errorf("the name is unknown; got %v, %v", got, err)
	}

	for says, given := range map[string][]any{
		"has no name":                        {[]any{laptop, disk}, nil},
		"no name of a stack":                 {[]any{laptop, disk}, "a stack"},
		"cannot work":                        {[]any{laptop}, "dev"},
		"(rule skypilot-needs-remote-parts)": {[]any{component("orchestrator", "skypilot_azure", "vm_azure", nil), disk, registry}, "dev"},
	} {
		names := noNames()
		if text, ok := given[1].(string); ok {
			names = named(types.StringValue(text))
		}

		if got, err := run(t, ZenMLYAML{whole}, dynamic(t, given[0]), names); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, %v; want an error with %q", got, err, says)
		}
	}
}

func TestFunctions_NameWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()

	if got, err := run(t, CompatibleFlavors{whole}, types.StringValue("artifact_stores"), dynamic(t, []any{})); err == nil || !strings.Contains(err.Error(), `Did you mean "artifact_store"?`) {
		t.Errorf("got %v, %v", got, err)
	}

	if got, err := run(t, NormalizeName{}, types.StringValue("a"), types.StringValue("azure")); err == nil || !strings.Contains(err.Error(), "ecr, gcs, kubernetes, s3") {
		t.Errorf("got %v, %v", got, err)
	}

	if got, err := run(t, ParseArtifactURI{}, types.StringNull()); err != nil || !got.IsNull() {
		t.Errorf("got %v, %v; want null", got, err)
	}
}
