package flavortest

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// checkLifecycle holds the driver to its contract. Each check begins with nothing and ends by deleting what it made.
func (s suite) checkLifecycle(t *testing.T) {
	for name, check := range map[string]func(*stage){
		"what was made reads back as it was described":           (*stage).readsBack,
		"apply that was killed before it was recorded converges": (*stage).convergesUnrecorded,
		"update without a change changes nothing":                (*stage).updatesToTheSame,
		"update brings about the change":                         (*stage).updates,
		"update hands the object to a new name":                  (*stage).renames,
		"import finds out what identifies the object":            (*stage).imports,
		"what exists already can be recorded":                    (*stage).records,
		"another component cannot take the object":               (*stage).keepsOthersOut,
		"canceled apply returns and the next converges":          (*stage).convergesCanceled,
		"secrets stay secret":                                    (*stage).keepsSecrets,
	} {
		t.Run(name, func(t *testing.T) { check(s.stage(t)) })
	}
}

// stage is one check under way.
type stage struct {
	suite

	t      *testing.T
	dir    string
	before map[string]string
	in     flavor.Input
	first  given
	second given
}

func (s suite) stage(t *testing.T) *stage {
	t.Helper()

	st := &stage{suite: s, t: t, dir: t.TempDir()}
	st.in = flavor.Input{Kind: s.kind.Name, Name: componentName, Labels: map[string]string{"team": "ml"}, Managed: true}
	if s.flavor.Cloud != "" {
		st.in.Clouds = s.sample.Clouds(t)
	}

	st.first, st.second = s.samples(t, st.dir)
	st.before = snapshot(t, st.dir)

	return st
}

func (st *stage) must(what string, err error) {
	st.t.Helper()

	if err != nil {
		st.t.Fatalf("%s: %v", what, err)
	}
}

// create makes the object as Terraform would: planned first, then applied.
func (st *stage) create(g given) flavor.Result {
	st.t.Helper()
	st.must("preflight", st.flavor.Preflight(st.t.Context(), st.in, g.full))

	in := st.in
	in.Outputs = nil // nothing is known of an object that is still to be made

	result, err := st.flavor.Create(st.t.Context(), in, g.full)
	st.must("create", err)

	st.in.Outputs = result.Outputs
	st.located(result.ID, g)

	return result
}

// located checks that an id is there and is the one that the configuration foretold.
func (st *stage) located(id string, g given) {
	st.t.Helper()

	if id == "" {
		st.t.Fatal("create returned no id")
	}

	located, err := st.flavor.Locate(st.t.Context(), st.in, g.stored)
	if errors.Is(err, flavor.ErrNotFound) {
		return // a driver whose ids are given by somebody else
	}

	st.must("locate", err)

	if located != id {
		st.t.Errorf("id is %q, and located is %q", id, located)
	}
}

// reads checks that there is no drift from a configuration and that the outputs are those that apply returned.
func (st *stage) reads(result flavor.Result, g given) {
	st.t.Helper()

	observed, read, err := st.flavor.Read(st.t.Context(), st.in, result.ID, g.stored)
	st.must("read", err)

	if !observed.Equal(g.stored) {
		st.t.Errorf("drift: observed %s, want %s", observed, g.stored)
	}

	if read.ID != result.ID {
		st.t.Errorf("id is %q, and read as %q", result.ID, read.ID)
	}

	if !maps.Equal(read.Outputs, result.Outputs) {
		st.t.Errorf("outputs are %q, and read as %q", result.Outputs, read.Outputs)
	}

	if read.Name != "" && read.Name != st.in.Name {
		st.t.Errorf("name is %q, and read as %q", st.in.Name, read.Name)
	}
}

// delete removes the object, twice, and checks that nothing is left of it.
func (st *stage) delete(id string, g given) {
	st.t.Helper()

	ctx := st.t.Context()

	err := st.flavor.Delete(ctx, st.in, id, g.stored)
	if errors.Is(err, flavor.ErrHoldsData) {
		g = st.forced(id, g)
		err = st.flavor.Delete(ctx, st.in, id, g.stored)
	}

	st.must("delete", err)
	st.must("delete again", st.flavor.Delete(ctx, st.in, id, g.stored))

	if _, _, err := st.flavor.Read(ctx, st.in, id, g.stored); !st.flavor.Records() && !errors.Is(err, flavor.ErrNotFound) {
		st.t.Errorf("read after delete: %v, want that it does not exist", err)
	}

	for path, difference := range differences(st.before, snapshot(st.t, st.dir)) {
		st.t.Errorf("%s: %s after delete", path, difference)
	}
}

