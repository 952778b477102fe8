package catalog_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Terraform drops a misspelled optional key inside a nested attribute without a word. A default makes the slip show in
// the plan; an attribute that has none must stand here, because null is a value of its own for it.
var nullable = []string{
	"authentication_secret", "compute_name", "dag_output_dir", "databricks_host", "default_discord_channel_id", "default_repository",
	"docker_image_url", "docker_image_username", "endpoint", "entity", "experiment_name", "gpu",
	"gpu_memory_request", "image_pull_secret_name", "infra", "instance_type", "machine_type", "node_type_id",
	"num_workers", "organization", "port", "project", "project_name", "region",
	"registry_auth_secret", "resume", "run_id", "secret_name", "server_url", "size",
	"slack_channel_id", "space_id", "spark_version", "ssh_key_path", "teamspace", "use_spot",
	"username", "workspace", "zone",
}

func TestCatalog_EveryLeafIsRequiredOrShowsADefaultOrIsListed(t *testing.T) {
	t.Parallel()

	used := map[string]bool{}

	each(func(kind flavor.Kind, f flavor.Flavor) {
		for name, attribute := range f.Attributes(kind) {
			if attribute.IsRequired() || attribute.IsComputed() || isSecretPart(name, f.Attributes(kind)) || name == "settings" {
				continue
			}

			used[name] = true

			if !slices.Contains(nullable, name) {
				t.Errorf("%s.%s.%s is optional, has no default and is not on the list", kind.Name, f.Name, name)
			}
		}
	})

	for _, name := range nullable {
		if !used[name] {
			t.Errorf("%s is on the list, and no flavor has it", name)
		}
	}
}

// isSecretPart says that an attribute is one of the three that stand for a secret.
func isSecretPart(name string, among map[string]schema.Attribute) bool {
	for _, suffix := range []string{flavor.WriteOnlySuffix, flavor.VersionSuffix, flavor.ReferenceSuffix} {
		if field, ok := strings.CutSuffix(name, suffix); ok && among[field+flavor.WriteOnlySuffix] != nil {
			return true
		}
	}

	return false
}

func TestCatalog_EveryAttributeIsDescribedInASentence(t *testing.T) {
	t.Parallel()

	each(func(kind flavor.Kind, f flavor.Flavor) {
		for name, attribute := range f.Attributes(kind) {
			if text := attribute.GetMarkdownDescription(); !strings.HasSuffix(text, ".") {
				t.Errorf("%s.%s.%s: description is not a sentence: %q", kind.Name, f.Name, name, text)
			}
		}

		if f.Summary == "" || !strings.HasSuffix(f.Summary, ".") {
			t.Errorf("%s.%s: summary is not a sentence: %q", kind.Name, f.Name, f.Summary)
		}
	})
}

func TestCatalog_NamesOfZenMLExist(t *testing.T) {
	t.Parallel()

	each(func(kind flavor.Kind, f flavor.Flavor) {
		if !kind.ZenML {
			if slices.Contains(zenml.Types(), kind.Name) {
				t.Errorf("%s: ZenML has this type", kind.Name)
			}

			return
		}

		if _, ok := zenml.Lookup(kind.Name, f.ZenML); f.ZenML != "" && !ok {
			t.Errorf("%s.%s: ZenML has no flavor %q", kind.Name, f.Name, f.ZenML)
		}
	})
}

func TestCatalog_KindsRepeatWhereZenMLLetsThem(t *testing.T) {
	t.Parallel()

	for _, kind := range catalog.Kinds() {
		if kind.Many != zenml.Repeatable(kind.Name) {
			t.Errorf("%s: many is %v, ZenML says %v", kind.Name, kind.Many, zenml.Repeatable(kind.Name))
		}

		if kind.Purpose == "" {
			t.Errorf("%s says nothing of what it is for", kind.Name)
		}
	}
}

// Flavors that have no use for ZenML's secrets, and why.
var pointless = map[string]string{"mlflow_local": "a tracker without a server has no login"}

// Every option of a ZenML flavor is within reach: as an attribute, as a secret, or through settings.
func TestCatalog_EveryZenMLFieldIsWithinReach(t *testing.T) {
	t.Parallel()

	each(func(kind flavor.Kind, f flavor.Flavor) {
		facts, ok := zenml.Lookup(kind.Name, f.ZenML)
		if !ok || !kind.ZenML {
			return
		}

		attributes := f.Attributes(kind)
		_, settings := attributes["settings"]

		for _, field := range facts.Fields {
			_, own := attributes[field.Name]
			_, secret := attributes[field.Name+flavor.WriteOnlySuffix]
			_, mapped := f.Attribute[field.Name]

			switch {
			case own, secret, mapped, field.Deprecated:
			case pointless[f.Name] != "" && field.Secret:
			case field.Secret:
				t.Errorf("%s.%s: the secret %s is out of reach", kind.Name, f.Name, field.Name)
			case !settings:
				t.Errorf("%s.%s: %s is out of reach", kind.Name, f.Name, field.Name)
			case field.Required:
				t.Errorf("%s.%s: %s is required and deserves an attribute", kind.Name, f.Name, field.Name)
			}
		}
	})
}

// The engine serves every flavor and names none.
func TestCatalog_EngineNamesNoFlavor(t *testing.T) {
	t.Parallel()

	var names []string

	each(func(_ flavor.Kind, f flavor.Flavor) { names = append(names, regexp.QuoteMeta(f.Name)) })

	comments := regexp.MustCompile(`//.*`)
	pattern := regexp.MustCompile(`"(` + strings.Join(names, "|") + `)"`)

	for _, folder := range []string{"component", "stack", "slot", "flavor", "diagnose"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}

		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}

			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}

			if found := pattern.Find(comments.ReplaceAll(text, nil)); found != nil {
				t.Errorf("%s names the flavor %s", file, found)
			}
		}
	}
}

func each(visit func(flavor.Kind, flavor.Flavor)) {
	for _, kind := range catalog.Kinds() {
		for _, f := range kind.Flavors {
			visit(kind, f)
		}
	}
}
