// Package disk makes, recognizes and removes directories and files on this machine. A marker beside or inside each
// says to whom it belongs, so that nothing that somebody else made is ever changed or deleted.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Errors of this package; callers test for them with errors.Is.
var (
	// ErrNotFound says that the object is gone.
	ErrNotFound = errors.New("does not exist")
	// ErrForeign says that something is there that does not belong to the owner.
	ErrForeign = errors.New("exists and is not ours")
	// ErrHoldsData says that removing the object would lose data.
	ErrHoldsData = errors.New("holds data")
)

// Object is a directory or a file on this machine.
type Object struct {
	// Path is absolute.
	Path string
	// Directory tells a directory from a file.
	Directory bool
	// Mode is the mode of what is made.
	Mode fs.FileMode
	// ParentMode is the mode of parent directories that have to be made; 0755 when it is zero.
	ParentMode fs.FileMode
	// Furniture is what the owner puts into a directory. It is not data.
	Furniture []Item
	// Content is what a new file holds.
	Content []byte
	// Vacant says whether a file holds nothing that anybody would miss. Nil compares it with Content.
	Vacant func(path string) (bool, error)
	// Beside are the endings of further files that a program keeps beside a file, such as "-wal".
	Beside []string
}

// Inspect returns the owner of an object: ErrNotFound when there is nothing, ErrForeign when there is something
// without a marker.
func (o Object) Inspect() (Owner, error) {
	m, err := o.inspect()

	return m.Owner, err
}

func (o Object) inspect() (marker, error) {
	info, err := os.Lstat(o.Path)

	switch {
	case missing(err):
		return marker{}, fmt.Errorf("%s %w", o.Path, ErrNotFound)
	case err != nil:
		return marker{}, fmt.Errorf("look at %s: %w", o.Path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		// What it leads to may be anybody's, and the link can be turned elsewhere at any time.
		return marker{}, fmt.Errorf("%s %w: it is a symbolic link", o.Path, ErrForeign)
	case info.IsDir() != o.Directory:
		return marker{}, fmt.Errorf("%s %w: it is %s", o.Path, ErrForeign, what(info.Mode()))
	}

	return readMarker(o.Path, o.marker())
}

// Owned returns the owner of an object that belongs to a component, and ErrForeign when it belongs to another.
func (o Object) Owned(by Owner) (Owner, error) {
	m, err := o.owned(by)

	return m.Owner, err
}

func (o Object) owned(by Owner) (marker, error) {
	m, err := o.inspect()
	if err == nil && !m.Same(by) {
		err = o.belongs(m)
	}

	return m, err
}

// Present says whether there is a directory or a file at all, whoever made it and be it by a symbolic link.
func (o Object) Present() error {
	info, err := os.Stat(o.Path)

	switch {
	case missing(err):
		return fmt.Errorf("%s %w", o.Path, ErrNotFound)
	case err != nil:
		return fmt.Errorf("look at %s: %w", o.Path, err)
	case info.IsDir() != o.Directory:
		return fmt.Errorf("%s %w: it is %s", o.Path, ErrForeign, what(info.Mode()))
	default:
		return nil
	}
}

// Claimable says whether Claim would find nothing in its way. It changes nothing.
func (o Object) Claimable(owner Owner) error {
	owner.Incarnation = "" // a new one is as good as any

	m, err := o.inspect()

	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err == nil && m.Same(owner):
		return nil // made by an apply that did not live to record it, or about to be replaced by this one
	case err == nil:
		return o.belongs(m)
	}

	if empty, emptyErr := o.empty(); emptyErr == nil && empty {
		return nil
	}

	return err
}

func (o Object) belongs(m marker) error {
	return fmt.Errorf("%s %w: it belongs to %s %q", o.Path, ErrForeign, m.Kind, m.Name)
}

// empty says that there is a directory without anything in it that could be somebody's: at most what a killed call
// left.
func (o Object) empty() (bool, error) {
	info, err := os.Lstat(o.Path)
	if err != nil || !o.Directory || !info.IsDir() {
		return false, err
	}

	entries, err := os.ReadDir(o.Path)
	for _, entry := range entries {
		if name := entry.Name(); name != parentMarker && name != MarkerName+draftSuffix {
			return false, err
		}
	}

	return true, err
}

// Claim makes the object, or takes over an empty directory. It can be repeated: what an interrupted call left is
// taken up. Each call returns an incarnation of its own, from which on the object belongs to that one alone.
func (o Object) Claim(owner Owner) (incarnation string, err error) {
	defer Lock(o.Path)()

	if err := o.Claimable(owner); err != nil {
		return "", err
	}

	owner.Incarnation = Incarnation()
	m, err := o.inspect()

	switch {
	case err == nil:
		m.Owner = owner // labels may have changed
		err = m.write(o.marker())
	case errors.Is(err, ErrNotFound):
		err = o.make(owner)
	default: // an empty directory that was there before
		err = marker{Owner: owner}.write(o.marker())
	}

	return owner.Incarnation, err
}

// Rename hands the object from one owner to another: a component that changed its name or labels. It returns the
// incarnation, which stays.
func (o Object) Rename(from, to Owner) (incarnation string, err error) {
	defer Lock(o.Path)()

	m, err := o.owned(from)
	if err != nil {
		return "", err
	}

	to.Incarnation = m.Incarnation
	m.Owner = to

	return m.Incarnation, m.write(o.marker())
}

// Write replaces the content of a file in one step.
func (o Object) Write(content []byte) error { return replace(o.Path, content, o.Mode) }

func (o Object) marker() string {
	if o.Directory {
		return filepath.Join(o.Path, MarkerName)
	}

	return o.Path + MarkerName
}

// missing says that there is nothing at a path, be it that a parent is no directory.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func ignoreMissing(err error) error {
	if missing(err) {
		return nil
	}

	return err
}

func what(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode.IsRegular():
		return "a file"
	default:
		return "neither a file nor a directory"
	}
}
