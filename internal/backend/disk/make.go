package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// make lets the object appear together with its marker and with every parent directory that is missing, by one
// rename: killed before it, there is nothing but a draft, which the next call throws away.
//
// Other components may make or remove the same parent at the same time. Whoever finds it changed looks again.
func (o Object) make(owner Owner) error {
	var err error

	for range 10 {
		var taken bool
		if taken, err = o.tryMake(owner); !taken {
			return err
		}
	}

	return err
}

func (o Object) tryMake(owner Owner) (taken bool, err error) {
	ground, rest, err := existing(filepath.Dir(o.Path))
	if err != nil {
		return false, err
	}

	if len(rest) == 0 && !o.Directory {
		return false, o.makeFile(owner)
	}

	draft := filepath.Join(ground, draftName(o.Path, owner))
	target := filepath.Join(ground, append(rest, filepath.Base(o.Path))[0])

	for _, old := range []string{draft, vacated(target)} {
		if err := os.RemoveAll(old); err != nil {
			return false, fmt.Errorf("remove old draft: %w", err)
		}
	}

	defer os.RemoveAll(draft) //nolint:errcheck // gone already when all went well

	if err := o.draft(draft, rest, owner); err != nil {
		return errors.Is(err, fs.ErrNotExist), err
	}

	if err := os.Rename(draft, target); err != nil {
		moved := errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, fs.ErrNotExist)

		return moved, fmt.Errorf("put %s in place: %w", target, err)
	}

	return false, nil
}

// draft makes in one place what is to be moved to another: missing parents with the object in the last, or the
// directory alone.
func (o Object) draft(draft string, parents []string, owner Owner) error {
	at := draft
	for i := range parents {
		if i > 0 {
			at = filepath.Join(at, parents[i])
		}

		if err := o.makeParent(at); err != nil {
			return err
		}
	}

	if len(parents) > 0 {
		at = filepath.Join(at, filepath.Base(o.Path))
	}

	here := o
	here.Path = at

	if !o.Directory {
		return here.makeFile(owner)
	}

	if err := os.Mkdir(at, 0o700); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}

	if err := (marker{Owner: owner, Made: true}).write(here.marker()); err != nil {
		return err
	}

	if err := os.Chmod(at, o.Mode); err != nil {
		return fmt.Errorf("set mode: %w", err)
	}

	return nil
}

func (o Object) makeParent(path string) error {
	mode := o.ParentMode
	if mode == 0 {
		mode = 0o755
	}

	if err := os.Mkdir(path, mode); err != nil {
		return fmt.Errorf("make parent directory: %w", err)
	}

	return write(filepath.Join(path, parentMarker), nil, 0o600)
}

// makeFile writes the marker first: a marker without a file is taken up by the next apply, a file without a marker
// would be somebody else's.
func (o Object) makeFile(owner Owner) error {
	if err := (marker{Owner: owner, Made: true}).write(o.marker()); err != nil {
		return err
	}

	return o.Write(o.Content)
}

// existing splits the path of a directory into the part that is there and the names of what is missing below it.
func existing(path string) (ground string, rest []string, err error) {
	info, err := os.Stat(path)

	switch {
	case err == nil && info.IsDir():
		return path, nil, nil
	case err == nil, errors.Is(err, syscall.ENOTDIR):
		return "", nil, fmt.Errorf("make directory: %w", &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR})
	case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path:
		return "", nil, fmt.Errorf("look at parent directory: %w", err)
	}

	ground, rest, err = existing(filepath.Dir(path))

	return ground, append(rest, filepath.Base(path)), err
}

// draftName is the same for each attempt of one owner, so that the next finds what was left.
func draftName(path string, owner Owner) string {
	sum := sha256.Sum256([]byte(path + "\x00" + owner.Kind + "\x00" + owner.Flavor + "\x00" + owner.Name))

	return ".mlstacks-" + hex.EncodeToString(sum[:8])
}
