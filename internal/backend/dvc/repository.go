// Package dvc writes what DVC reads: the configuration of a repository and its pipelines. It does what `dvc init`,
// `dvc remote` and an editor would do, without running them, and undoes no more than it did.
package dvc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

// Errors of this package; callers test for them with errors.Is.
var (
	// ErrNotFound says that a repository, a remote or a pipeline is gone.
	ErrNotFound = errors.New("does not exist")
	// ErrForeign says that something is there that belongs to somebody else.
	ErrForeign = errors.New("exists and is not ours")
)

// ConflictError is an error that knows which part of what was asked for is in the way of what is there.
type ConflictError struct {
	// About is "repository", "remote", "url", "default" or "pipeline".
	About string
	// Err wraps ErrForeign or ErrNotFound.
	Err error
}

// Error returns the cause's text.
func (c *ConflictError) Error() string { return c.Err.Error() }

// Unwrap returns the cause.
func (c *ConflictError) Unwrap() error { return c.Err }

// Owner is the component that something in a repository belongs to.
type Owner struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Incarnation tells one making from every other, also from one by a component of the same name. Only the ledger
	// knows it: elsewhere it is empty.
	Incarnation string `json:"incarnation,omitempty"`
}

// Same says that both are the same component; see disk.Owner.
func (o Owner) Same(other Owner) bool { return o.disk().Same(other.disk()) }

func (o Owner) disk() disk.Owner {
	return disk.Owner{Kind: o.Kind, Name: o.Name, Incarnation: o.Incarnation}
}

// anew is an owner on whose behalf something is made: with an incarnation that nothing has had before.
func (o Owner) anew() Owner {
	o.Incarnation = disk.Incarnation()

	return o
}

// named is an owner of whom only kind and name count.
func (o Owner) named() Owner {
	o.Incarnation = ""

	return o
}

// Repository is a directory in which DVC works. It exists already; its .dvc is made when it is missing.
type Repository struct {
	// Root is the absolute path of the directory that holds .dvc.
	Root string
}

const (
	gitIgnore = "/config.local\n/tmp\n/cache\n"
	noSCM     = "[core]\n    no_scm = True\n"
)

func (r Repository) dir(elements ...string) string {
	return filepath.Join(append([]string{r.Root, ".dvc"}, elements...)...)
}

// Initialized says whether there is a .dvc.
func (r Repository) Initialized() (bool, error) {
	info, err := os.Stat(r.dir())

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look at repository: %w", err)
	case !info.IsDir():
		return false, &ConflictError{About: "repository", Err: fmt.Errorf("%s %w: it is no directory", r.dir(), ErrForeign)}
	default:
		return true, nil
	}
}

// initialize makes what `dvc init` makes, as far as DVC needs it. It appears at once, with the note that it is ours.
func (r Repository) initialize() error {
	done, err := r.Initialized()
	if done || err != nil {
		return err
	}

	if info, err := os.Stat(r.Root); err != nil || !info.IsDir() {
		return &ConflictError{About: "repository", Err: fmt.Errorf("repository %s %w", r.Root, ErrNotFound)}
	}

	draft := filepath.Join(r.Root, ".mlstacks-dvc")
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("remove old draft: %w", err)
	}

	defer os.RemoveAll(draft) //nolint:errcheck // gone already when all went well

	if err := r.fill(draft); err != nil {
		return fmt.Errorf("initialize repository: %w", err)
	}

	if err := os.Rename(draft, r.dir()); err != nil {
		return fmt.Errorf("initialize repository: %w", err)
	}

	return nil
}

func (r Repository) fill(draft string) error {
	files := map[string]string{"config": r.initialConfig()}
	if r.inGit() {
		files[".gitignore"] = gitIgnore
	}

	if err := os.MkdirAll(filepath.Join(draft, "tmp"), 0o755); err != nil {
		return err
	}

	for name, text := range files {
		if err := os.WriteFile(filepath.Join(draft, name), []byte(text), 0o644); err != nil {
			return err
		}
	}

	note, err := json.Marshal(ledger{Initialized: true})
	if err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(draft, "tmp", ledgerName), note, 0o600)
}

func (r Repository) initialConfig() string {
	if r.inGit() {
		return ""
	}

	return noSCM
}

// inGit says whether the directory or one above it is a Git repository.
func (r Repository) inGit() bool {
	for at := r.Root; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return true
		}

		if filepath.Dir(at) == at {
			return false
		}
	}
}

func (r Repository) config() (*Config, error) {
	text, err := os.ReadFile(r.dir("config"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read DVC configuration: %w", err)
	}

	return ParseConfig(string(text)), nil
}

func (r Repository) save(config *Config) error { return write(r.dir("config"), config.String()) }

// write replaces a file in one step, keeps its mode, and follows a link to where the file really is.
func write(path, text string) error {
	object := disk.Object{Path: path, Mode: 0o644}

	if target, err := filepath.EvalSymlinks(path); err == nil {
		object.Path = target
	}

	if info, err := os.Stat(object.Path); err == nil {
		object.Mode = info.Mode().Perm()
	}

	return object.Write([]byte(text))
}
