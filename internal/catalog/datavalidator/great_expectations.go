package datavalidator

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type greatExpectationsConfig struct {
	owned.Place

	Scaffold             bool          `tfsdk:"scaffold"`
	ConfigureZenMLStores bool          `tfsdk:"configure_zenml_stores"`
	ConfigureLocalDocs   bool          `tfsdk:"configure_local_docs"`
	Settings             types.Dynamic `tfsdk:"settings"`
}

var greatExpectationsFields = map[string]string{
	"configure_zenml_stores": "Whether ZenML adds stores that keep everything in the stack's artifact store.",
	"configure_local_docs":   "Whether ZenML adds a site on this machine where the documents about validations can be seen.",
}

// GreatExpectations is a context directory of Great Expectations on this machine, made and owned by the component.
var GreatExpectations = flavor.Define(flavor.Meta{
	Name:      "great_expectations",
	ZenML:     "great_expectations",
	Summary:   "A context directory of Great Expectations (0.17.15 to 0.18, which ZenML works with) on this machine.",
	Runs:      flavor.ThisMachine,
	Fields:    greatExpectationsFields,
	Attribute: map[string]string{"context_root_dir": "path"},
	View: func(v flavor.Values) flavor.Facts {
		root := flavor.Map(v["path"], func(path string) any { return owned.Absolute(path) })

		return flavor.Facts{
			URI:           root,
			Configuration: owned.ZenML(v, greatExpectationsFields, map[string]any{"context_root_dir": root}),
		}
	},
}, greatExpectationsAttributes(), owned.Driver[greatExpectationsConfig, *greatExpectationsConfig]{
	Flavor:  "great_expectations",
	Object:  disk.Object{Directory: true, Mode: 0o755, Furniture: greatExpectationsContext()},
	Default: greatExpectationsConfig{Scaffold: true, ConfigureLocalDocs: true},
	Furnish: func(object disk.Object, _ *greatExpectationsConfig, cfg greatExpectationsConfig) error {
		if !cfg.Scaffold {
			return nil
		}

		return object.Furnish()
	},
	Observe: func(object disk.Object, cfg greatExpectationsConfig) (greatExpectationsConfig, error) {
		if !cfg.Scaffold {
			return cfg, nil
		}

		var err error
		cfg.Scaffold, err = object.Furnished()

		return cfg, err
	},
})

func greatExpectationsAttributes() map[string]schema.Attribute {
	attributes := owned.Attributes("the context directory")
	attributes["scaffold"] = schema.BoolAttribute{
		Optional: true,
		Computed: true,
		Default:  booldefault.StaticBool(true),
		MarkdownDescription: "Whether to write the files and directories of a context wherever one is missing; files that are there are left " +
			"alone. Defaults to `true`. It is shown as `false` after something has gone missing, until the next apply.",
	}

	return attributes
}

// greatExpectationsContext is what Great Expectations needs to open a directory, and what it leaves there on opening.
func greatExpectationsContext() []disk.Item {
	return []disk.Item{
		{Path: "great_expectations.yml", Content: []byte(greatExpectationsYAML)},
		{Path: ".gitignore", Content: []byte("/uncommitted/\n")},
		{Path: "expectations", Directory: true},
		{Path: "expectations/.ge_store_backend_id", Tolerated: true},
		{Path: "checkpoints", Directory: true},
		{Path: "profilers", Directory: true},
		{Path: "plugins", Directory: true},
		{Path: "uncommitted", Directory: true},
		{Path: "uncommitted/validations", Directory: true},
		{Path: "uncommitted/validations/.ge_store_backend_id", Tolerated: true},
		{Path: "uncommitted/data_docs", Directory: true},
		{Path: "uncommitted/data_docs/local_site", Directory: true},
		{Path: "uncommitted/config_variables.yml", Content: []byte("# Values for ${NAME} in great_expectations.yml.\n{}\n")},
	}
}

// greatExpectationsYAML describes a context of configuration version 3, the newest that 0.17 and 0.18 know. Reports
// of usage are off: nobody who applies a configuration has agreed to them.
const greatExpectationsYAML = `# Made by Terraform. Data sources and stores may be added here; the file is left alone once it exists.
config_version: 3
config_variables_file_path: uncommitted/config_variables.yml
plugins_directory: plugins/
datasources: {}

stores:
  expectations_store:
    class_name: ExpectationsStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: expectations/
  validations_store:
    class_name: ValidationsStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: uncommitted/validations/
  evaluation_parameter_store:
    class_name: EvaluationParameterStore
  checkpoint_store:
    class_name: CheckpointStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: checkpoints/
      suppress_store_backend_id: true
  profiler_store:
    class_name: ProfilerStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: profilers/
      suppress_store_backend_id: true

expectations_store_name: expectations_store
validations_store_name: validations_store
evaluation_parameter_store_name: evaluation_parameter_store
checkpoint_store_name: checkpoint_store

data_docs_sites:
  local_site:
    class_name: SiteBuilder
    site_index_builder:
      class_name: DefaultSiteIndexBuilder
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: uncommitted/data_docs/local_site/

anonymous_usage_statistics:
  enabled: false
`
