package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Item is a directory or a file that the owner of a directory puts into it.
type Item struct {
	// Path is relative to the directory, with slashes. A parent comes before what is in it.
	Path string
	// Directory tells a directory from a file.
	Directory bool
	// Content is what the owner writes into a file. With any other content the file is data.
	Content []byte
	// Tolerated items are not made, but are no data either: programs that use the directory leave them behind.
	Tolerated bool
}

// Furnish makes each item that is missing and leaves alone those that are there. It can be repeated.
func (o Object) Furnish() error {
	for _, item := range o.Furniture {
		if item.Tolerated {
			continue
		}

		if err := o.place(item); err != nil {
			return err
		}
	}

	return nil
}

func (o Object) place(item Item) error {
	path := filepath.Join(o.Path, filepath.FromSlash(item.Path))
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	if !item.Directory {
		return replace(path, item.Content, 0o644)
	}

	if err := os.Mkdir(path, 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}

	return nil
}

// Furnished says whether every item is there.
func (o Object) Furnished() (bool, error) {
	for _, item := range o.Furniture {
		if item.Tolerated {
			continue
		}

		_, err := os.Lstat(filepath.Join(o.Path, filepath.FromSlash(item.Path)))
		if missing(err) {
			return false, nil
		}

		if err != nil {
			return false, fmt.Errorf("look at furniture: %w", err)
		}
	}

	return true, nil
}

// own says whether an entry of the directory is the owner's: its marker, or furniture as the owner placed it.
func (o Object) own(relative string, entry fs.DirEntry) (bool, error) {
	relative, draft := strings.CutSuffix(relative, draftSuffix)
	if relative == MarkerName || relative == parentMarker {
		return true, nil
	}

	for _, item := range o.Furniture {
		if item.Path != relative || item.Directory != entry.IsDir() {
			continue
		}

		if item.Directory || item.Tolerated || draft {
			return true, nil
		}

		if !entry.Type().IsRegular() {
			return false, nil
		}

		content, err := os.ReadFile(filepath.Join(o.Path, filepath.FromSlash(relative)))

		return bytes.Equal(content, item.Content), err
	}

	return false, nil
}
