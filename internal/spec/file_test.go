package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files writes files into a directory of their own.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()

	dir := t.TempDir()

	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	return dir
}

func TestRead_FindsComponentsBesideTheStackFirst(t *testing.T) {
	t.Parallel()

	other := edited(t, goodStore, "name: store", "name: other")

	for name, c := range map[string]struct {
		texts      map[string]string
		path, want string
		file       string
	}{
		"beside":            {map[string]string{"specs/stack.yaml": goodStack, "specs/store.yaml": goodStore}, "specs/stack.yaml", "store", "specs/store.yaml"},
		"working directory": {map[string]string{"specs/stack.yaml": goodStack, "store.yaml": other}, "specs/stack.yaml", "other", "store.yaml"},
		"beside before it":  {map[string]string{"specs/stack.yaml": goodStack, "specs/store.yaml": goodStore, "store.yaml": other}, "specs/stack.yaml", "store", "specs/store.yaml"},
		"below": {
			map[string]string{"stack.yaml": edited(t, goodStack, "store.yaml", "parts/store.yaml"), "parts/store.yaml": goodStore}, "stack.yaml", "store", "parts/store.yaml",
		},
		"above": {
			map[string]string{"specs/stack.yaml": edited(t, goodStack, "store.yaml", "../store.yaml"), "store.yaml": goodStore}, "specs/stack.yaml", "store", "store.yaml",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, problems := Read(c.path, files(t, c.texts), Options{})
			refuseErrors(t, problems)

			if len(s.Components) != 1 || s.Components[0].Name != c.want || s.Components[0].File != filepath.FromSlash(c.file) {
				t.Errorf("%+v", s.Components)
			}
		})
	}
}

func TestRead_TakesAbsolutePathsAsTheyAre(t *testing.T) {
	t.Parallel()

	dir := files(t, map[string]string{"stack.yaml": goodStack, "store.yaml": goodStore, "far/store.yaml": edited(t, goodStore, "name: store", "name: far")})

	s, problems := Read(filepath.Join(dir, "stack.yaml"), "", Options{})
	refuseErrors(t, problems)

	if len(s.Components) != 1 || s.Components[0].Name != "store" {
		t.Fatalf("%+v", s.Components)
	}

	absolute := edited(t, goodStack, "store.yaml", filepath.Join(dir, "far", "store.yaml"))
	if err := os.WriteFile(filepath.Join(dir, "absolute.yaml"), []byte(absolute), 0o600); err != nil {
		t.Fatal(err)
	}

	s, problems = Read(filepath.Join(dir, "absolute.yaml"), "/nowhere", Options{})
	refuseErrors(t, problems)

	if len(s.Components) != 1 || s.Components[0].Name != "far" {
		t.Errorf("%+v", s.Components)
	}
}

func TestRead_SaysWhyAFileIsNotRead(t *testing.T) {
	t.Parallel()

	dir := files(t, map[string]string{
		"stack.yaml":       stackYAML(k3d, "s", "missing.yaml", "folder", "huge.yaml", "binary.yaml", "empty.yaml", "loop.yaml", "dangling.yaml", "link.yaml"),
		"folder/x":         "",
		"huge.yaml":        "#" + strings.Repeat("x", maxFile),
		"binary.yaml":      "\x7fELF\x00",
		"empty.yaml":       "",
		"elsewhere/a.yaml": goodStore,
	})

	for link, target := range map[string]string{"loop.yaml": "loop.yaml", "dangling.yaml": "nowhere", "link.yaml": "elsewhere/a.yaml"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}

	s, problems := Read("stack.yaml", dir, Options{})

	got := make([]string, 0, len(problems))
	for _, p := range problems {
		got = append(got, p.String()+" "+p.Rule+" "+p.Message)
	}

	want := []string{
		`stack.yaml:6:5 V5 "missing.yaml" does not exist: there is no missing.yaml.`,
		"stack.yaml:7:5 spec-file folder is a directory.",
		"stack.yaml:8:5 spec-file huge.yaml has 1048577 bytes, and a spec has at most 1048576.",
		"stack.yaml:11:5 spec-file loop.yaml cannot be read: too many levels of symbolic links.",
		`stack.yaml:12:5 V5 "dangling.yaml" does not exist: there is no dangling.yaml.`,
		"binary.yaml:1:5 spec-file Byte 5 of binary.yaml, 0x00, is in no text in UTF-8.",
		"empty.yaml:1:1 spec-shape There is nothing in empty.yaml.",
	}

	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	if len(s.Components) != 1 || s.Components[0].File != "link.yaml" {
		t.Errorf("%+v", s.Components)
	}
}

func TestRead_SaysWhyTheStackIsNotRead(t *testing.T) {
	t.Parallel()

	dir := files(t, map[string]string{"folder/x": ""})

	for path, want := range map[string][2]string{
		"missing.yaml": {RuleMissing, "does not exist"}, "folder": {RuleFile, "is a directory"}, "folder/x/y": {RuleFile, "not a directory"}, "/dev/zero": {RuleFile, "is not a regular file"},
	} {
		_, problems := Read(path, dir, Options{})
		hasError(t, problems, want[0], path, want[1])
	}
}
