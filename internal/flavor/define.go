package flavor

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Define makes a flavor out of its data, its schema and its driver. Attributes named in meta.Fields are added from
// ZenML's facts; attributes written by hand win.
func Define[C any](meta Meta, attributes map[string]schema.Attribute, driver Driver[C]) Flavor {
	return Flavor{Meta: meta, attributes: withFields(meta, attributes), operations: typed[C]{driver}}
}

// External makes a flavor that creates nothing: it records a service that runs elsewhere, or a way of working that
// needs no object. Attributes named in meta.Fields are added from ZenML's facts; attributes written by hand win.
func External(meta Meta, attributes map[string]schema.Attribute) Flavor {
	return Flavor{Meta: meta, attributes: withFields(meta, attributes), operations: record{}}
}

// Asked makes a flavor like External whose service is asked, before apply says done, whether it is there. Asking makes nothing;
// it returns what the user should know, each a full sentence.
func Asked[C any](meta Meta, attributes map[string]schema.Attribute, ask func(context.Context, Input, C) ([]string, error)) Flavor {
	return Flavor{Meta: meta, attributes: withFields(meta, attributes), operations: asking[C]{ask: ask}}
}

// Checked returns the flavor with a check of its configuration added.
func (f Flavor) Checked(check func(Values) []Problem) Flavor {
	return f.CheckedWhole(func(s Subject) []Problem { return check(s.Values) })
}

// CheckedWhole returns the flavor with a check added that looks at more than its configuration.
func (f Flavor) CheckedWhole(check func(Subject) []Problem) Flavor {
	before := f.check
	f.check = func(s Subject) []Problem {
		if before == nil {
			return check(s)
		}

		return append(before(s), check(s)...)
	}

	return f
}

// Replaced returns the flavor with a judgement of what cannot be changed in place, or not at all, beside what its schema marks.
func (f Flavor) Replaced(replaces func(before, after Values) []Problem) Flavor {
	f.replaces = replaces

	return f
}

// withFields makes the schema of a flavor once for each kind that has it; plans ask for it often.
func withFields(meta Meta, attributes map[string]schema.Attribute) func(Kind) map[string]schema.Attribute {
	var made sync.Map

	return func(kind Kind) map[string]schema.Attribute {
		known, _ := made.Load(kind.Name)
		if all, ok := known.(map[string]schema.Attribute); ok {
			return all
		}

		all := fieldAttributes(kind.Name, meta)
		maps.Copy(all, attributes)
		made.Store(kind.Name, all)

		return all
	}
}

// operations is a Driver with its configuration type erased.
type operations interface {
	create(ctx context.Context, in Input, config types.Object) (Result, error)
	read(ctx context.Context, in Input, id string, config types.Object) (types.Object, Result, error)
	update(ctx context.Context, in Input, id string, old, config types.Object) (Result, error)
	remove(ctx context.Context, in Input, id string, config types.Object) error
	locate(ctx context.Context, in Input, config types.Object) (string, error)
	preflight(ctx context.Context, in Input, config types.Object) error
	// records says that nothing is made: the id is the component's name, and nothing can drift.
	records() bool
}

// Create makes the object of a component; see Driver.
func (f Flavor) Create(ctx context.Context, in Input, config types.Object) (Result, error) {
	return f.operations.create(ctx, in, config)
}

// Read observes the object of a component; see Driver.
func (f Flavor) Read(ctx context.Context, in Input, id string, config types.Object) (types.Object, Result, error) {
	return f.operations.read(ctx, in, id, config)
}

// Update changes the object of a component in place; see Driver.
func (f Flavor) Update(ctx context.Context, in Input, id string, old, config types.Object) (Result, error) {
	return f.operations.update(ctx, in, id, old, config)
}

// Delete removes the object of a component; see Driver.
func (f Flavor) Delete(ctx context.Context, in Input, id string, config types.Object) error {
	return f.operations.remove(ctx, in, id, config)
}

// Locate names the object a configuration describes; see Locator. The component's name stands in for flavors that
// create nothing.
func (f Flavor) Locate(ctx context.Context, in Input, config types.Object) (string, error) {
	if f.operations.records() {
		return in.Name, nil
	}

	return f.operations.locate(ctx, in, config)
}

// Preflight tells at plan that Create would fail; see Preflighter.
func (f Flavor) Preflight(ctx context.Context, in Input, config types.Object) error {
	return f.operations.preflight(ctx, in, config)
}

