package disk

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
)

// Marked is an object with a marker.
type Marked struct {
	Object

	Owner Owner
}

// Below finds the objects with markers in a directory and below, also in one that is an object itself. What cannot be read
// is passed over, but for the directory itself; symbolic links are not followed.
func Below(ctx context.Context, root string) iter.Seq2[Marked, error] {
	return func(yield func(Marked, error) bool) {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil && path == root:
				return err
			case err != nil:
				return fs.SkipDir
			case entry.IsDir() || !strings.HasSuffix(path, MarkerName):
				return nil
			}

			found := Marked{Object: Object{Path: strings.TrimSuffix(path, MarkerName)}}
			if entry.Name() == MarkerName {
				found.Path, found.Directory = filepath.Dir(path), true
			}

			owner, err := found.Inspect()
			if err != nil {
				return nil //nolint:nilerr // a marker that was left, or that cannot be read: nothing of ours
			}

			found.Owner = owner

			if !yield(found, nil) {
				return fs.SkipAll
			}

			return nil
		})
		if err != nil {
			yield(Marked{}, fmt.Errorf("look for components below %s: %w", root, err))
		}
	}
}
