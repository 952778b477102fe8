package amazon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Driver makes components that consist of objects in AWS. C is the configuration.
type Driver[C any] struct {
	// Flavor is the flavor's name.
	Flavor string
	// ID identifies the component among those of its flavor: the name of its first object, best. After an import it is all
	// that there is.
	ID func(in flavor.Input, cfg C) string
	// Named is the attribute that names the object, for messages about a name that is taken; empty where it is the
	// component's own name.
	Named string
	// Forced is the attribute that consents to the loss of data; empty for force_destroy.
	Forced string
	// Region is the one that the configuration names; nil, or "", for the login's.
	Region func(cfg C) string
	// Parts are the objects as wanted, in the order in which they are made. The first is the one that the component is
	// known by; it is gone when all of them are. After an import, what id tells has been put into cfg by Adopt.
	Parts func(ctx context.Context, site Site, id string, cfg C) ([]part.Part, error)
	// Learn puts what was seen into the configuration, so that drift shows on its attribute. The order is that of Parts; an
	// object that is missing has no Facts.
	Learn func(cfg *C, seen []part.Seen)
	// Adopt begins the configuration of an import, of which nothing but the id is known.
	Adopt func(id string) C
	// Outputs are what others need to know; the planned ones of the flavor's facts must agree.
	Outputs func(ctx context.Context, site Site, id string, cfg C) (map[string]string, error)
	// Partial, where given, says that a configuration lacks what policies are made of, as after an import: then nobody can
	// tell whether they are as they should be.
	Partial func(cfg C) bool
	// Settled, where given, is called when every part is there, to wait or to finish.
	Settled func(ctx context.Context, site Site, cfg C) error
}

// Create makes the objects, or takes over what a run that was killed has left of them.
func (d Driver[C]) Create(ctx context.Context, in flavor.Input, cfg C) (flavor.Result, error) {
	site, err := d.enter(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	site.Claim.Incarnation, site.Claim.Fresh = "", rand.Text()

	return d.ensure(ctx, site, d.ID(in, cfg), cfg)
}

// Update brings the objects to what is wanted.
func (d Driver[C]) Update(ctx context.Context, in flavor.Input, id string, _, cfg C) (flavor.Result, error) {
	site, err := d.enter(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	if err := at(ctx, site); err != nil {
		return flavor.Result{}, err
	}

	site.Claim.Known, site.Claim.Was = true, in.Was
	site.Claim.Fresh, site.Claim.Former = in.Incarnation, in.FormerLabels

	if site.Claim.Fresh == "" { // it was imported
		site.Claim.Fresh = rand.Text()
	}

	result, err := d.ensure(ctx, site, id, cfg)
	if err != nil {
		result.ID = "" // the old state stays, and the next apply starts from there
	}

	return result, err
}

func (d Driver[C]) ensure(ctx context.Context, site Site, id string, cfg C) (flavor.Result, error) {
	result := flavor.Result{}

	parts, err := d.Parts(ctx, site, id, cfg)
	if err != nil {
		return result, Worded(err)
	}

	for i, one := range parts {
		made, err := one.Ensure(ctx, site.Claim)
		if made.Exists { // from here on something is there that must not be lost
			result.ID, result.Incarnation = id, site.Claim.Fresh
		}

		result.Notices = append(result.Notices, made.Notices...)

		if err != nil {
			return result, d.taken(err, id, i == 0)
		}
	}

	result.ID, result.Incarnation = id, site.Claim.Fresh // also where there was nothing to make

	if d.Settled != nil {
		if err := d.Settled(ctx, site, cfg); err != nil {
			return result, Worded(err)
		}
	}

	result.Outputs, err = d.Outputs(ctx, site, id, cfg)

	return result, Worded(err)
}

func (d Driver[C]) taken(err error, id string, first bool) error {
	if errors.Is(err, backend.ErrHoldsData) { // it was to go, since it is wanted no longer
		return d.holding(err, "set %s = true, too: then the data is deleted with it.")
	}

	var attribute []string
	if d.Named != "" && first {
		attribute = []string{d.Named}
	}

	return taken(err, d.Flavor, id, attribute)
}

// Read looks at the objects.
func (d Driver[C]) Read(ctx context.Context, in flavor.Input, id string, cfg C) (C, flavor.Result, error) {
	imported := in.Name == "" && d.Adopt != nil && d.ID(in, cfg) == ""
	if imported {
		cfg = d.Adopt(id)
	}

	site, err := d.enter(ctx, in, cfg)
	if err != nil {
		return cfg, flavor.Result{}, err
	}

	site.Claim.Known, site.Claim.Anyone, site.looks = true, !in.Managed, true

	parts, err := d.Parts(ctx, site, id, cfg)
	if err != nil {
		return cfg, flavor.Result{}, Worded(err)
	}

	seen, result, err := d.look(ctx, site, parts, id, imported || !in.Managed || d.Partial != nil && d.Partial(cfg))
	if err != nil {
		return cfg, result, err
	}

	d.Learn(&cfg, seen)

	result.Outputs, err = d.Outputs(ctx, site, id, cfg)

	return cfg, result, Worded(err)
}

// Delete removes the objects, the last one first.
func (d Driver[C]) Delete(ctx context.Context, in flavor.Input, id string, cfg C) error {
	site, err := d.enter(ctx, in, cfg)
	if err != nil {
		return err
	}

	if err := at(ctx, site); err != nil {
		return err
	}

	site.Claim.Known = true

	parts, err := d.Parts(ctx, site, id, cfg)
	if err != nil {
		return Worded(err)
	}

	for _, one := range slices.Backward(parts) {
		if err := one.Remove(ctx, site.Claim); err != nil {
			return d.holding(err, "set %s = true, apply that, and destroy again: then the data is deleted with it.")
		}
	}

	return nil
}

// holding says what to do about data that nobody agreed to lose. consent is how to agree, with the attribute left open.
func (d Driver[C]) holding(err error, consent string) error {
	if !errors.Is(err, backend.ErrHoldsData) {
		return Worded(err)
	}

	forced := d.Forced
	if forced == "" {
		forced = "force_destroy"
	}

	return &flavor.AttributeError{
		Attribute: []string{forced}, Err: flavor.Because(flavor.ErrHoldsData, err),
		Fix: "Nothing of it was deleted. Move the data away, or " + fmt.Sprintf(consent, forced),
	}
}

// Locate names the object that a configuration describes.
func (d Driver[C]) Locate(in flavor.Input, cfg C) (string, error) { return d.ID(in, cfg), nil }

// Preflight refuses labels that cannot be tags, and a login that has no credentials.
func (d Driver[C]) Preflight(ctx context.Context, in flavor.Input, cfg C) error {
	site, err := d.enter(ctx, in, cfg)
	if err == nil {
		_, err = site.AWS(ctx)
	}

	if err == nil {
		if problem := naming.Tags(site.Tags(site.Claim.Owner)); problem != "" {
			return &flavor.AttributeError{
				Err: errors.New(problem), Fix: "Labels become tags of AWS: change labels, the provider's default_labels, or aws.default_tags.",
			}
		}
	}

	if errors.Is(err, session.ErrUnknown) {
		return nil // only apply can tell
	}

	return Worded(err)
}

func (d Driver[C]) enter(ctx context.Context, in flavor.Input, cfg C) (Site, error) {
	region := ""
	if d.Region != nil {
		region = d.Region(cfg)
	}

	return enter(ctx, in, d.Flavor, region)
}
