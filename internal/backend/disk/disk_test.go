package disk_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

var (
	ours   = owner("main")
	theirs = owner("other")
)

func owner(name string) disk.Owner {
	return disk.Owner{Kind: "artifact_store", Flavor: "local", Name: name}
}

// claim claims an object that is free, and returns the owner with the incarnation that it got.
func claim(t *testing.T, object disk.Object, by disk.Owner) disk.Owner {
	t.Helper()

	var err error

	by.Incarnation, err = object.Claim(by)
	must(t, err)

	return by
}

func claimed(object disk.Object) error {
	_, err := object.Claim(ours)

	return err
}

func directory(t *testing.T) disk.Object {
	t.Helper()

	return disk.Object{Path: filepath.Join(t.TempDir(), "store"), Directory: true, Mode: 0o755}
}

func file(t *testing.T) disk.Object {
	t.Helper()

	return disk.Object{Path: filepath.Join(t.TempDir(), "secrets.json"), Mode: 0o600, Content: []byte("{}\n")}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()

	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func gone(t *testing.T, path string) {
	t.Helper()

	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is still there: %v", path, err)
	}
}

func there(t *testing.T, path string) {
	t.Helper()

	if _, err := os.Lstat(path); err != nil {
		t.Fatalf("%s is gone: %v", path, err)
	}
}

// nothing says that a directory is as empty as the test made it.
func nothing(t *testing.T, dir string) {
	t.Helper()

	entries, err := os.ReadDir(dir)
	must(t, err)

	if len(entries) > 0 {
		t.Fatalf("left behind in %s: %v", dir, entries)
	}
}

func TestClaim_MakesDirectoryWithMarkerModeAndParents(t *testing.T) {
	t.Parallel()

	top := t.TempDir()
	object := disk.Object{Path: filepath.Join(top, "a", "b", "store"), Directory: true, Mode: 0o700}

	claim(t, object, ours)

	info, err := os.Stat(object.Path)
	must(t, err)

	if info.Mode().Perm() != 0o700 {
		t.Errorf("mode is %v", info.Mode())
	}

	owner, err := object.Inspect()
	must(t, err)

	if owner.Name != "main" {
		t.Errorf("owner is %+v", owner)
	}

	claim(t, object, ours) // an apply that did not live to record it
	must(t, object.Release(ours, false))
	must(t, object.Release(ours, false))
	nothing(t, top)
}

func TestClaim_MakesPrivateFileInPrivateParent(t *testing.T) {
	t.Parallel()

	top := t.TempDir()
	object := disk.Object{Path: filepath.Join(top, "new", "secrets.json"), Mode: 0o600, ParentMode: 0o700, Content: []byte("{}")}

	claim(t, object, ours)

	for path, mode := range map[string]fs.FileMode{
		object.Path: 0o600, object.Path + disk.MarkerName: 0o600, filepath.Dir(object.Path): 0o700,
	} {
		info, err := os.Stat(path)
		must(t, err)

		if info.Mode().Perm() != mode {
			t.Errorf("mode of %s is %v, want %v", path, info.Mode(), mode)
		}
	}

	must(t, object.Release(ours, false))
	nothing(t, top)
}

func TestClaim_SharesNewParentBetweenConcurrentComponents(t *testing.T) {
	t.Parallel()

	top := t.TempDir()
	names := []string{"a", "b", "c", "d", "e", "f"}
	at := func(name string) disk.Object {
		return disk.Object{Path: filepath.Join(top, "out", "deep", name), Directory: name < "d", Mode: 0o755}
	}

	each := func(do func(string) error) {
		var group sync.WaitGroup
		for _, name := range names {
			group.Go(func() {
				if err := do(name); err != nil {
					t.Error(err)
				}
			})
		}

		group.Wait()
	}

	each(func(name string) error {
		_, err := at(name).Claim(owner(name))

		return err
	})

	for _, name := range names {
		there(t, at(name).Path)
	}

	each(func(name string) error { return at(name).Release(owner(name), false) })
	nothing(t, top)
}

