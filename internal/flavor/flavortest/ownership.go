package flavortest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// imports reads with nothing but the id. What identifies the object has to be found: the required attributes; and what
// has its default has to be found so, that an import of what defaults made is followed by a plan without changes.
func (st *stage) imports() {
	result := st.create(st.first)
	defer st.delete(result.ID, st.first)

	in := st.in
	in.Name, in.Labels = "", map[string]string{}
	ctx := st.t.Context()

	observed, read, err := st.flavor.Read(ctx, in, result.ID, types.ObjectNull(st.first.stored.AttributeTypes(ctx)))
	st.must("import", err)

	if read.ID != result.ID || read.Name != "" && read.Name != componentName {
		st.t.Errorf("imported %q of %q, want %q of %q", read.ID, read.Name, result.ID, componentName)
	}

	if st.flavor.Records() {
		return // the identifier said all that is known
	}

	for name, attribute := range st.attributes {
		found, made := observed.Attributes()[name], st.first.stored.Attributes()[name]
		defaulted := attribute.IsComputed() && st.first.written[name] == nil

		switch {
		case attribute.IsWriteOnly():
		case isReference(attribute): // the object does not know which components it works with
		case found == nil || found.IsNull() && attribute.IsRequired():
			st.t.Errorf("import found no %s", name)
		case !found.IsNull() && !found.Equal(made) && (attribute.IsRequired() || defaulted):
			st.t.Errorf("import found %s = %s, want %s", name, found, made)
		}
	}

	again, _, err := st.flavor.Read(ctx, st.in, result.ID, observed)
	st.must("read after import", err)

	if !again.Equal(observed) {
		st.t.Errorf("import found %s, and the next read %s", observed, again)
	}

	if located, err := st.flavor.Locate(ctx, st.in, observed); !errors.Is(err, flavor.ErrNotFound) && located != result.ID {
		st.t.Errorf("what was imported is located at %q, want %q: %v", located, result.ID, err)
	}
}

// isReference says that an attribute takes another component.
func isReference(attribute schema.Attribute) bool {
	nested, ok := attribute.(schema.SingleNestedAttribute)

	return ok && nested.Attributes["outputs"] != nil
}

// records reads what somebody else made (managed = false).
func (st *stage) records() {
	ctx := st.t.Context()
	in := st.in
	in.Managed = false

	if !st.flavor.Named {
		in.Name = "recorder"
	}

	id, err := st.flavor.Locate(ctx, in, st.first.stored)
	if errors.Is(err, flavor.ErrNotFound) {
		return // a driver that cannot record
	}

	st.must("locate", err)

	if _, _, err := st.flavor.Read(ctx, in, id, st.first.stored); !st.flavor.Records() && !errors.Is(err, flavor.ErrNotFound) {
		st.t.Errorf("recording what is not there: %v, want that it does not exist", err)
	}

	result := st.create(st.first)

	observed, read, err := st.flavor.Read(ctx, in, id, st.first.stored)
	st.must("record", err)

	if !observed.Equal(st.first.stored) || read.ID != id {
		st.t.Errorf("recorded %s as %q, want %s as %q", observed, read.ID, st.first.stored, id)
	}

	st.reads(result, st.first)
	st.delete(result.ID, st.first)
}

// keepsOthersOut lets a component of another name try to make the same object.
func (st *stage) keepsOthersOut() {
	if st.flavor.Records() || st.flavor.Named {
		return // another component has an object of its own
	}

	result := st.create(st.first)
	in := st.in
	in.Name = "other"

	if err := st.flavor.Preflight(st.t.Context(), in, st.first.full); err != nil && !errors.Is(err, flavor.ErrNotOurs) {
		st.t.Errorf("preflight of another component: %v, want that the object belongs to somebody else", err)
	}

	taken, err := st.flavor.Create(st.t.Context(), in, st.first.full)
	if !errors.Is(err, flavor.ErrNotOurs) {
		st.t.Errorf("create by another component: %v, want that the object belongs to somebody else", err)
	}

	if taken.ID != "" {
		st.t.Errorf("create by another component returned the id %q, which a destroy would delete", taken.ID)
	}

	st.reads(result, st.first)
	st.delete(result.ID, st.first)
}

// keepsSecrets looks for write-only values in all that ends up in the state.
func (st *stage) keepsSecrets() {
	secrets, found := st.withSecrets(st.t, st.dir)
	if !found {
		return
	}

	result := st.create(secrets)
	tellsNo(st.t, "create", result)

	observed, read, err := st.flavor.Read(st.t.Context(), st.in, result.ID, secrets.stored)
	st.must("read", err)
	tellsNo(st.t, "read", observed)
	tellsNo(st.t, "read", read)
	st.reads(result, secrets)

	updated, err := st.flavor.Update(st.t.Context(), st.in, result.ID, secrets.stored, secrets.full)
	st.must("update", err)
	tellsNo(st.t, "update", updated)
	st.delete(result.ID, secrets)
}

// snapshot tells of everything in a directory: its mode and, of files, the content.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()

	all := map[string]string{}

	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}

		info, err := os.Lstat(path)
		if err != nil {
			return err
		}

		all[path] = info.Mode().String()

		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path) //nolint:gosec // nobody else is in a test's own directory
			if err != nil {
				return err
			}

			all[path] += " " + string(content)
		}

		return nil
	})
	if err != nil {
		t.Fatalf("look into %s: %v", dir, err)
	}

	return all
}

// differences says what became of each path that is not as before.
func differences(before, after map[string]string) map[string]string {
	all := map[string]string{}

	for path, was := range before {
		if is, ok := after[path]; !ok {
			all[path] = "is gone"
		} else if is != was {
			all[path] = fmt.Sprintf("was %.200q, and is %.200q", was, is)
		}
	}

	for path, is := range after {
		if _, ok := before[path]; !ok {
			all[path] = fmt.Sprintf("is new: %.200q", is)
		}
	}

	return all
}
