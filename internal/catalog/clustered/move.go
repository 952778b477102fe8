package clustered

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Released is a Helm release as the state of hashicorp/helm tells of it.
type Released struct {
	// Name and Namespace are where it is found in its cluster, which the state does not tell.
	Name, Namespace string
	// Chart and Version are those that the release was last made from.
	Chart, Version string
	// Values are those that went over the chart's.
	Values map[string]any
}

// Value finds a value below others; nil where there is none.
func (r Released) Value(path ...string) any {
	var value any = r.Values

	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}

	return value
}

// replacing makes another value replace the component, unless none is recorded: of what was moved here nobody has read it
// yet, and the first update takes it over.
func replacing() planmodifier.String {
	const about = "Changing it replaces the component."

	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		}, about, about)
}

// handover makes the objects of a release that is taken over ours, field by field, so that the upgrade removes of them what is
// wanted no longer, such as a port.
func handover(ctx context.Context, site Site) error {
	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return err
	}

	found, err := client.Observe(ctx, helm.Release{Name: site.Name})
	if err != nil && !errors.Is(err, backend.ErrNotFound) {
		return err
	}

	for _, object := range found.Objects {
		if err := site.Handover(ctx, object, "meta.helm.sh/release-name"); err != nil && !errors.Is(err, backend.ErrNotFound) {
			return err
		}
	}

	return nil
}

// MoveRelease takes over a Helm release that carry has nothing against. What carry warns of is shown.
func MoveRelease(carry func(Released) (warning string, err error)) flavor.Move {
	return flavor.Move{
		Type: "helm_release", Provider: "hashicorp/helm",
		Take: func(state flavor.Former) (flavor.Moved, error) {
			release, err := released(state)
			if err != nil {
				return flavor.Moved{}, err
			}

			warning, err := carry(release)
			if err != nil {
				return flavor.Moved{}, err
			}

			return flavor.Moved{ID: release.Namespace + "/" + release.Name, Warning: warning}, nil
		},
	}
}

// KeepRelease says of a Helm release why the flavor cannot carry it on, and what its user does instead.
func KeepRelease(flavorName, instead string) flavor.Move {
	return MoveRelease(func(r Released) (string, error) {
		return "", &flavor.AttributeError{
			Err: fmt.Errorf("release %s/%s is made from the chart %s %s, and the flavor %s has a chart of its own, which keeps data and credentials elsewhere: "+
				"an upgrade to it would remove the volumes that the release has", r.Namespace, r.Name, r.Chart, r.Version, flavorName),
			Fix: "Nothing was changed. Keep the helm_release, and " + instead,
		}
	})
}

// released reads a state of any version of hashicorp/helm: metadata was a list of one before 3.0, and is an object since.
func released(state flavor.Former) (Released, error) {
	var (
		r   Released
		err error
	)

	if r.Name, err = state.Text("name"); err != nil {
		return r, err
	}

	if r.Namespace, err = state.Text("namespace"); err != nil {
		return r, err
	}

	about, _ := state["metadata"].(map[string]any)
	if list, ok := state["metadata"].([]any); ok && len(list) > 0 {
		about, _ = list[0].(map[string]any)
	}

	if r.Chart, err = flavor.Former(about).Text("chart"); err != nil {
		return r, err
	}

	r.Version, _ = about["version"].(string)

	if text, _ := about["values"].(string); text != "" {
		if err := json.Unmarshal([]byte(text), &r.Values); err != nil {
			return r, fmt.Errorf("read the values of release %s/%s: %w", r.Namespace, r.Name, err)
		}
	}

	return r, nil
}
