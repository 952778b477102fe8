package component

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// subject is a component on its way through one operation.
type subject struct {
	object object
	flavor flavor.Flavor
	input  flavor.Input
	config types.Object
}

// id is what the state knows the object by.
func (s subject) id() string {
	id, _ := s.object.plain("id").(string)

	return id
}

// name is what to call the component in a message; after an import only the identifier is known.
func (s subject) name() string {
	if s.input.Name == "" {
		return s.id()
	}

	return s.input.Name
}

// planned reads a component that is about to be made or changed: everything is known now, and write-only arguments
// are there to be seen.
func (r *Resource) planned(ctx context.Context, plan tfsdk.Plan, config tfsdk.Config, diags *diag.Diagnostics) (subject, bool) {
	s, ok := r.open(plan.Raw, diags)
	if !ok {
		return s, false
	}

	var written types.Object

	diags.Append(plan.GetAttribute(ctx, path.Root(s.flavor.Name), &s.config)...)
	diags.Append(config.GetAttribute(ctx, path.Root(s.flavor.Name), &written)...)

	if diags.HasError() {
		return s, false
	}

	attributes := s.config.Attributes()

	for name, attribute := range s.flavor.Attributes(r.kind) {
		if attribute.IsWriteOnly() {
			attributes[name] = written.Attributes()[name]
		}
	}

	object, more := types.ObjectValue(s.config.AttributeTypes(ctx), attributes)
	diags.Append(more...)

	s.config = object

	return s, !diags.HasError()
}

// stored reads a component from the state; after an import it knows only its flavor and id.
func (r *Resource) stored(ctx context.Context, state tfsdk.State, private privateState, diags *diag.Diagnostics) (subject, bool) {
	s, ok := r.open(state.Raw, diags)
	if !ok {
		return s, false
	}

	diags.Append(state.GetAttribute(ctx, path.Root(s.flavor.Name), &s.config)...)
	diags.Append(s.recall(ctx, private)...)

	return s, !diags.HasError()
}

// open finds out which component a value is about.
func (r *Resource) open(raw tftypes.Value, diags *diag.Diagnostics) (subject, bool) {
	o, err := openObject(raw)
	if err != nil {
		diags.Append(diagnose.Bug("%s", err))

		return subject{}, false
	}

	f, ok := r.active(o)
	if !ok {
		f, ok = r.imported(o)
	}

	if !ok {
		diags.Append(diagnose.NoFlavor(r.kind))

		return subject{}, false
	}

	s := subject{object: o, flavor: f}
	s.input, _ = r.input(o)

	return s, true
}

// input is what a driver is told of the component. known is false while a part of it is not.
func (r *Resource) input(o object) (in flavor.Input, known bool) {
	in = flavor.Input{Kind: r.kind.Name, Labels: map[string]string{}, Managed: true}

	name, ok := o.plain("name").(string)
	if !ok && o.plain("name") != nil {
		return in, false
	}

	in.Name, in.Was = name, name

	if managed, ok := o.plain("managed").(bool); ok {
		in.Managed = managed
	}

	in.ImageRegistry, in.ImageRegistryUnknown = r.settings.ImageRegistry, r.settings.ImageRegistryUnknown
	in.Clouds = r.settings.Clouds
	in.Outputs = outputs(o)
	in.Cluster = cluster(o)

	labels, known, err := flavor.PlainMap(o["labels_all"])
	if err != nil || !known {
		return in, false
	}

	for label, value := range labels {
		text, ok := value.(string)
		if !ok {
			return in, false
		}

		in.Labels[label] = text
	}

	return in, true
}

// privateState is what Terraform keeps beside the state and shows to nobody.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter is private state that can be changed.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// outputs are those that a value holds; nil where they are not known.
func outputs(o object) map[string]string {
	plain, ok := o.plain("outputs").(map[string]any)
	if !ok {
		return nil
	}

	texts := make(map[string]string, len(plain))

	for key, value := range plain {
		if text, ok := value.(string); ok {
			texts[key] = text
		}
	}

	return texts
}

const (
	incarnationKey = "incarnation"
	// importedKey is set from an import to the update that follows it.
	importedKey = "imported"
)

// wasImported says that nothing has been applied since an import.
func wasImported(ctx context.Context, private privateState) (bool, diag.Diagnostics) {
	if private == nil {
		return false, nil
	}

	kept, diags := private.GetKey(ctx, importedKey)

	return string(kept) == "true", diags
}

// recall tells the driver which making of the object the state is about.
func (s *subject) recall(ctx context.Context, private privateState) diag.Diagnostics {
	if private == nil {
		return nil
	}

	kept, diags := private.GetKey(ctx, incarnationKey)
	if len(kept) == 0 {
		return diags
	}

	if err := json.Unmarshal(kept, &s.input.Incarnation); err != nil {
		diags.Append(diagnose.Bug("private state: %s", err))
	}

	return diags
}

// remember keeps which making of the object the state is about from now on.
func remember(ctx context.Context, private privateWriter, result flavor.Result) diag.Diagnostics {
	if result.Incarnation == "" {
		return nil
	}

	text, err := json.Marshal(result.Incarnation)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("private state: %s", err)}
	}

	return private.SetKey(ctx, incarnationKey, text)
}
