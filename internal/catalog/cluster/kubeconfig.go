package cluster

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Kubeconfig is a cluster that somebody else made, found through a kubeconfig file.
var Kubeconfig = flavor.Define[kubeconfig](flavor.Meta{
	Name:    "kubeconfig",
	Summary: "A cluster that exists already, found through a kubeconfig file. It is looked at, never created or deleted; `managed` has no meaning here.",
	Runs:    flavor.InCluster,
	View: func(v flavor.Values) flavor.Facts {
		return flavor.Facts{Reference: map[string]any{"type": "kubeconfig", "path": v["path"], "context": v["context"]}}
	},
}, map[string]schema.Attribute{
	"path": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Path of the kubeconfig file, such as `~/.kube/config`. It is read whenever the cluster is used, and never written.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	},
	"context": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Context in the file. Changing it replaces the cluster, and what lives in it.",
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	},
}, kubeconfigDriver{})

type kubeconfig struct {
	Path    string `tfsdk:"path"`
	Context string `tfsdk:"context"`
}

// standardPath is what an import takes the file to be: it can name only the context.
const standardPath = "~/.kube/config"

type kubeconfigDriver struct{}

// Locate is the name of the context.
func (kubeconfigDriver) Locate(_ flavor.Input, cfg kubeconfig) (string, error) {
	return cfg.Context, nil
}

// Create looks whether the cluster is there.
func (d kubeconfigDriver) Create(ctx context.Context, in flavor.Input, cfg kubeconfig) (flavor.Result, error) {
	_, result, err := d.Read(ctx, in, cfg.Context, cfg)
	if err != nil {
		result.ID = "" // nothing was made that could be lost
	}

	return result, err
}

// Read asks the cluster who it is. That it does not answer never means that it is gone.
func (kubeconfigDriver) Read(ctx context.Context, in flavor.Input, id string, cfg kubeconfig) (kubeconfig, flavor.Result, error) {
	if cfg.Path == "" {
		cfg = kubeconfig{Path: standardPath, Context: id}
	}

	result := flavor.Result{ID: cfg.Context, Name: in.Name}

	opened, err := cluster.Open(ctx, nil, map[string]string{"type": "kubeconfig", "path": cfg.Path, "context": cfg.Context})
	if err != nil {
		return cfg, result, clustered.Worded(err, "context")
	}

	if result.Incarnation, result.Version, err = opened.Identity(ctx); err != nil {
		return cfg, result, clustered.Worded(err, "context")
	}

	result.Outputs = map[string]string{"host": opened.Address()}

	return cfg, result, nil
}

// Update looks at the cluster in the new place.
func (d kubeconfigDriver) Update(ctx context.Context, in flavor.Input, _ string, _, cfg kubeconfig) (flavor.Result, error) {
	result, err := d.Create(ctx, in, cfg)
	if err == nil && in.Incarnation != "" && result.Incarnation != in.Incarnation {
		return flavor.Result{}, &flavor.AttributeError{
			Attribute: []string{"path"},
			Err:       fmt.Errorf("the context %q in %s leads to another cluster than before", cfg.Context, cfg.Path),
			Fix:       "To move to that cluster, replace this one: terraform apply -replace=<address of the cluster>.",
		}
	}

	return result, err
}

// Delete leaves the cluster alone.
func (kubeconfigDriver) Delete(context.Context, flavor.Input, string, kubeconfig) error { return nil }
