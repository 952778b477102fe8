package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/dvc"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type dvcConfig struct {
	Repository string              `tfsdk:"repository"`
	Pipeline   string              `tfsdk:"pipeline"`
	Stages     map[string]dvcStage `tfsdk:"stages"`
}

type dvcStage struct {
	Command string   `tfsdk:"cmd"`
	WorkDir string   `tfsdk:"wdir"`
	Deps    []string `tfsdk:"deps"`
	Params  []string `tfsdk:"params"`
	Outs    []string `tfsdk:"outs"`
	Metrics []string `tfsdk:"metrics"`
	Plots   []string `tfsdk:"plots"`
}

// DVC is a pipeline in a DVC repository on this machine, which `dvc repro` runs.
var DVC = flavor.Define[dvcConfig](flavor.Meta{
	Name:    "dvc",
	Summary: "A pipeline in a DVC repository on this machine, written to `dvc.yaml` for `dvc repro` to run.",
	Runs:    flavor.ThisMachine,
	View: func(v flavor.Values) flavor.Facts {
		return flavor.Facts{URI: flavor.Map(v["repository"], func(path string) any { return owned.Absolute(path) })}
	},
}, dvcAttributes(), dvcDriver{}).Checked(checkDVC)

func dvcAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"repository": owned.RepositoryAttribute(),
		"pipeline": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString("."),
			MarkdownDescription: "Directory in the repository that holds `dvc.yaml`; it is made when it is missing. Defaults to `.`, the repository " +
				"itself. Another directory replaces the pipeline.",
			Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"stages": schema.MapNestedAttribute{
			Required:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: dvcStageAttributes()},
			MarkdownDescription: "The steps of the pipeline by name. DVC finds their order: a step runs after those that make what it depends on.",
			Validators: []validator.Map{
				mapvalidator.SizeAtLeast(1),
				mapvalidator.KeysAre(stringvalidator.RegexMatches(regexp.MustCompile(`^[a-zA-Z0-9_-]+$`),
					"must be letters, digits, hyphens and underscores: DVC takes no other names for stages")),
			},
		},
	}
}

func dvcStageAttributes() map[string]schema.Attribute {
	list := func(text string) schema.ListAttribute {
		return schema.ListAttribute{
			Optional:            true,
			Computed:            true,
			ElementType:         types.StringType,
			Default:             listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{})),
			MarkdownDescription: text + " Defaults to `[]`.",
		}
	}

	return map[string]schema.Attribute{
		"cmd": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Command that the shell runs. A `${…}` that DVC is to fill in is written `$${…}` in Terraform.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"wdir": schema.StringAttribute{
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString("."),
			MarkdownDescription: "Directory in which the command runs and in which all paths of the stage start, from `dvc.yaml`. Defaults to `.`.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"deps":    list("Files and directories that the command reads; it runs again when one of them changes."),
		"params":  list("Parameters that the command depends on: keys in `params.yaml`, `<file>:<key>,<key>`, or `<file>:` for all of a file."),
		"outs":    list("Files and directories that the command writes and DVC keeps."),
		"metrics": list("Files of metrics that the command writes. DVC does not keep them: they are for Git."),
		"plots":   list("Files of plots that the command writes. DVC does not keep them: they are for Git."),
	}
}

func checkDVC(v flavor.Values) []flavor.Problem {
	if dir, ok := v["pipeline"].(string); ok && !dvc.Inside(dir) {
		return []flavor.Problem{{
			Path:    []string{"pipeline"},
			Summary: "Pipeline outside of its repository",
			Detail:  fmt.Sprintf("%q leads out of the repository.\n\nGive a relative path without \"..\", such as \"training\".", dir),
		}}
	}

	return nil
}

type dvcDriver struct{}

func (c dvcConfig) repository() dvc.Repository {
	return dvc.Repository{Root: owned.Absolute(c.Repository)}
}

func (c dvcConfig) stages() map[string]dvc.Stage {
	stages := make(map[string]dvc.Stage, len(c.Stages))
	for name, stage := range c.Stages {
		stages[name] = dvc.Stage(stage)
	}

	return stages
}

