package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Data lists the files in a directory that are neither its marker nor furniture, as slash-separated paths in order;
// directories within count only when they are no furniture. For a file it is the file's own name, unless the file is
// vacant.
func (o Object) Data() ([]string, error) {
	if !o.Directory {
		return o.fileData()
	}

	var data []string

	err := filepath.WalkDir(o.Path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == o.Path {
			return ignoreMissing(err)
		}

		relative, err := filepath.Rel(o.Path, path)
		if err != nil {
			return err
		}

		own, err := o.own(filepath.ToSlash(relative), entry)
		if err != nil || own {
			return ignoreMissing(err)
		}

		data = append(data, filepath.ToSlash(relative))
		if entry.IsDir() {
			return fs.SkipDir // one line for the whole tree
		}

		return nil
	})

	return data, err
}

func (o Object) fileData() ([]string, error) {
	vacant := o.Vacant
	if vacant == nil {
		vacant = func(path string) (bool, error) {
			content, err := os.ReadFile(path)

			return bytes.Equal(content, o.Content), err
		}
	}

	empty, err := vacant(o.Path)
	if err != nil || empty {
		return nil, ignoreMissing(err)
	}

	return []string{filepath.Base(o.Path)}, nil
}

// Release removes what Claim made for an owner. It returns nil when nothing of the owner's is left, be it that the
// object has come to belong to another, and ErrHoldsData when there is data in it and force is false. A directory that
// was there before stays, empty.
func (o Object) Release(owner Owner, force bool) error {
	defer Lock(o.Path)()

	m, err := o.owned(owner)

	switch {
	case errors.Is(err, ErrNotFound) && !o.Directory:
		if m, err := readMarker(o.Path, o.marker()); err != nil || !m.Same(owner) {
			return removeVacated(filepath.Dir(o.Path))
		}

		return o.removeFile() // an interrupted call left the marker
	case errors.Is(err, ErrNotFound):
		return removeVacated(filepath.Dir(o.Path))
	case errors.Is(err, ErrForeign):
		return nil // not the owner's any more: hands off
	case err != nil:
		return err
	}

	data, err := o.Data()
	if err != nil {
		return fmt.Errorf("look into %s: %w", o.Path, err)
	}

	if len(data) > 0 && !force {
		return fmt.Errorf("%s %w: %s", o.Path, ErrHoldsData, some(data))
	}

	if !o.Directory {
		return o.removeFile()
	}

	return o.removeDirectory(m, data)
}

// removeFile removes the marker last, so that an interrupted call can be repeated.
func (o Object) removeFile() error {
	for _, ending := range append(slices.Clone(o.Beside), "", MarkerName) {
		if err := removeOne(o.Path + ending); err != nil {
			return fmt.Errorf("remove file: %w", err)
		}
	}

	return removeVacated(filepath.Dir(o.Path))
}

// removeDirectory removes data first and the marker last, so that an interrupted call can be repeated. Links are
// removed, what they lead to is not. Whatever arrives meanwhile is kept and makes the call fail.
func (o Object) removeDirectory(m marker, data []string) error {
	for _, relative := range data {
		if err := os.RemoveAll(filepath.Join(o.Path, filepath.FromSlash(relative))); err != nil {
			return fmt.Errorf("remove data: %w", err)
		}
	}

	for _, item := range slices.Backward(o.Furniture) {
		if err := removeOne(filepath.Join(o.Path, filepath.FromSlash(item.Path))); err != nil {
			return fmt.Errorf("remove furniture: %w", err)
		}
	}

	if !m.Made {
		return errors.Join(removeOne(o.marker()), removeVacated(o.Path))
	}

	aside := filepath.Join(filepath.Dir(o.Path), draftName(o.Path, m.Owner))
	if err := vanish(o.Path, aside, MarkerName); err != nil {
		return fmt.Errorf("remove directory: %w", err)
	}

	return removeVacated(filepath.Dir(o.Path))
}

// vanish removes a directory that holds nothing but a marker. Both go at once, by one rename: killed in between, there
// is no directory left that nobody owns, only one aside that the next make throws away. What arrives meanwhile brings
// the directory back.
func vanish(path, aside, marker string) error {
	if err := removeOne(filepath.Join(path, marker+draftSuffix)); err != nil {
		return err
	}

	if err := os.RemoveAll(aside); err != nil {
		return err
	}

	if err := os.Rename(path, aside); err != nil {
		return ignoreMissing(err)
	}

	entries, err := os.ReadDir(aside)
	if err == nil && len(entries) <= 1 {
		err = errors.Join(removeOne(filepath.Join(aside, marker)), os.Remove(aside))
	} else if err == nil {
		err = &fs.PathError{Op: "remove", Path: path, Err: syscall.ENOTEMPTY}
	}

	if err != nil {
		return errors.Join(err, os.Rename(aside, path))
	}

	return nil
}

// removeOne removes a file or an empty directory, and the draft of it that an interrupted call left.
func removeOne(path string) error {
	return errors.Join(ignoreMissing(os.Remove(path+draftSuffix)), ignoreMissing(os.Remove(path)))
}

// removeVacated removes directories that were made only to hold objects, from the inside out, and stops at the first
// that holds anything.
func removeVacated(path string) error {
	for at := range upwards(path) {
		entries, err := os.ReadDir(at)
		if missing(err) {
			continue
		}

		if err != nil || len(entries) != 1 || entries[0].Name() != parentMarker {
			return nil // a parent that cannot be read is not ours to remove
		}

		if err := vanish(at, vacated(at), parentMarker); err != nil {
			return nil // something arrived meanwhile: it stays
		}
	}

	return nil
}

// upwards are a directory and those above it, but not the topmost: it is never ours, and on some systems it may not even
// be there.
func upwards(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := path; filepath.Dir(at) != at; at = filepath.Dir(at) {
			if !yield(at) {
				return
			}
		}
	}
}

// vacated is where a parent directory goes on its way out.
func vacated(path string) string { return filepath.Join(filepath.Dir(path), draftName(path, Owner{})) }

// some names the first few of a list.
func some(data []string) string {
	const few = 3
	if len(data) <= few {
		return fmt.Sprintf("%q", data)
	}

	return fmt.Sprintf("%q and %d more", data[:few], len(data)-few)
}
