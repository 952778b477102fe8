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
	ours   = disk.Owner{Kind: "artifact_store", Flavor: "local", Name: "main"}
	theirs = disk.Owner{Kind: "artifact_store", Flavor: "local", Name: "other"}
)

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

	must(t, object.Claim(ours))

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

	must(t, object.Claim(ours)) // an apply that did not live to record it
	must(t, object.Release(false))
	must(t, object.Release(false))
	nothing(t, top)
}

func TestClaim_MakesPrivateFileInPrivateParent(t *testing.T) {
	t.Parallel()

	top := t.TempDir()
	object := disk.Object{Path: filepath.Join(top, "new", "secrets.json"), Mode: 0o600, ParentMode: 0o700, Content: []byte("{}")}

	must(t, object.Claim(ours))

	for path, mode := range map[string]fs.FileMode{
		object.Path: 0o600, object.Path + disk.MarkerName: 0o600, filepath.Dir(object.Path): 0o700,
	} {
		info, err := os.Stat(path)
		must(t, err)

		if info.Mode().Perm() != mode {
			t.Errorf("mode of %s is %v, want %v", path, info.Mode(), mode)
		}
	}

	must(t, object.Release(false))
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
		return at(name).Claim(disk.Owner{Kind: "artifact_store", Flavor: "local", Name: name})
	})

	for _, name := range names {
		there(t, at(name).Path)
	}

	each(func(name string) error { return at(name).Release(false) })
	nothing(t, top)
}

func TestClaim_RefusesWhatBelongsToOthers(t *testing.T) {
	t.Parallel()

	for name, prepare := range map[string]func(*testing.T, disk.Object){
		"directory with a file": func(t *testing.T, o disk.Object) { t.Helper(); write(t, filepath.Join(o.Path, "data"), "x") },
		"file in its place":     func(t *testing.T, o disk.Object) { t.Helper(); write(t, o.Path, "x") },
		"other component":       func(t *testing.T, o disk.Object) { t.Helper(); must(t, o.Claim(theirs)) },
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
			is(t, object.Claim(ours), disk.ErrForeign)
			there(t, object.Path)
		})
	}
}

func TestClaim_RefusesFileThatIsThere(t *testing.T) {
	t.Parallel()

	object := file(t)
	write(t, object.Path, "")

	is(t, object.Claim(ours), disk.ErrForeign)
}

func TestClaim_UsesEmptyDirectoryAndLeavesItBehind(t *testing.T) {
	t.Parallel()

	object := directory(t)
	must(t, os.Mkdir(object.Path, 0o755))
	must(t, object.Claim(ours))
	write(t, filepath.Join(object.Path, "run", "data"), "x")
	must(t, object.Claim(ours)) // does not forget that the directory was there before
	must(t, object.Release(true))
	nothing(t, object.Path)
}

func TestClaim_TakesUpWhatAKilledCallLeft(t *testing.T) {
	t.Parallel()

	object := file(t)
	write(t, object.Path+disk.MarkerName, "{half")
	write(t, object.Path+".mlstacks-draft", "half of the secrets")
	must(t, object.Claim(ours))
	gone(t, object.Path+".mlstacks-draft")
	must(t, object.Release(false))
	nothing(t, filepath.Dir(object.Path))
}

func TestClaim_SurvivesBeingKilledAtAnyTime(t *testing.T) {
	t.Parallel()

	if at := os.Getenv("MLSTACKS_DISK_LOOP"); at != "" {
		for {
			object := disk.Object{Path: at, Directory: true, Mode: 0o755, Furniture: []disk.Item{{Path: "a", Directory: true}, {Path: "a/b", Content: []byte("x")}}}
			must(t, errors.Join(object.Claim(ours), object.Furnish(), object.Release(false)))
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

		must(t, object.Claim(ours))
		must(t, object.Furnish())
		must(t, object.Release(false))
	}

	nothing(t, top)
}

func TestClaim_SaysThatAParentIsAFile(t *testing.T) {
	t.Parallel()

	object := directory(t)
	write(t, object.Path, "x")
	object.Path = filepath.Join(object.Path, "below")

	is(t, object.Claim(ours), syscall.ENOTDIR)

	_, err := object.Inspect()
	is(t, err, disk.ErrNotFound)
	must(t, object.Release(true))
}

func TestClaim_LeavesNothingWhereItMayNotWrite(t *testing.T) {
	t.Parallel()

	if at := os.Getenv("MLSTACKS_DISK_DENIED"); at != "" {
		object := disk.Object{Path: filepath.Join(at, "a", "store"), Directory: true, Mode: 0o755}
		is(t, object.Claim(ours), fs.ErrPermission)

		return
	}

	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o555)) //nolint:gosec // what nobody may write to

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestClaim_LeavesNothingWhereItMayNotWrite$")
	child.Env = append(os.Environ(), "MLSTACKS_DISK_DENIED="+dir)

	if os.Getuid() == 0 { // whom no mode stops
		for at := dir; at != "/tmp" && at != "/"; at = filepath.Dir(at) {
			info, err := os.Stat(at)
			must(t, err)
			must(t, os.Chmod(at, info.Mode().Perm()|0o055))
		}

		binary := filepath.Join(os.TempDir(), "mlstacks-disk-test-"+filepath.Base(filepath.Dir(dir)))
		text, err := os.ReadFile(os.Args[0])
		must(t, err)
		must(t, os.WriteFile(binary, text, 0o755)) //nolint:gosec // another user has to run it
		t.Cleanup(func() { _ = os.Remove(binary) })

		child.Path = binary
		child.Dir = "/"
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}

	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	nothing(t, dir)
}