// Records says that the flavor creates nothing: its id is the component's name, and nothing can drift.
func (f Flavor) Records() bool { return f.operations.records() }

// record is the operations of External: nothing to make, nothing to observe.
type record struct{}

func (record) create(_ context.Context, in Input, _ types.Object) (Result, error) {
	return Result{ID: in.Name}, nil
}

func (record) read(_ context.Context, in Input, id string, config types.Object) (types.Object, Result, error) {
	if in.Name == "" {
		in.Name = id // an import knows only the identifier
	}

	return config, Result{ID: in.Name, Name: in.Name}, nil
}

func (record) update(_ context.Context, in Input, _ string, _, _ types.Object) (Result, error) {
	return Result{ID: in.Name}, nil
}

func (record) remove(context.Context, Input, string, types.Object) error   { return nil }
func (record) locate(context.Context, Input, types.Object) (string, error) { return "", nil }
func (record) preflight(context.Context, Input, types.Object) error        { return nil }
func (record) records() bool                                               { return true }

// asking is the operations of Asked.
type asking[C any] struct {
	record

	ask func(context.Context, Input, C) ([]string, error)
}

func (a asking[C]) create(ctx context.Context, in Input, config types.Object) (Result, error) {
	cfg, err := decode[C](ctx, config)
	if err != nil {
		return Result{}, err
	}

	notices, err := a.ask(ctx, in, cfg)
	if err != nil {
		return Result{}, err
	}

	return Result{ID: in.Name, Notices: notices}, nil
}

func (a asking[C]) update(ctx context.Context, in Input, _ string, _, config types.Object) (Result, error) {
	return a.create(ctx, in, config)
}

// typed is the operations of Define: it turns Terraform's objects into C and back at the border.
type typed[C any] struct{ driver Driver[C] }

func (t typed[C]) create(ctx context.Context, in Input, config types.Object) (Result, error) {
	cfg, err := decode[C](ctx, config)
	if err != nil {
		return Result{}, err
	}

	return t.driver.Create(ctx, in, cfg)
}

func (t typed[C]) read(ctx context.Context, in Input, id string, config types.Object) (types.Object, Result, error) {
	cfg, err := decode[C](ctx, config)
	if err != nil {
		return config, Result{}, err
	}

	observed, result, err := t.driver.Read(ctx, in, id, cfg)
	if err != nil {
		return config, result, err
	}

	object, err := encode(ctx, observed, config.AttributeTypes(ctx))

	return object, result, err
}

func (t typed[C]) update(ctx context.Context, in Input, id string, old, config types.Object) (Result, error) {
	before, err := decode[C](ctx, old)
	if err != nil {
		return Result{}, err
	}

	after, err := decode[C](ctx, config)
	if err != nil {
		return Result{}, err
	}

	return t.driver.Update(ctx, in, id, before, after)
}

func (t typed[C]) remove(ctx context.Context, in Input, id string, config types.Object) error {
	cfg, err := decode[C](ctx, config)
	if err != nil {
		return err
	}

	return t.driver.Delete(ctx, in, id, cfg)
}

func (t typed[C]) locate(ctx context.Context, in Input, config types.Object) (string, error) {
	locator, ok := t.driver.(Locator[C])
	if !ok {
		return "", fmt.Errorf("flavor cannot record what exists already: %w", ErrNotFound)
	}

	cfg, err := decode[C](ctx, config)
	if err != nil {
		return "", err
	}

	return locator.Locate(in, cfg)
}

func (t typed[C]) preflight(ctx context.Context, in Input, config types.Object) error {
	preflighter, ok := t.driver.(Preflighter[C])
	if !ok {
		return nil
	}

	cfg, err := decode[C](ctx, config)
	if err != nil {
		return err
	}

	return preflighter.Preflight(ctx, in, cfg)
}

func (typed[C]) records() bool { return false }

func decode[C any](ctx context.Context, config types.Object) (C, error) {
	var cfg C

	diags := config.As(ctx, &cfg, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true})

	return cfg, firstError(diags)
}

func encode[C any](ctx context.Context, cfg C, attributeTypes map[string]attr.Type) (types.Object, error) {
	object, diags := types.ObjectValueFrom(ctx, attributeTypes, cfg)

	return object, firstError(diags)
}

func firstError(diags diag.Diagnostics) error {
	for _, d := range diags.Errors() {
		return fmt.Errorf("convert flavor configuration: %s: %s", d.Summary(), d.Detail())
	}

	return nil
}
