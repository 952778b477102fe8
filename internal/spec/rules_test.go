package spec

import (
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

const (
	goodStack = "spec_version: 1\nspec_type: stack\nname: laptop\nprovider: k3d\ncomponents:\n  - store.yaml\n"
	goodStore = "spec_version: 1\nspec_type: component\ncomponent_type: artifact_store\ncomponent_flavor: minio\nname: store\nprovider: k3d\n"
)

// edited is a text with one thing changed.
func edited(t *testing.T, text, from, to string) string {
	t.Helper()

	if strings.Count(text, from) != 1 {
		t.Fatalf("%q stands %d times in\n%s", from, strings.Count(text, from), text)
	}

	return strings.Replace(text, from, to, 1)
}

// Each mistake is reported once, by its rule, at its place, and with a way out.
func TestRules_NameFileLineAndColumn(t *testing.T) {
	t.Parallel()

	type change struct{ from, to string }

	type mistake struct {
		name         string
		stack, store change
		rule, at     string
		says         string
	}

	stack, store := "stack_yaml", "component_yaml[0] (store.yaml)"

	for _, m := range []mistake{
		{"stack's name", change{"name: laptop", "name: my laptop"}, change{}, RuleName, stack + ":3:7", "my laptop"},
		{"component's name", change{}, change{"name: store", "name: -store"}, RuleName, store + ":5:7", "begin with a letter"},
		{"name in umlauts", change{}, change{"name: store", "name: größe"}, RuleName, store + ":5:7", "größe"},
		{"no name", change{"name: laptop\n", ""}, change{}, RuleRequired, stack + ":1:1", "no name"},
		{"null name", change{"name: laptop", "name:"}, change{}, RuleRequired, stack + ":3:6", "no name"},
		{"number for a name", change{"name: laptop", "name: 7"}, change{}, RuleShape, stack + ":3:7", `quotes: "7"`},
		{"type nobody knows", change{}, change{"artifact_store", "artifact_stoer"}, RuleType, store + ":3:17", `Did you mean "artifact_store"?`},
		{"type not offered", change{}, change{"artifact_store", "alerter"}, RuleType, store + ":3:17", `no component type "alerter" on k3d`},
		{"type not offered here", change{}, change{"artifact_store", "step_operator"}, RuleType, store + ":3:17", "Leave the component out"},
		{"no type", change{}, change{"component_type: artifact_store\n", ""}, RuleRequired, store + ":1:1", "component_type"},
		{"flavor nobody knows", change{}, change{"minio", "minoi"}, RuleFlavor, store + ":4:19", `Did you mean "minio"?`},
		{"flavor not offered", change{}, change{"minio", "s3"}, RuleFlavor, store + ":4:19", "Use minio."},
		{"no flavor", change{}, change{"component_flavor: minio\n", ""}, RuleRequired, store + ":1:1", "component_flavor"},
		{"provider nobody knows", change{"provider: k3d", "provider: k3"}, change{}, RuleType, stack + ":4:11", `Did you mean "k3d"?`},
		{"no provider", change{"provider: k3d\n", ""}, change{}, RuleRequired, stack + ":1:1", "provider"},
		{"other provider", change{"provider: k3d", "provider: aws"}, change{}, RuleProvider, store + ":6:11", "(stack_yaml:4:11)"},
		{"component without text", change{"  - store.yaml\n", "  - store.yaml\n  -  more.yaml\n"}, change{}, RuleMissing, stack + ":7:6", `"more.yaml" is component 2`},
		{"no version", change{"spec_version: 1\n", ""}, change{}, RuleVersion, stack + ":1:1", "spec_version: 1"},
		{"other version", change{"spec_version: 1", "spec_version: 2"}, change{}, RuleVersion, stack + ":1:15", `"2"`},
		{"version as text", change{}, change{"spec_version: 1", `spec_version: "1"`}, RuleVersion, store + ":1:15", "without quotes"},
		{"no spec type", change{}, change{"spec_type: component\n", ""}, RuleVersion, store + ":1:1", "spec_type: component"},
		{"other spec type", change{"spec_type: stack", "spec_type: stak"}, change{}, RuleVersion, stack + ":2:12", "spec_type: stack"},
		{"list of tags, as the documentation has it", change{"name: laptop\n", "name: laptop\ndefault_tags:\n  - team: ml\n"}, change{}, RuleTexts, stack + ":5:3", "the tool itself refused"},
		{"tag that is a number", change{"name: laptop\n", "name: laptop\ndefault_tags:\n  cost: 12\n"}, change{}, RuleTexts, stack + ":5:9", `"12"`},
		{"tag that is null", change{"name: laptop\n", "name: laptop\ndefault_tags: { cost: ~ }\n"}, change{}, RuleTexts, stack + ":4:23", "empty"},
		{"config that is a boolean", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata:\n  config:\n    a: true\n"}, RuleTexts, store + ":9:8", "a boolean"},
		{"config that is a list", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata:\n  config: [a]\n"}, RuleTexts, store + ":8:11", "a list"},
		{"variables that are a date", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata:\n  environment_variables:\n    a: 2024-01-01\n"}, RuleTexts, store + ":9:8", "a date"},
		{"deployment method", change{"name: laptop\n", "name: laptop\ndeployment_method: helm\n"}, change{}, RuleDeployment, stack + ":4:20", "helm"},
		{"unknown key", change{"components:", "componets:"}, change{}, RuleUnknown, stack + ":5:1", `Did you mean "components"?`},
		{"unknown key of metadata", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata:\n  konfig:\n    a: b\n"}, RuleUnknown, store + ":8:3", `Did you mean "config"?`},
		{"key twice", change{}, change{"name: store\n", "name: store\nname: other\n"}, RuleDuplicate, store + ":6:1", "line 5"},
		{"config key twice", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata: {config: {a: b, a: c}}\n"}, RuleDuplicate, store + ":7:27", "line 7"},
		{"component listed twice", change{"  - store.yaml\n", "  - store.yaml\n  - store.yaml\n"}, change{}, RuleTwins, stack + ":7:5", "line 6"},
		{"component in place", change{"  - store.yaml\n", "  - store.yaml\n  - name: inline\n"}, change{}, RuleShape, stack + ":7:5", "a file of its own"},
		{"components that are a text", change{"components:\n  - store.yaml\n", "components: store.yaml\n"}, change{}, RuleShape, stack + ":5:13", "a list"},
		{"metadata that is a text", change{}, change{"provider: k3d\n", "provider: k3d\nmetadata: none\n"}, RuleShape, store + ":7:11", "a map"},
		{"region of no text", change{"name: laptop\n", "name: laptop\ndefault_region: [eu]\n"}, change{}, RuleShape, stack + ":4:17", "a list"},
		{"tag too long for a label", change{"name: laptop\n", "name: laptop\ndefault_tags:\n  " + strings.Repeat("k", 64) + ": v\n"}, change{}, RuleValue, stack + ":5:3", "64"},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()

			stack, store := goodStack, goodStore
			if m.stack.from != "" {
				stack = edited(t, stack, m.stack.from, m.stack.to)
			}

			if m.store.from != "" {
				store = edited(t, store, m.store.from, m.store.to)
			}

			_, problems := Parse(stack, []string{store}, Options{})
			hasError(t, problems, m.rule, m.at, m.says)
		})
	}
}

// hasError wants an error of a rule at a place; of what else was said nothing is an error of that rule.
func hasError(t *testing.T, problems []Problem, rule, at, says string) {
	t.Helper()

	found := 0

	for _, p := range problems {
		if p.Severity != compose.Error || p.Rule != rule {
			continue
		}

		found++

		if p.String() != at || !strings.Contains(p.Message+" "+p.Fix, says) || p.Summary == "" || p.Message == "" {
			t.Errorf("%s: %s: %s | %s\nwanted at %s: %s", p, p.Summary, p.Message, p.Fix, at, says)
		}
	}

	if found != 1 {
		t.Errorf("%d errors of %s: %v", found, rule, problems)
	}
}

func TestRules_ReportEverythingAtOnce(t *testing.T) {
	t.Parallel()

	stack := "spec_version: 3\nspec_type: stack\nname: a b\nprovider: azur\ndeployment_method: x\nflavors: y\ncomponents: [a, b]\n"
	first := "spec_version: 1\nspec_type: component\ncomponent_type: orchestrater\ncomponent_flavor: x\nname: 1 2\nprovider: aws\n"
	second := "spec_type: component\ncomponent_type: artifact_store\ncomponent_flavor: minio\nname: b\nprovider: gcp\nmetadata: {config: {x: 1}}\n"

	_, problems := Parse(stack, []string{first, second}, Options{StateURL: "http://x"})

	want := []string{
		"remote_state_url V9", "stack_yaml:1:15 V6", "stack_yaml:3:7 V1", "stack_yaml:4:11 V2", "stack_yaml:5:20 V8", "stack_yaml:6:1 spec-unknown-key",
		"component_yaml[0] (a):3:17 V2", "component_yaml[0] (a):5:7 V1",
		"component_yaml[1] (b):1:1 V6", "component_yaml[1] (b):3:19 V3", "component_yaml[1] (b):6:24 V7",
	}

	got := make([]string, 0, len(problems))
	for _, p := range problems {
		got = append(got, p.String()+" "+p.Rule)
	}

	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A name that is wrong keeps nothing else from being said, of the config and of the stack as a whole.
func TestRules_OursAreReportedBesideTheTools(t *testing.T) {
	t.Parallel()

	files := []string{
		componentYAML(aws, kindOrchestrator, "sagemaker", "a b"), componentYAML(aws, kindOrchestrator, "tekton", "two"), componentYAML(aws, kindStore, "s3", "s", "bucket_name: A_B"),
	}
	_, problems := Parse(stackYAML(aws, "s", "a", "b", "c"), files, Options{})
	hasError(t, problems, RuleName, "component_yaml[0] (a):5:7", "a b")
	hasError(t, problems, "stack-takes-one", "component_yaml[1] (b):4:19", "orchestrator")
	hasError(t, problems, RuleValue, "component_yaml[2] (c):9:18", "zenml-A_B")
}

func TestRules_AzureOffersNothing(t *testing.T) {
	t.Parallel()

	stack := edited(t, goodStack, "k3d", "azure")
	_, problems := Parse(stack, []string{edited(t, goodStore, "k3d", "azure")}, Options{})
	hasError(t, problems, RuleType, "component_yaml[0] (store.yaml):3:17", "Use one of the providers aws, gcp, k3d.")

	_, problems = Parse(edited(t, stack, "components:\n  - store.yaml\n", ""), nil, Options{})
	hasError(t, problems, RuleType, "stack_yaml:4:11", "nothing on azure")
}

func TestRules_FilesInEachOthersPlaceAreRefusedForThatAlone(t *testing.T) {
	t.Parallel()

	_, problems := Parse(goodStore, nil, Options{})
	hasError(t, problems, RuleVersion, "stack_yaml:2:12", "Name the stack file")

	if len(problems) != 1 {
		t.Errorf("more is said: %v", problems)
	}

	_, problems = Parse(goodStack, []string{goodStack}, Options{})
	hasError(t, problems, RuleVersion, "component_yaml[0] (store.yaml):2:12", "holds no other stack")

	if len(problems) != 1 {
		t.Errorf("more is said: %v", problems)
	}
}

func TestRules_RemoteStateIsABucket(t *testing.T) {
	t.Parallel()

	for url, says := range map[string]string{"http://x": "neither s3:// nor gs://", "s3://": "does not name a bucket", "gs://a/b": "nothing else", "S3://a": "neither"} {
		_, problems := Parse(goodStack, []string{goodStore}, Options{StateURL: url})
		hasError(t, problems, RuleState, "remote_state_url", says)
	}

	for _, url := range []string{"s3://acme", "gs://acme/", ""} {
		_, problems := Parse(goodStack, []string{goodStore}, Options{StateURL: url})
		refuseErrors(t, problems)
	}
}

func TestRules_FlavorsByOurNamesAreTranslated(t *testing.T) {
	t.Parallel()

	_, problems := Parse(stackYAML(aws, "s", "a"), []string{componentYAML(aws, kindRegistry, "ecr", "images")}, Options{})
	hasError(t, problems, RuleFlavor, "component_yaml[0] (a):4:19", `The tool calls it "aws".`)
}

func TestRules_OursPointToTheComponent(t *testing.T) {
	t.Parallel()

	files := []string{
		componentYAML(aws, kindOrchestrator, "sagemaker", "one"), componentYAML(aws, kindOrchestrator, "tekton", "two"), componentYAML(aws, kindStore, "s3", "s", "bucket_name: b"),
	}
	_, problems := Parse(stackYAML(aws, "s", "a", "b", "c"), files, Options{})
	hasError(t, problems, "stack-takes-one", "component_yaml[1] (b):4:19", "orchestrator")

	_, problems = Parse(stackYAML(gcp, "s", "a"), []string{componentYAML(gcp, kindStore, "gcp", "s")}, Options{})
	hasError(t, problems, RuleProject, "stack_yaml:4:11", "project_id")

	_, problems = Parse(stackYAML(aws, "s", "a"), []string{componentYAML(aws, kindStore, "s3", "s", "bucket_name: Not_A_Bucket")}, Options{})
	hasError(t, problems, RuleValue, "component_yaml[0] (a):9:18", "zenml-Not_A_Bucket")

	_, problems = Parse(stackYAML(aws, "s", "a")+"default_region: eu-wset-1\n", []string{componentYAML(aws, kindRegistry, "aws", "i")}, Options{})
	hasError(t, problems, RuleValue, "stack_yaml:7:17", "eu-west-1")

	_, problems = Parse(stackYAML(k3d, "s", "a", "b"), []string{goodStore, goodStore}, Options{})
	hasError(t, problems, RuleTwins, "component_yaml[1] (b):5:7", "component_yaml[0] (a)")
}

func TestRules_TypesMayShareAName(t *testing.T) {
	t.Parallel()

	s, problems := Parse(stackYAML(k3d, "s", "a", "b"), []string{goodStore, componentYAML(k3d, kindRegistry, "default", "store")}, Options{})
	refuseErrors(t, problems)

	if s.Components[0].Key != "artifact_store/store" || s.Components[1].Key != "container_registry/store" {
		t.Errorf("keys: %s, %s", s.Components[0].Key, s.Components[1].Key)
	}
}