func TestClaim_RefusesWhatBelongsToOthers(t *testing.T) {
	t.Parallel()

	for name, prepare := range map[string]func(*testing.T, disk.Object){
		"directory with a file": func(t *testing.T, o disk.Object) { t.Helper(); write(t, filepath.Join(o.Path, "data"), "x") },
		"file in its place":     func(t *testing.T, o disk.Object) { t.Helper(); write(t, o.Path, "x") },
		"other component":       func(t *testing.T, o disk.Object) { t.Helper(); claim(t, o, theirs) },
		"broken marker": func(t *testing.T, o disk.Object) {
			t.Helper()
			write(t, filepath.Join(o.Path, disk.MarkerName), "{")
		},
		"link to an empty directory": func(t *testing.T, o disk.Object) { t.Helper(); must(t, os.Symlink(t.TempDir(), o.Path)) },
		"dangling link":              func(t *testing.T, o disk.Object) { t.Helper(); must(t, os.Symlink("/nowhere", o.Path)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			object := directory(t)
			prepare(t, object)

			is(t, object.Claimable(ours), disk.ErrForeign)
			is(t, claimed(object), disk.ErrForeign)
			there(t, object.Path)
		})
	}
}

func TestClaim_RefusesFileThatIsThere(t *testing.T) {
	t.Parallel()

	object := file(t)
	write(t, object.Path, "")

	is(t, claimed(object), disk.ErrForeign)
}

func TestClaim_UsesEmptyDirectoryAndLeavesItBehind(t *testing.T) {
	t.Parallel()

	object := directory(t)
	must(t, os.Mkdir(object.Path, 0o755))
	claim(t, object, ours)
	write(t, filepath.Join(object.Path, "run", "data"), "x")
	claim(t, object, ours) // does not forget that the directory was there before
	must(t, object.Release(ours, true))
	nothing(t, object.Path)
}

func TestClaim_TakesUpWhatAKilledCallLeft(t *testing.T) {
	t.Parallel()

	object := file(t)
	write(t, object.Path+disk.MarkerName, "{half")
	write(t, object.Path+".mlstacks-draft", "half of the secrets")
	claim(t, object, ours)
	gone(t, object.Path+".mlstacks-draft")
	must(t, object.Release(ours, false))
	nothing(t, filepath.Dir(object.Path))
}

func TestClaim_SurvivesBeingKilledAtAnyTime(t *testing.T) {
	t.Parallel()

	if at := os.Getenv("MLSTACKS_DISK_LOOP"); at != "" {
		for {
			object := disk.Object{Path: at, Directory: true, Mode: 0o755, Furniture: []disk.Item{{Path: "a", Directory: true}, {Path: "a/b", Content: []byte("x")}}}
			must(t, errors.Join(claimed(object), object.Furnish(), object.Release(ours, false)))
		}
	}

	top := t.TempDir()
	object := disk.Object{Path: filepath.Join(top, "p", "q", "store"), Directory: true, Mode: 0o755, Furniture: []disk.Item{
		{Path: "a", Directory: true}, {Path: "a/b", Content: []byte("x")},
	}}

	for range 40 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestClaim_SurvivesBeingKilledAtAnyTime$")
		child.Env = append(os.Environ(), "MLSTACKS_DISK_LOOP="+object.Path)
		must(t, child.Start())

		for { // until it is at work
			if _, err := os.Lstat(filepath.Join(top, "p")); err == nil {
				break
			}
		}

		time.Sleep(rand.N(2 * time.Millisecond)) //nolint:gosec // any time will do
		must(t, child.Process.Kill())
		_ = child.Wait()

		claim(t, object, ours)
		must(t, object.Furnish())
		must(t, object.Release(ours, false))
	}

	nothing(t, top)
}

func TestClaim_SaysThatAParentIsAFile(t *testing.T) {
	t.Parallel()

	object := directory(t)
	write(t, object.Path, "x")
	object.Path = filepath.Join(object.Path, "below")

	is(t, claimed(object), syscall.ENOTDIR)

	_, err := object.Inspect()
	is(t, err, disk.ErrNotFound)
	must(t, object.Release(ours, true))
}

