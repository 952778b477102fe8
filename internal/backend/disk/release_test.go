package disk

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestUpwards_EndsBelowTheTop(t *testing.T) {
	t.Parallel()

	top := filepath.VolumeName(t.TempDir()) + string(filepath.Separator)
	a := filepath.Join(top, "a")
	b := filepath.Join(a, "b")

	for from, want := range map[string][]string{b: {b, a}, top: nil, ".": nil} {
		if found := slices.Collect(upwards(from)); !slices.Equal(found, want) {
			t.Errorf("upwards from %q: %q, want %q", from, found, want)
		}
	}
}
