package rig

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestProvider_TakesTheNamedBinaryOnlyWhereThereIsOne(t *testing.T) {
	directory := t.TempDir()
	t.Chdir(directory)

	if err := os.WriteFile(ProviderFile(), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	got, err := Provider(t.Context(), ProviderFile(), directory)
	if err != nil || !filepath.IsAbs(got) || filepath.Base(got) != ProviderFile() {
		t.Errorf("got %q, %v, want the path of the file", got, err)
	}

	if got, err := Provider(t.Context(), "absent", directory); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %q, %v, want an error that there is none", got, err)
	}
}