func TestRelease_RefusesDataUnlessForced(t *testing.T) {
	t.Parallel()

	object := directory(t)
	object.Furniture = []disk.Item{
		{Path: "config", Content: []byte("as made")},
		{Path: "runs", Directory: true},
		{Path: "runs/.id", Tolerated: true},
	}

	claim(t, object, ours)
	must(t, object.Furnish())
	write(t, filepath.Join(object.Path, "runs", ".id"), "left by a program")

	data, err := object.Data()
	must(t, err)

	if len(data) > 0 {
		t.Fatalf("furniture counts as data: %v", data)
	}

	write(t, filepath.Join(object.Path, "runs", "1", "out"), "x")
	write(t, filepath.Join(object.Path, "config"), "edited")

	err = object.Release(ours, false)
	is(t, err, disk.ErrHoldsData)

	if !strings.Contains(err.Error(), `"config" "runs/1"`) {
		t.Errorf("error does not name the data: %v", err)
	}

	there(t, filepath.Join(object.Path, "runs", "1", "out"))
	must(t, object.Release(ours, true))
	nothing(t, filepath.Dir(object.Path))
}

func TestRelease_RefusesChangedFileUnlessForced(t *testing.T) {
	t.Parallel()

	object := file(t)
	object.Beside = []string{"-wal"}

	claim(t, object, ours)
	must(t, object.Write([]byte(`{"a":"b"}`)))
	write(t, object.Path+"-wal", "x")
	is(t, object.Release(ours, false), disk.ErrHoldsData)
	there(t, object.Path)
	must(t, object.Release(ours, true))
	nothing(t, filepath.Dir(object.Path))
}

func TestRelease_KeepsHandsOffWhatLostItsMarker(t *testing.T) {
	t.Parallel()

	object := directory(t)
	claim(t, object, ours)
	write(t, filepath.Join(object.Path, "data"), "x")
	must(t, os.Remove(filepath.Join(object.Path, disk.MarkerName)))

	_, err := object.Inspect()
	is(t, err, disk.ErrForeign)
	must(t, object.Release(ours, true))
	there(t, filepath.Join(object.Path, "data"))
}

func TestRelease_NeverDeletesThroughLinks(t *testing.T) {
	t.Parallel()

	object := directory(t)
	elsewhere := t.TempDir()
	write(t, filepath.Join(elsewhere, "precious"), "x")

	claim(t, object, ours)
	must(t, os.Symlink(elsewhere, filepath.Join(object.Path, "link")))
	must(t, object.Release(ours, true))
	gone(t, object.Path)
	there(t, filepath.Join(elsewhere, "precious"))

	// The whole directory moved elsewhere, with its marker, and a link left in its place.
	claim(t, object, ours)
	write(t, filepath.Join(object.Path, "data"), "x")
	must(t, os.Rename(object.Path, filepath.Join(elsewhere, "moved")))
	must(t, os.Symlink(filepath.Join(elsewhere, "moved"), object.Path))
	must(t, object.Release(ours, true))
	there(t, filepath.Join(elsewhere, "moved", "data"))
}

func TestRename_HandsOverOnlyWhatWasTheirs(t *testing.T) {
	t.Parallel()

	object := directory(t)
	claim(t, object, ours)

	_, err := object.Rename(theirs, ours)
	is(t, err, disk.ErrForeign)

	_, err = object.Rename(ours, theirs)
	must(t, err)

	owner, err := object.Inspect()
	must(t, err)

	if owner.Name != theirs.Name {
		t.Errorf("owner is %+v", owner)
	}

	must(t, object.Release(theirs, false))
	gone(t, object.Path)
}