// Locate is the absolute path of the pipeline's file.
func (dvcDriver) Locate(_ flavor.Input, cfg dvcConfig) (string, error) {
	return cfg.repository().PipelineID(cfg.Pipeline), nil
}

// Preflight refuses at plan to overwrite a pipeline that somebody else wrote.
func (dvcDriver) Preflight(_ context.Context, in flavor.Input, cfg dvcConfig) error {
	err := cfg.repository().FreePipeline(owned.DVCOwner(in), cfg.Pipeline)
	if errors.Is(err, dvc.ErrForeign) {
		return owned.DVCFault(err)
	}

	return nil
}

// Create writes the pipeline.
func (d dvcDriver) Create(_ context.Context, in flavor.Input, cfg dvcConfig) (flavor.Result, error) {
	incarnation, err := cfg.repository().WritePipeline(owned.DVCOwner(in), cfg.Pipeline, cfg.stages())
	if err != nil {
		return flavor.Result{}, owned.DVCFault(err)
	}

	id, err := d.Locate(in, cfg)

	return flavor.Result{ID: id, Name: in.Name, Incarnation: incarnation}, err
}

// Read reads the stages back. A file that lost its heading, or got that of another component, is not ours any more and
// counts as gone.
func (dvcDriver) Read(_ context.Context, in flavor.Input, id string, cfg dvcConfig) (dvcConfig, flavor.Result, error) {
	if !filepath.IsAbs(id) || filepath.Base(id) != dvc.PipelineName {
		return cfg, flavor.Result{}, owned.BadID(in.Kind, "dvc", id, "<absolute path of dvc.yaml>", "/srv/ml/repository/dvc.yaml")
	}

	root, dir, ok := dvc.Root(id)
	if !ok {
		return cfg, flavor.Result{}, owned.DVCFault(&dvc.ConflictError{
			About: "repository", Err: fmt.Errorf("DVC repository of %s %w", id, dvc.ErrNotFound),
		})
	}

	owner, stages, err := dvc.Repository{Root: root}.PipelineOwned(owned.DVCOwner(in), dir)

	switch {
	case !in.Managed && (err == nil || errors.Is(err, dvc.ErrForeign)):
		return cfg, flavor.Result{ID: id}, nil
	case errors.Is(err, dvc.ErrForeign) && cfg.Repository != "":
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrNotFound, err)
	case err != nil:
		return cfg, flavor.Result{}, owned.DVCFault(err)
	}

	if cfg.Repository == "" {
		cfg.Repository, cfg.Pipeline = root, dir // an import knows nothing else
	}

	cfg.Stages = make(map[string]dvcStage, len(stages))
	for name, stage := range stages {
		cfg.Stages[name] = observed(stage)
	}

	return cfg, flavor.Result{ID: id, Name: owner.Name, Incarnation: owner.Incarnation}, nil
}

// observed has empty lists where the stage has none, as the defaults of the schema do.
func observed(stage dvc.Stage) dvcStage {
	for _, list := range []*[]string{&stage.Deps, &stage.Params, &stage.Outs, &stage.Metrics, &stage.Plots} {
		if *list == nil {
			*list = []string{}
		}
	}

	return dvcStage(stage)
}

// Update writes the pipeline afresh.
func (dvcDriver) Update(_ context.Context, in flavor.Input, id string, _, cfg dvcConfig) (flavor.Result, error) {
	incarnation, err := cfg.repository().ChangePipeline(owned.DVCFormer(in), owned.DVCOwner(in), cfg.Pipeline, cfg.stages())
	if err != nil {
		return flavor.Result{}, owned.DVCFault(err)
	}

	return flavor.Result{ID: id, Name: in.Name, Incarnation: incarnation}, nil
}

// Delete removes the pipeline; dvc.lock and results stay. A pipeline that has come to belong to another component, or to
// a later incarnation of this one, stays.
func (dvcDriver) Delete(_ context.Context, in flavor.Input, _ string, cfg dvcConfig) error {
	return owned.DVCFault(cfg.repository().RemovePipeline(owned.DVCOwner(in), cfg.Pipeline))
}