func TestRelease_RefusesDataUnlessForced(t *testing.T) {
	t.Parallel()

	object := directory(t)
	object.Furniture = []disk.Item{
		{Path: "config", Content: []byte("as made")},
		{Path: "runs", Directory: true},
		{Path: "runs/.id", Tolerated: true},
	}

	must(t, object.Claim(ours))
	must(t, object.Furnish())
	write(t, filepath.Join(object.Path, "runs", ".id"), "left by a program")

	data, err := object.Data()
	must(t, err)

	if len(data) > 0 {
		t.Fatalf("furniture counts as data: %v", data)
	}

	write(t, filepath.Join(object.Path, "runs", "1", "out"), "x")
	write(t, filepath.Join(object.Path, "config"), "edited")

	err = object.Release(false)
	is(t, err, disk.ErrHoldsData)

	if !strings.Contains(err.Error(), `"config" "runs/1"`) {
		t.Errorf("error does not name the data: %v", err)
	}

	there(t, filepath.Join(object.Path, "runs", "1", "out"))
	must(t, object.Release(true))
	nothing(t, filepath.Dir(object.Path))
}

func TestRelease_RefusesChangedFileUnlessForced(t *testing.T) {
	t.Parallel()

	object := file(t)
	object.Beside = []string{"-wal"}

	must(t, object.Claim(ours))
	must(t, object.Write([]byte(`{"a":"b"}`)))
	write(t, object.Path+"-wal", "x")
	is(t, object.Release(false), disk.ErrHoldsData)
	there(t, object.Path)
	must(t, object.Release(true))
	nothing(t, filepath.Dir(object.Path))
}

func TestRelease_KeepsHandsOffWhatLostItsMarker(t *testing.T) {
	t.Parallel()

	object := directory(t)
	must(t, object.Claim(ours))
	write(t, filepath.Join(object.Path, "data"), "x")
	must(t, os.Remove(filepath.Join(object.Path, disk.MarkerName)))

	_, err := object.Inspect()
	is(t, err, disk.ErrForeign)
	must(t, object.Release(true))
	there(t, filepath.Join(object.Path, "data"))
}

func TestRelease_NeverDeletesThroughLinks(t *testing.T) {
	t.Parallel()

	object := directory(t)
	elsewhere := t.TempDir()
	write(t, filepath.Join(elsewhere, "precious"), "x")

	must(t, object.Claim(ours))
	must(t, os.Symlink(elsewhere, filepath.Join(object.Path, "link")))
	must(t, object.Release(true))
	gone(t, object.Path)
	there(t, filepath.Join(elsewhere, "precious"))

	// The whole directory moved elsewhere, with its marker, and a link left in its place.
	must(t, object.Claim(ours))
	write(t, filepath.Join(object.Path, "data"), "x")
	must(t, os.Rename(object.Path, filepath.Join(elsewhere, "moved")))
	must(t, os.Symlink(filepath.Join(elsewhere, "moved"), object.Path))
	must(t, object.Release(true))
	there(t, filepath.Join(elsewhere, "moved", "data"))
}

func TestRename_HandsOverOnlyWhatWasTheirs(t *testing.T) {
	t.Parallel()

	object := directory(t)
	must(t, object.Claim(ours))
	is(t, object.Rename(theirs, ours), disk.ErrForeign)
	must(t, object.Rename(ours, theirs))

	owner, err := object.Inspect()
	must(t, err)

	if owner.Name != theirs.Name {
		t.Errorf("owner is %+v", owner)
	}

	must(t, object.Release(false))
	gone(t, object.Path)
}

func TestFurnish_MakesWhatIsMissingAndKeepsWhatIsThere(t *testing.T) {
	t.Parallel()

	object := directory(t)
	object.Furniture = []disk.Item{{Path: "a", Directory: true}, {Path: "a/one", Content: []byte("1")}, {Path: "two", Content: []byte("2")}}

	must(t, object.Claim(ours))
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