// Terraform may make the new one before it destroys the old one, and cannot tell that they are at the same place.
func TestRelease_KeepsHandsOffALaterIncarnation(t *testing.T) {
	t.Parallel()

	for name, object := range map[string]disk.Object{"directory": directory(t), "file": file(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			old := claim(t, object, ours)
			latest := claim(t, object, ours)

			if old.Incarnation == "" || old.Incarnation == latest.Incarnation {
				t.Fatalf("incarnations are %q and %q", old.Incarnation, latest.Incarnation)
			}

			_, err := object.Owned(old)
			is(t, err, disk.ErrForeign)

			_, err = object.Rename(old, ours)
			is(t, err, disk.ErrForeign)

			must(t, object.Release(old, true))
			there(t, object.Path)
			must(t, object.Release(latest, false))
			nothing(t, filepath.Dir(object.Path))
		})
	}
}

func TestRelease_KeepsHandsOffWhatBelongsToOthers(t *testing.T) {
	t.Parallel()

	for name, object := range map[string]disk.Object{"directory": directory(t), "file": file(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			claim(t, object, theirs)

			for _, other := range []disk.Owner{
				ours, {Kind: "sandbox", Flavor: "local", Name: theirs.Name}, {Kind: theirs.Kind, Flavor: "other", Name: theirs.Name},
			} {
				must(t, object.Release(other, true))
				there(t, object.Path)
			}
		})
	}
}

func TestRelease_KeepsTheMarkerOfAnotherWhoseFileIsGone(t *testing.T) {
	t.Parallel()

	object := file(t)
	owner := claim(t, object, theirs)
	must(t, os.Remove(object.Path))
	must(t, object.Release(ours, true))
	there(t, object.Path+disk.MarkerName)
	must(t, object.Release(owner, false))
	nothing(t, filepath.Dir(object.Path))
}

// An apply that was killed between renaming the object and recording it leaves the old name in the state.
func TestRename_IsKnownByItsIncarnationWhateverItsName(t *testing.T) {
	t.Parallel()

	object := directory(t)
	before := claim(t, object, ours)

	incarnation, err := object.Rename(before, theirs)
	must(t, err)

	if incarnation != before.Incarnation {
		t.Errorf("incarnation was %q, and is %q", before.Incarnation, incarnation)
	}

	_, err = object.Rename(before, ours)
	must(t, err)
	must(t, object.Release(before, false))
	gone(t, object.Path)
}

func TestOwner_OfAnOlderMarkerIsKnownByItsName(t *testing.T) {
	t.Parallel()

	object := directory(t)
	write(t, filepath.Join(object.Path, disk.MarkerName), `{"kind": "artifact_store", "flavor": "local", "name": "main", "made": true}`)

	known := ours
	known.Incarnation = "of which the marker knows nothing"

	_, err := object.Owned(known)
	must(t, err)
	must(t, object.Release(theirs, true))
	there(t, object.Path)
	must(t, object.Release(known, false))
	gone(t, object.Path)
}

func TestRelease_AndClaimAtTheSameTimeLeaveTheClaim(t *testing.T) {
	t.Parallel()

	for range 50 {
		object := directory(t)
		old := claim(t, object, ours)

		var (
			group  sync.WaitGroup
			latest disk.Owner
		)

		group.Go(func() { latest = claim(t, object, ours) })
		group.Go(func() { must(t, object.Release(old, true)) })
		group.Wait()

		_, err := object.Owned(latest)
		must(t, err)
	}
}

func TestFurnish_MakesWhatIsMissingAndKeepsWhatIsThere(t *testing.T) {
	t.Parallel()

	object := directory(t)
	object.Furniture = []disk.Item{{Path: "a", Directory: true}, {Path: "a/one", Content: []byte("1")}, {Path: "two", Content: []byte("2")}}

	claim(t, object, ours)
	must(t, object.Furnish())
	write(t, filepath.Join(object.Path, "two"), "mine")
	must(t, os.RemoveAll(filepath.Join(object.Path, "a")))

	if complete, err := object.Furnished(); err != nil || complete {
		t.Fatalf("complete without a: %v", err)
	}

	must(t, object.Furnish())

	if complete, err := object.Furnished(); err != nil || !complete {
		t.Fatalf("not complete after all: %v", err)
	}

	if text, err := os.ReadFile(filepath.Join(object.Path, "two")); err != nil || string(text) != "mine" {
		t.Errorf("overwrote what was there: %q, %v", text, err)
	}
}
