// Package owned is the driver behind flavors whose object is a directory or a file on this machine: it is made,
// marked as ours, and deleted with its data only when the user consents.
package owned

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Driver serves a flavor with an object on this machine. P is always *C.
type Driver[C any, P placed[C]] struct {
	// Flavor names the owner in the marker.
	Flavor string
	// Object describes what is made; the path is filled in.
	Object disk.Object
	// Default is the configuration that an import begins with: the defaults of the schema.
	Default C
	// Furnish brings what is in the object from old (nil when it has just been made) to cfg. It can be repeated with
	// the same outcome. Nil lets every item of furniture be made that is missing.
	Furnish func(object disk.Object, old *C, cfg C) error
	// Observe reads drift back into the configuration. Nil observes nothing.
	Observe func(object disk.Object, cfg C) (C, error)
	// Outputs tells what only the object knows. Nil tells nothing.
	Outputs func(object disk.Object) map[string]string
}

func (d Driver[C, P]) at(path string) disk.Object {
	object := d.Object
	object.Path = path

	return object
}

func (d Driver[C, P]) owner(in flavor.Input) disk.Owner {
	return disk.Owner{Kind: in.Kind, Flavor: d.Flavor, Name: in.Name, Labels: in.Labels, Incarnation: in.Incarnation}
}

// Locate is the absolute path.
func (d Driver[C, P]) Locate(_ flavor.Input, cfg C) (string, error) {
	return Absolute(P(&cfg).place().Path), nil
}

// Preflight refuses at plan what Claim would refuse: a place that belongs to somebody else.
func (d Driver[C, P]) Preflight(_ context.Context, in flavor.Input, cfg C) error {
	err := d.at(Absolute(P(&cfg).place().Path)).Claimable(d.owner(in))
	if errors.Is(err, disk.ErrForeign) {
		return worded(err)
	}

	return nil // whatever else may be wrong is for apply to find: this machine may change until then
}

// Create makes the object and furnishes it.
func (d Driver[C, P]) Create(_ context.Context, in flavor.Input, cfg C) (flavor.Result, error) {
	if err := refuseTilde(P(&cfg).place().Path); err != nil {
		return flavor.Result{}, err
	}

	object := d.at(Absolute(P(&cfg).place().Path))
	owner := d.owner(in)

	var err error
	if owner.Incarnation, err = object.Claim(owner); err != nil {
		return flavor.Result{}, worded(err)
	}

	// From here on the object exists, and whatever fails must not lose it.
	err = d.furnish(object, nil, cfg)

	return d.result(object, owner), err
}

func (d Driver[C, P]) furnish(object disk.Object, old *C, cfg C) error {
	if d.Furnish != nil {
		return worded(d.Furnish(object, old, cfg))
	}

	return worded(object.Furnish())
}

func (d Driver[C, P]) result(object disk.Object, owner disk.Owner) flavor.Result {
	result := flavor.Result{ID: object.Path, Name: owner.Name, Incarnation: owner.Incarnation}
	if d.Outputs != nil {
		result.Outputs = d.Outputs(object)
	}

	return result
}

// Read looks for the object and its marker. What lost its marker, or got that of another component or of a later
// incarnation, is not ours any more: it counts as gone. Of what somebody else made only the presence is checked.
func (d Driver[C, P]) Read(_ context.Context, in flavor.Input, id string, cfg C) (C, flavor.Result, error) {
	object := d.at(id)
	imported := P(&cfg).place().Path == ""

	if imported && !filepath.IsAbs(id) {
		return cfg, flavor.Result{}, BadID(in.Kind, d.Flavor, id, "<absolute path>", "/srv/ml/"+in.Kind)
	}

	if !in.Managed {
		return d.record(object, cfg)
	}

	owner, err := object.Owned(d.owner(in))

	switch {
	case errors.Is(err, disk.ErrForeign) && !imported:
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrNotFound, err)
	case err != nil:
		return cfg, flavor.Result{}, worded(err)
	}

	if imported {
		cfg = d.Default
		P(&cfg).place().Path = id
	}

	if d.Observe != nil {
		cfg, err = d.Observe(object, cfg)
	}

	return cfg, d.result(object, owner), worded(err)
}

// record looks for what is only recorded, and learns nothing by which the component could claim it later.
func (d Driver[C, P]) record(object disk.Object, cfg C) (C, flavor.Result, error) {
	owner, err := object.Inspect()
	if errors.Is(err, disk.ErrForeign) {
		err = d.present(object)
	}

	if err != nil {
		return cfg, flavor.Result{}, worded(err)
	}

	return cfg, d.result(object, disk.Owner{Name: owner.Name}), nil
}

// present says whether what somebody else made is what the flavor expects.
func (d Driver[C, P]) present(object disk.Object) error {
	err := object.Present()
	if err == nil {
		return nil
	}

	return &flavor.AttributeError{
		Attribute: []string{"path"},
		Err:       flavor.Because(flavor.ErrNotFound, err),
		Fix:       "Correct the path to what exists, or set managed = true to have it made.",
	}
}

// Update renews marker and furniture.
func (d Driver[C, P]) Update(_ context.Context, in flavor.Input, id string, old, cfg C) (flavor.Result, error) {
	object := d.at(id)
	former, owner := d.owner(in), d.owner(in)
	former.Name = in.Was

	var err error
	if owner.Incarnation, err = object.Rename(former, owner); err != nil {
		return flavor.Result{}, worded(err)
	}

	if err := d.furnish(object, &old, cfg); err != nil {
		return flavor.Result{}, err // the state keeps the old configuration, so that the next apply tries again
	}

	return d.result(object, owner), nil
}

// Delete removes the object; with data in it only when force_destroy is set. What has come to belong to another
// component, or to a later incarnation of this one, stays.
func (d Driver[C, P]) Delete(_ context.Context, in flavor.Input, id string, cfg C) error {
	return worded(d.at(id).Release(d.owner(in), P(&cfg).place().ForceDestroy))
}
