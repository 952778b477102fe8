package disk

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// MarkerName is the file that says to whom a directory belongs; a file's marker has the file's name before it.
const MarkerName = ".mlstacks.json"

// parentMarker is an empty file in a directory that was made only to hold objects: the last one to go takes it along.
const parentMarker = ".mlstacks-parent"

// Owner says to whom an object belongs.
type Owner struct {
	Kind   string            `json:"kind"`
	Flavor string            `json:"flavor"`
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels,omitempty"`
	// Incarnation tells one Claim from every other, also from one by a component of the same name.
	Incarnation string `json:"incarnation,omitempty"`
}

// Same says that both are the same component. Where the incarnations of both are known, they decide: a component that
// an interrupted call has renamed keeps its own, one that is made again gets another. Otherwise the name decides; an
// empty one is not known, and may be any.
func (o Owner) Same(other Owner) bool {
	if o.Kind != other.Kind || o.Flavor != other.Flavor {
		return false
	}

	if o.Incarnation != "" && other.Incarnation != "" {
		return o.Incarnation == other.Incarnation
	}

	return o.Name == other.Name || o.Name == "" || other.Name == ""
}

// Incarnation is a text that no call returns twice.
func Incarnation() string { return rand.Text() }

type marker struct {
	Owner

	// Made says that the owner made the object; one that was there before is never deleted.
	Made bool `json:"made"`
}

func readMarker(object, path string) (marker, error) {
	var m marker

	text, err := os.ReadFile(path)

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m, fmt.Errorf("%s %w: it has no marker %s", object, ErrForeign, path)
	case err != nil:
		return m, fmt.Errorf("read marker: %w", err)
	}

	if err := json.Unmarshal(text, &m); err != nil {
		return marker{}, fmt.Errorf("%s %w: its marker %s cannot be read: %w", object, ErrForeign, path, err)
	}

	return m, nil
}

func (m marker) write(path string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encode marker: %w", err)
	}

	return replace(path, append(text, '\n'), 0o600)
}

// replace writes a file beside its place and renames it, so that nobody ever sees half of it. The draft's name is
// always the same: what a killed call left of it, secrets perhaps, is gone after the next.
func replace(path string, content []byte, mode fs.FileMode) error {
	draft := path + draftSuffix

	if err := ignoreMissing(os.Remove(draft)); err != nil {
		return fmt.Errorf("remove old draft: %w", err)
	}

	defer os.Remove(draft) //nolint:errcheck // gone already when all went well

	if err := write(draft, content, mode); err != nil {
		return err
	}

	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("put file in place: %w", err)
	}

	return nil
}

const draftSuffix = ".mlstacks-draft"

// write makes a file that is not there yet. It is never more open than mode, and it is on the disk before it counts.
func write(path string, content []byte, mode fs.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write file: %w", err)
	}

	_, err = file.Write(content)
	if err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write file: %w", err)
	}

	return nil
}
