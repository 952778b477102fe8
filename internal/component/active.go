package component

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// object is the raw value of a component's configuration, plan or state, opened one level.
type object map[string]tftypes.Value

func openObject(raw tftypes.Value) (object, error) {
	o := object{}
	if raw.IsNull() {
		return o, nil
	}

	if err := raw.As((*map[string]tftypes.Value)(&o)); err != nil {
		return nil, fmt.Errorf("read component: %w", err)
	}

	return o, nil
}

// plain returns a top-level attribute as a plain value; zenml.Unknown where it is unknown.
func (o object) plain(name string) any {
	value, ok := o[name]
	if !ok {
		return nil
	}

	plain, err := flavor.Plain(value)
	if err != nil {
		return zenml.Unknown{}
	}

	return plain
}

// set lists the flavors that are set, and says whether others may turn out to be set at apply.
func (r *Resource) set(o object) (flavors []flavor.Flavor, open bool) {
	for _, f := range r.kind.Flavors {
		switch value := o[f.Name]; {
		case !value.IsKnown():
			open = true
		case !value.IsNull():
			flavors = append(flavors, f)
		}
	}

	return flavors, open
}

// active is the one flavor that is set. ok is false while that cannot be told.
func (r *Resource) active(o object) (f flavor.Flavor, ok bool) {
	flavors, open := r.set(o)
	if open || len(flavors) != 1 {
		return flavor.Flavor{}, false
	}

	return flavors[0], true
}

// values are the configuration of a flavor as plain Go.
func values(o object, f flavor.Flavor) (flavor.Values, error) {
	plain, _, err := flavor.PlainMap(o[f.Name])
	if err != nil {
		return nil, fmt.Errorf("read flavor %s: %w", f.Name, err)
	}

	return plain, nil
}

// about is a component as its facts and checks see it. fault keeps why the login could not be asked.
func (r *Resource) about(ctx context.Context, o object, f flavor.Flavor, v flavor.Values, fault *error) flavor.Subject {
	s := flavor.Subject{Name: o.plain("name"), Values: v, Cluster: o.plain("cluster"), Outputs: o.plain("outputs")}

	if cloud, ok := r.settings.Clouds[f.Cloud]; ok {
		s.Ask = func(name string) any {
			fact, err := cloud.Fact(ctx, name)
			if err != nil {
				*fault = err

				return zenml.Unknown{}
			}

			return fact
		}
	}

	return s
}

// within turns a path inside a flavor's configuration into one inside the resource.
func within(f flavor.Flavor, steps []string) path.Path {
	p := path.Root(f.Name)
	for _, step := range steps {
		p = p.AtName(step)
	}

	return p
}