// forced consents to the loss of data, as the error tells the user to.
func (st *stage) forced(id string, g given) given {
	st.t.Helper()

	consent := func(config types.Object) types.Object {
		attributes, consented := config.Attributes(), false

		for name := range attributes {
			if strings.HasPrefix(name, "force_") {
				attributes[name], consented = types.BoolValue(true), true
			}
		}

		if !consented {
			st.t.Fatal("the object holds data, and there is no force_destroy to consent to its loss")
		}

		return types.ObjectValueMust(config.AttributeTypes(st.t.Context()), attributes)
	}

	after := g
	after.full, after.stored = consent(g.full), consent(g.stored)

	_, err := st.flavor.Update(st.t.Context(), st.in, id, g.stored, after.full)
	st.must("update to consent", err)

	return after
}

// readsBack makes the object and looks at it: anything that reads otherwise would show as a change in the very next plan.
func (st *stage) readsBack() {
	result := st.create(st.first)
	st.reads(result, st.first)
	st.delete(result.ID, st.first)
}

// convergesUnrecorded applies again as after a killed apply, whose state is lost; the second time with a change.
func (st *stage) convergesUnrecorded() {
	once := st.create(st.first)

	for _, g := range []given{st.first, st.second} {
		again := st.create(g)
		if again.ID != once.ID {
			st.t.Errorf("id was %q, and is %q the second time", once.ID, again.ID)
		}

		st.reads(again, g)
	}

	st.delete(once.ID, st.second)
}

// updatesToTheSame applies what is there already: an update that repairs one thing must leave alone all that is as it should be.
func (st *stage) updatesToTheSame() {
	result := st.create(st.first)
	before := snapshot(st.t, st.dir)

	updated, err := st.flavor.Update(st.t.Context(), st.in, result.ID, st.first.stored, st.first.full)
	st.must("update", err)

	for path, difference := range differences(before, snapshot(st.t, st.dir)) {
		st.t.Errorf("%s: %s", path, difference)
	}

	st.reads(updated, st.first)
	st.delete(updated.ID, st.first)
}

// updates changes the object in place: it stays the same object, and then reads as the second configuration.
func (st *stage) updates() {
	if _, replaced := st.server.plan(st.t, st.raw(st.first), st.raw(st.second)); replaced {
		st.t.Fatal("sample: the second configuration replaces the first, where it should change it in place")
	}

	result := st.create(st.first)

	// The second time is the apply after one that was killed before it was recorded.
	for range 2 {
		updated, err := st.flavor.Update(st.t.Context(), st.in, result.ID, st.first.stored, st.second.full)
		st.must("update", err)

		if updated.ID != result.ID {
			st.t.Errorf("id was %q, and is %q after an update in place", result.ID, updated.ID)
		}

		st.in.Outputs = updated.Outputs
		st.reads(updated, st.second)
	}

	st.delete(result.ID, st.second)
}

func (st *stage) raw(g given) tftypes.Value {
	value, err := g.stored.ToTerraformValue(st.t.Context())
	st.must("convert", err)

	return value
}

// renames gives the component another name, which its object and the marks on it have to follow, or it would be another's.
func (st *stage) renames() {
	if st.flavor.Named {
		return // another name is another object
	}

	result := st.create(st.first)
	st.in.Was, st.in.FormerLabels = st.in.Name, st.in.Labels
	st.in.Name, st.in.Labels = "renamed", map[string]string{"team": "other"}

	updated, err := st.flavor.Update(st.t.Context(), st.in, result.ID, st.first.stored, st.first.full)
	st.must("update", err)

	st.in.Was, st.in.FormerLabels, st.in.Outputs = "", nil, updated.Outputs
	st.located(updated.ID, st.first)
	st.reads(updated, st.first)
	st.reads(st.create(st.first), st.first)
	st.delete(updated.ID, st.first)
}

// convergesCanceled interrupts an apply: it has to return soon, and the next one to finish what the first has begun.
func (st *stage) convergesCanceled() {
	ctx, cancel := context.WithCancel(st.t.Context())
	cancel()

	done := make(chan struct{})

	go func() {
		defer close(done)

		if result, err := st.flavor.Create(ctx, st.in, st.first.full); err == nil && result.ID == "" {
			st.t.Error("create returned neither an id nor an error")
		}
	}()

	select {
	case <-done:
	case <-time.After(5 * time.Second):
		st.t.Fatal("create goes on for 5 s after it was canceled")
	}

	result := st.create(st.first)
	st.reads(result, st.first)
	st.delete(result.ID, st.first)
}
