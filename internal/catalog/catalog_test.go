package catalog_test

import (
	"os"
	"path"
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
// the plan; an attribute that has none must stand here, by kind, flavor and attribute, because null is a value of its own
// for it. A star stands for any.
var nullable = []struct {
	because  string
	patterns []string
}{
	{"the service, or the client that logs in, has a default that ZenML does not know", []string{
		"alerter.discord.default_discord_channel_id", "alerter.slack.slack_channel_id", "experiment_tracker.comet.project_name",
		"experiment_tracker.comet.workspace", "experiment_tracker.mlflow*.experiment_name", "experiment_tracker.neptune.project",
		"experiment_tracker.wandb.entity", "experiment_tracker.wandb.project_name", "orchestrator.skypilot_gcp.project",
	}},
	{"one of several ways to say what is meant, of which the others stay empty", []string{
		"artifact_store.digitalocean.region", "deployer.huggingface.organization", "experiment_tracker.mlflow_server.databricks_host",
		"experiment_tracker.trackio.server_url", "experiment_tracker.trackio.space_id", "log_store.datadog.endpoint",
		"model_deployer.*.secret_name", "orchestrator.lightning.organization", "orchestrator.lightning.teamspace",
		"orchestrator.lightning.username", "orchestrator.skypilot_*.infra", "orchestrator.skypilot_*.region", "orchestrator.skypilot_*.zone",
		"*.databricks.num_workers", "*.ssh.ssh_key_path",
	}},
	{"one merges into what the provider computes, and most need none", []string{"*.*.values"}},
	{"another component's cluster may be one that nobody could ask yet", []string{"*.*.*.cluster.incarnation", "model_registry.mlflow.experiment_tracker.uri"}},
	{"ZenML finds a free port without it", []string{"deployer.*.port"}},
	{"a login that need not be", []string{
		"*.*.authentication_secret", "*.databricks.docker_image_username", "orchestrator.skypilot_gcp.service_account_path",
		"step_operator.baseten.registry_auth_secret", "step_operator.runai.image_pull_secret_name",
	}},
	{"without it the service chooses, or does without", []string{
		"*.azureml.compute_name", "*.azureml.size", "*.databricks.docker_image_url", "*.databricks.node_type_id", "*.databricks.spark_version",
		"*.modal.gpu", "container_registry.*.default_repository", "experiment_tracker.*.resume", "experiment_tracker.wandb.run_id",
		"orchestrator.airflow.dag_output_dir", "orchestrator.lightning.machine_type", "orchestrator.skypilot_*.instance_type",
		"orchestrator.skypilot_*.use_spot", "step_operator.runai.gpu_memory_request",
	}},
}

func TestCatalog_EveryLeafIsRequiredOrShowsADefaultOrIsListed(t *testing.T) {
	t.Parallel()

	used := map[string]bool{}

	each(func(kind flavor.Kind, f flavor.Flavor) {
		eachLeaf(f.Attributes(kind), kind.Name+"."+f.Name, func(name, leaf string, attribute schema.Attribute, beside map[string]schema.Attribute) {
			if attribute.IsRequired() || attribute.IsComputed() || isSecretPart(leaf, beside) || leaf == "settings" {
				return
			}

			listed := false

			for _, group := range nullable {
				for _, pattern := range group.patterns {
					if ok, err := path.Match(pattern, name); ok || err != nil {
						listed, used[pattern] = true, true
					}
				}
			}

			if !listed {
				t.Errorf("%s is optional, has no default and is not on the list", name)
			}
		})
	})

	for _, group := range nullable {
		for _, pattern := range group.patterns {
			if !used[pattern] {
				t.Errorf("%s is on the list, and no flavor has it", pattern)
			}
		}
	}
}

// eachLeaf visits the attributes that hold no attributes of their own, under their full names.
func eachLeaf(among map[string]schema.Attribute, in string, visit func(name, leaf string, attribute schema.Attribute, beside map[string]schema.Attribute)) {
	for leaf, attribute := range among {
		name := in + "." + leaf

		switch a := attribute.(type) {
		case schema.SingleNestedAttribute:
			eachLeaf(a.Attributes, name, visit)
		case schema.MapNestedAttribute:
			eachLeaf(a.NestedObject.Attributes, name, visit)
		case schema.ListNestedAttribute:
			eachLeaf(a.NestedObject.Attributes, name, visit)
		case schema.SetNestedAttribute:
			eachLeaf(a.NestedObject.Attributes, name, visit)
		default:
			visit(name, leaf, attribute, among)
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
var pointless = map[string]string{
	"mlflow_local": "a tracker without a server has no login",
	"minio":        "what the component's own Secret holds is referred to, and a root login has no token",
}

// Flavors of ZenML that clouds and clusters come with, which this release does not reach yet: by type.
var later = map[string][]string{
	"artifact_store":     {"gcp"},
	"container_registry": {"gcp"},
	"deployer":           {"gcp"},
	"experiment_tracker": {"vertex"},
	"image_builder":      {"gcp"},
	"model_deployer":     {"seldon"},
	"orchestrator":       {"kubeflow", "tekton", "vertex"},
	"step_operator":      {"spark-kubernetes", "vertex"},
}

func TestCatalog_EveryFlavorOfZenMLIsThereOrComesLater(t *testing.T) {
	t.Parallel()

	here := map[[2]string]bool{}

	each(func(kind flavor.Kind, f flavor.Flavor) {
		if kind.ZenML {
			here[[2]string{kind.Name, f.ZenML}] = true
		}
	})

	open := map[[2]string]bool{}

	for kind, names := range later {
		for _, name := range names {
			open[[2]string{kind, name}] = true
		}
	}

	for _, f := range zenml.Flavors() {
		name := [2]string{f.Type, f.Name}
		if here[name] == open[name] {
			t.Errorf("%s.%s: in the catalog is %t, to come later is %t", f.Type, f.Name, here[name], open[name])
		}

		delete(open, name)
	}

	for name := range open {
		t.Errorf("%v is to come later, and ZenML has no such flavor", name)
	}
}

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
			own := attributes[field.Name] != nil && field.Name != "settings" // wandb and comet have a field of that name themselves
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

	each(func(kind flavor.Kind, f flavor.Flavor) {
		if !kind.Viewless || f.Name != "zenml" { // which the engine calls the view of others by
			names = append(names, regexp.QuoteMeta(f.Name))
		}
	})

	comments := regexp.MustCompile(`//.*`)
	pattern := regexp.MustCompile(`"(` + strings.Join(names, "|") + `)"`)

	for _, folder := range []string{"component", "stack", "slot", "flavor", "diagnose", "registration", "listing", "action"} {
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
	for _, kind := range append(catalog.Kinds(), catalog.Cluster()) {
		for _, f := range kind.Flavors {
			visit(kind, f)
		}
	}
}
