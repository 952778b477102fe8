package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Flavors is the data source mlstacks_flavors: the catalog as data.
type Flavors struct{ kinds []flavor.Kind }

// NewFlavors returns the data source mlstacks_flavors for a catalog.
func NewFlavors(kinds []flavor.Kind) *Flavors { return &Flavors{kinds: kinds} }

type flavorsModel struct {
	Kind    types.String  `tfsdk:"kind"`
	Flavors []flavorModel `tfsdk:"flavors"`
}

type flavorModel struct {
	Kind     string   `tfsdk:"kind"`
	Flavor   string   `tfsdk:"flavor"`
	ZenML    *string  `tfsdk:"zenml"`
	Summary  string   `tfsdk:"summary"`
	Runs     string   `tfsdk:"runs"`
	Provides []string `tfsdk:"provides"`
	Needs    []string `tfsdk:"needs"`
}

// Metadata names the data source mlstacks_flavors.
func (d *Flavors) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_flavors"
}

// Schema describes the catalog.
func (d *Flavors) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	names := make([]string, 0, len(d.kinds))
	for _, kind := range d.kinds {
		names = append(names, kind.Name)
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "The built-in flavors of every kind of component: what each is, what it provides and what it needs.",
		Attributes: map[string]schema.Attribute{
			"kind": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only flavors of this kind. Null: all kinds.",
				Validators:          []validator.String{stringvalidator.OneOf(names...)},
			},
			"flavors": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The flavors, by kind in the order of the documentation.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"kind":     schema.StringAttribute{Computed: true, MarkdownDescription: "Kind of component."},
					"flavor":   schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the flavor."},
					"zenml":    schema.StringAttribute{Computed: true, MarkdownDescription: "ZenML's name of the flavor; null where ZenML has none."},
					"summary":  schema.StringAttribute{Computed: true, MarkdownDescription: "What it is, in a sentence."},
					"runs":     schema.StringAttribute{Computed: true, MarkdownDescription: "Where it runs."},
					"provides": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What it provides to other components."},
					"needs":    schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What it needs of a stack: the demands of the rules about it."},
				}},
			},
		},
	}
}

// Read lists the catalog; it contacts nobody.
func (d *Flavors) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config flavorsModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	config.Flavors = []flavorModel{}

	for _, kind := range d.kinds {
		if !config.Kind.IsNull() && config.Kind.ValueString() != kind.Name {
			continue
		}

		for _, f := range kind.Flavors {
			config.Flavors = append(config.Flavors, describe(kind, f))
		}
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

func describe(kind flavor.Kind, f flavor.Flavor) flavorModel {
	m := flavorModel{
		Kind: kind.Name, Flavor: f.Name, Summary: f.Summary, Runs: string(f.Runs),
		Provides: append([]string{}, f.Provides...), Needs: []string{},
	}

	if kind.ZenML && f.ZenML != "" {
		m.ZenML = &f.ZenML
	}

	for _, rule := range compose.Rules() {
		if rule.Concerns(kind.Name, f.Name, f.ZenML) {
			m.Needs = append(m.Needs, rule.Demand+" ("+rule.ID+")")
		}
	}

	return m
}

// Rules is the data source mlstacks_rules: every composition rule as data.
type Rules struct{}

// NewRules returns the data source mlstacks_rules.
func NewRules() *Rules { return &Rules{} }

type rulesModel struct {
	Rules []ruleModel `tfsdk:"rules"`
}

type ruleModel struct {
	ID       string `tfsdk:"id"`
	Severity string `tfsdk:"severity"`
	About    string `tfsdk:"about"`
	Demand   string `tfsdk:"demand"`
	Because  string `tfsdk:"because"`
	Source   string `tfsdk:"source"`
	Waivable bool   `tfsdk:"waivable"`
}

// Metadata names the data source mlstacks_rules.
func (d *Rules) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_rules"
}

// Schema describes the rules.
func (d *Rules) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}

	resp.Schema = schema.Schema{
		MarkdownDescription: "Every rule that stacks are judged by at plan.",
		Attributes: map[string]schema.Attribute{
			"rules": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The rules.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":       text("Id of the rule; `waive` of `mlstacks_stack` takes it."),
					"severity": text("`error` or `warning`."),
					"about":    text("What the rule is about, as `kind/flavor`, in ZenML's names where it has one."),
					"demand":   text("What the rule demands."),
					"because":  text("Why."),
					"source":   text("Whose rule it is: " + strings.Join(compose.Sources(), ", ") + "."),
					"waivable": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a stack may waive it."},
				}},
			},
		},
	}
}

// Read lists the rules; it contacts nobody.
func (d *Rules) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state rulesModel

	for _, rule := range compose.Rules() {
		state.Rules = append(state.Rules, ruleModel{
			ID: rule.ID, Severity: rule.Severity.String(), About: strings.Join(rule.About, ", "), Demand: rule.Demand, Because: rule.Because,
			Source: rule.Source, Waivable: rule.Waivable,
		})
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}
