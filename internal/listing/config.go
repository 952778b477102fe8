package listing

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The attributes that say where to look.
const (
	inFlavors   = "flavors"
	inDirectory = "directory"
	inCluster   = "cluster"
	inRegion    = "region"
)

// ListResourceConfigSchema describes where to look. A kind has only the places that its flavors are found in.
func (l *List) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	var names []string

	places := map[string]bool{}

	for _, f := range listable(l.kind) {
		names = append(names, f.Name)
		places[l.placeOf(f)] = true
	}

	attributes := map[string]schema.Attribute{
		inFlavors: schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Flavors to look for: `" + strings.Join(names, "`, `") + "`. Null: all that are found in the places that are named " +
				"here; where none is named, those in a cloud, in the region of the login, and clusters on this machine.",
		},
	}

	for name, text := range map[string]string{
		inDirectory: "Directory on this machine to look in, with everything below; a relative one starts where Terraform runs. Null: this machine is not searched.",
		inCluster: "Cluster to look in, as `<flavor of the cluster>/<its name>`, such as `k3d/dev`, `eks/prod` or `kubeconfig/<context>` for one of " +
			"`~/.kube/config`. Null: no cluster is searched.",
		inRegion: "Region of the cloud to look in. Null: the login's.",
	} {
		if places[name] {
			attributes[name] = schema.StringAttribute{
				Optional: true, MarkdownDescription: text, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			}
		}
	}

	resp.Schema = schema.Schema{
		Attributes: attributes,
		MarkdownDescription: "Finds what the resource `mlstacks_" + l.kind.Name + "` has made, by the tags, labels and markers that say whose it is. `terraform " +
			"query` of Terraform 1.14 and later shows it, and writes `import` blocks for it with `-generate-config-out`. Found are the flavors `" +
			strings.Join(names, "`, `") + "`; the others make nothing that could be found.",
	}
}

// placeOf is the attribute that says where a flavor is looked for; empty for a flavor that is found without.
func (l *List) placeOf(f flavor.Flavor) string {
	switch {
	case f.Clustered:
		return inCluster
	case f.Cloud != "":
		return inRegion
	case l.kind.Hosts:
		return "" // clusters are asked of their engine
	default:
		return inDirectory
	}
}

// place is where to look.
type place struct {
	flavors           []string
	directory, region string
	cluster           *flavor.Cluster
}

func (p place) named() map[string]bool {
	return map[string]bool{inDirectory: p.directory != "", inCluster: p.cluster != nil, inRegion: p.region != ""}
}

// read reads the configuration. known is false while a part of it is not.
func (l *List) read(ctx context.Context, config tfsdk.Config) (p place, known bool, diags diag.Diagnostics) {
	if !config.Raw.IsFullyKnown() {
		return p, false, diags
	}

	if config.Raw.IsNull() {
		return p, true, diags
	}

	text := func(name string) string {
		if _, ok := config.Schema.GetAttributes()[name]; !ok {
			return ""
		}

		var value types.String

		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)

		return value.ValueString()
	}

	diags.Append(config.GetAttribute(ctx, path.Root(inFlavors), &p.flavors)...)
	p.directory, p.region = text(inDirectory), text(inRegion)

	if written := text(inCluster); written != "" {
		cluster, ok := component.InCluster(written)
		if !ok {
			diags.Append(diagnose.ListCluster(path.Root(inCluster), written))
		}

		p.cluster = &cluster
	}

	return p, true, diags
}

// chosen are the flavors to look for: those that are asked for, or all that are found in the places that are named.
func (l *List) chosen(where place, diags *diag.Diagnostics) []flavor.Flavor {
	named := where.named()
	anywhere := !named[inDirectory] && !named[inCluster] && !named[inRegion]
	all := listable(l.kind)

	if where.flavors != nil {
		return l.asked(where, all, diags)
	}

	var chosen []flavor.Flavor

	for _, f := range all {
		place := l.placeOf(f)
		if named[place] || anywhere && (place == inRegion || place == "") {
			chosen = append(chosen, f)
		}
	}

	if len(chosen) == 0 {
		diags.Append(diagnose.ListNowhere(l.kind, l.placeOf(all[0])))
	}

	return chosen
}

func (l *List) asked(where place, all []flavor.Flavor, diags *diag.Diagnostics) []flavor.Flavor {
	var chosen []flavor.Flavor

	named := where.named()

	for i, name := range where.flavors {
		at := path.Root(inFlavors).AtListIndex(i)
		found := false

		for _, f := range all {
			if f.Name != name {
				continue
			}

			found = true

			if place := l.placeOf(f); (place == inCluster || place == inDirectory) && !named[place] {
				diags.Append(diagnose.ListWithoutPlace(at, l.kind, f, place))
			}

			chosen = append(chosen, f)
		}

		if !found {
			diags.Append(diagnose.ListNoSuchFlavor(at, l.kind, name, all))
		}
	}

	return chosen
}
