package spec

import (
	"strings"
	"testing"
)

// The shapes of the tool's documentation, in words of our own: a bucket on each provider, with tags and region in the
// metadata, quotes around everything or nothing, and all optional keys at once.
func TestDocumentation_EveryShapeIsTranslated(t *testing.T) {
	t.Parallel()

	stack := func(provider, region string) string {
		return "spec_version: 1\nspec_type: stack\nname: \"first_stack\"\nprovider: " + provider + "\ndefault_region: \"" + region +
			"\"\ndefault_tags:\n  made-by: \"hand\"\ncomponents:\n  - bucket.yaml\n"
	}
	bucket := func(provider, flavor, region string, config ...string) string {
		return "spec_version: 1\nspec_type: component\ncomponent_type: \"artifact_store\"\ncomponent_flavor: \"" + flavor + "\"\nname: \"first_bucket\"\nprovider: " + provider +
			"\nmetadata:\n  config:\n    " + strings.Join(config, "\n    ") + "\n  tags:\n    made-by: \"hand\"\n  region: \"" + region + "\"\n"
	}

	for provider, c := range map[string]struct {
		region, store string
		wants         []string
		warnings      int
	}{
		aws: {"eu-north-1", bucket(aws, "s3", "eu-north-1", `bucket_name: "first-bucket"`), []string{`bucket = "zenml-first-bucket"`, `region = "eu-north-1"`, `made-by = "hand"`}, 0},
		gcp: {
			"europe-north1", bucket(gcp, "gcp", "eu-north1", `bucket_name: "first_bucket"`, `project_id: "acme-ml"`),
			[]string{`path = "gs://zenml-first_bucket"`},
			2, // another region below metadata; nothing makes the bucket
		},
		k3d: {
			"local", bucket(k3d, "minio", "local", `bucket_name: "first_bucket"`), []string{`bucket = "first-bucket"`, `name    = "first-bucket"`}, 2, // two names
		},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()

			s, problems := Parse(stack(provider, c.region), []string{c.store}, Options{})
			refuseErrors(t, problems)
			sound(t, s.HCL)

			if len(problems) != c.warnings {
				t.Errorf("%d warnings: %v", len(problems), problems)
			}

			for _, want := range append(c.wants, `name           = "first_stack"`, "orchestrator   = mlstacks_orchestrator.local") {
				if !strings.Contains(s.HCL, want) {
					t.Errorf("no %s in\n%s", want, s.HCL)
				}
			}
		})
	}
}

func TestDocumentation_WhatIsOptionalMayBeAbsentOrNull(t *testing.T) {
	t.Parallel()

	for name, more := range map[string]string{
		"absent": "", "null": "default_region:\ndefault_tags:\ndeployment_method: ~\ncomponents:\n", "empty": "default_tags: {}\ndeployment_method: kubernetes\ncomponents: []\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, problems := Parse("spec_version: 1\nspec_type: stack\nname: bare\nprovider: aws\n"+more, nil, Options{})
			refuseErrors(t, problems)
			sound(t, s.HCL)
		})
	}

	for _, metadata := range []string{"metadata:\n", "metadata: {}\n", "metadata:\n  config:\n  environment_variables: ~\n  tags: {}\n  region:\n"} {
		_, problems := Parse(goodStack, []string{goodStore + metadata}, Options{})
		if len(problems) > 0 {
			t.Errorf("%s: %v", metadata, problems)
		}
	}
}

// The tool threw the configs of all components together.
func TestDocumentation_ConfigOfAnyComponentCounts(t *testing.T) {
	t.Parallel()

	files := []string{componentYAML(gcp, kindStore, "gcp", "store"), componentYAML(gcp, kindOrchestrator, "vertex", "jobs", "project_id: acme", "bucket_name: shared", "region: europe-west3")}
	s, problems := Parse(stackYAML(gcp, "s", "a", "b"), files, Options{})
	refuseErrors(t, problems)

	if c := s.Components[0]; c.Configuration["bucket"] != "zenml-shared" || c.Configuration["project"] != "acme" || c.Region != "europe-west3" || s.Region != "europe-west3" {
		t.Errorf("%+v", c)
	}

	if !strings.Contains(s.HCL, "location = \"europe-west3\"") {
		t.Error(s.HCL)
	}
}

func TestDocumentation_WhatDidNothingIsSaid(t *testing.T) {
	t.Parallel()

	store := goodStore + "metadata:\n  config:\n    buket_name: x\n  environment_variables:\n    A: b\n  region: mars\n"
	_, problems := Parse(goodStack+"default_region: here\n", []string{store}, Options{})
	refuseErrors(t, problems)

	got := make([]string, 0, len(problems))
	for _, p := range problems {
		got = append(got, p.String()+" "+p.Rule+" "+p.Fix)
	}

	want := []string{
		`component_yaml[0] (store.yaml):9:17 spec-ignored Did you mean "bucket_name"? Remove it.`,
		"component_yaml[0] (store.yaml):11:5 spec-ignored Remove them; the environment of the stack is an output of mlstacks_stack.",
		"component_yaml[0] (store.yaml):12:11 spec-ignored Remove it, or make the two the same.",
	}

	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
