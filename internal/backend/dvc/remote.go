package dvc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

// Remote is a place where DVC keeps data.
type Remote struct {
	// Name is in lower case.
	Name string
	// URL is an address such as s3://bucket/path, or a path on this machine.
	URL string
	// Default says that DVC uses this remote where a command names none.
	Default bool
}

func section(remote string) string { return `remote "` + strings.ToLower(remote) + `"` }

// Remote reads a remote; ErrNotFound when there is none of that name. A path on this machine is absolute.
func (r Repository) Remote(name string) (Remote, error) {
	config, err := r.config()
	if err != nil {
		return Remote{}, err
	}

	url, ok := config.Get(section(name), "url")
	if !ok {
		return Remote{}, &ConflictError{About: "remote", Err: fmt.Errorf("remote %q of %s %w", name, r.Root, ErrNotFound)}
	}

	return Remote{Name: name, URL: r.absolute(url, r.base()), Default: preferred(config) == strings.ToLower(name)}, nil
}

func preferred(config *Config) string {
	name, _ := config.Get("core", "remote")

	return strings.ToLower(name)
}

// Free says whether AddRemote would find nothing in its way. It changes nothing.
func (r Repository) Free(owner Owner, remote Remote) error {
	config, noted, known, err := r.look(remote.Name)
	if err != nil {
		return err
	}

	if known && !noted.Same(owner.named()) {
		return r.belongs(remote.Name, noted)
	}

	if url, ok := config.Get(section(remote.Name), "url"); ok && !known && !r.SameURL(r.absolute(url, r.base()), remote.URL) {
		return &ConflictError{About: "url", Err: fmt.Errorf("remote %q of %s %w: its URL is %q", remote.Name, r.Root, ErrForeign, url)}
	}

	return r.freeDefault(config, remote)
}

// look reads DVC's configuration and what is noted of a remote in it.
func (r Repository) look(remote string) (config *Config, noted entry, known bool, err error) {
	if config, err = r.config(); err != nil {
		return nil, entry{}, false, err
	}

	l, err := r.ledger()
	if err != nil {
		return nil, entry{}, false, err
	}

	noted, known = l.Entries["remote:"+remote]

	return config, noted, known, nil
}

func (r Repository) belongs(remote string, noted entry) error {
	return &ConflictError{About: "remote", Err: fmt.Errorf("remote %q of %s %w: it belongs to %s %q",
		remote, r.Root, ErrForeign, noted.Kind, noted.Name)}
}

// RemoteOwner returns the owner of a remote, and ErrForeign when it belongs to another component than by. Where nothing is
// noted, as in another checkout, by is taken at its word.
func (r Repository) RemoteOwner(by Owner, name string) (Owner, error) {
	l, err := r.ledger()
	if err != nil {
		return by, err
	}

	noted, known := l.Entries["remote:"+name]

	switch {
	case !known:
		return by, nil
	case !noted.Same(by):
		return noted.Owner, r.belongs(name, noted)
	default:
		return noted.Owner, nil
	}
}

func (r Repository) freeDefault(config *Config, remote Remote) error {
	if now := preferred(config); remote.Default && now != "" && now != strings.ToLower(remote.Name) {
		return &ConflictError{About: "default", Err: fmt.Errorf("default remote of %s %w: it is %q", r.Root, ErrForeign, now)}
	}

	return nil
}

// AddRemote writes a remote into the configuration. One with the same name and URL is taken over, and stays when the
// owner goes. It can be repeated: what an interrupted call left is taken up. Each call returns an incarnation of its own,
// from which on the remote belongs to that one alone.
func (r Repository) AddRemote(owner Owner, remote Remote) (incarnation string, err error) {
	defer disk.Lock(r.Root)()

	if err := r.initialize(); err != nil {
		return "", err
	}

	if err := r.Free(owner, remote); err != nil {
		return "", err
	}

	owner = owner.anew()

	return owner.Incarnation, r.putRemote(owner, remote)
}

// ChangeRemote brings a remote of one owner to another URL, makes it the default or not, or hands it to another owner. It
// returns the incarnation, which stays.
func (r Repository) ChangeRemote(from, to Owner, remote Remote) (incarnation string, err error) {
	defer disk.Lock(r.Root)()

	config, err := r.config()
	if err != nil {
		return "", err
	}

	former, err := r.RemoteOwner(from, remote.Name)
	if err != nil {
		return "", err
	}

	if err := r.freeDefault(config, remote); err != nil {
		return "", err
	}

	to.Incarnation = former.Incarnation

	return to.Incarnation, r.putRemote(to, remote)
}

func (r Repository) putRemote(owner Owner, remote Remote) error {
	config, noted, known, err := r.look(remote.Name)
	if err != nil {
		return err
	}

	made := known && noted.Made || !known && !config.Has(section(remote.Name))

	// The note comes first: a note without a remote is harmless, a remote without a note would be somebody else's.
	if err := r.enter("remote:"+remote.Name, entry{Owner: owner, Made: made}); err != nil {
		return err
	}

	before := config.String()

	if url, ok := config.Get(section(remote.Name), "url"); !ok || !r.SameURL(r.absolute(url, r.base()), remote.URL) {
		config.Set(section(remote.Name), "url", r.stored(remote.URL))
	}

	if remote.Default {
		config.Set("core", "remote", remote.Name)
	} else if preferred(config) == remote.Name {
		config.Unset("core", "remote")
	}

	if config.String() == before {
		return nil
	}

	return r.save(config)
}

// RemoveRemote removes a remote that AddRemote made for an owner, and nothing else.
func (r Repository) RemoveRemote(owner Owner, name string) error {
	defer disk.Lock(r.Root)()

	if _, err := os.Stat(r.dir()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	config, noted, known, err := r.look(name)
	if err != nil {
		return err
	}

	if known && !noted.Same(owner) {
		return nil // not the owner's any more: hands off
	}

	// Without a note it is ours: the caller knows that it made it, in this checkout or in another.
	if (!known || noted.Made) && config.Has(section(name)) {
		config.Drop(section(name))

		if preferred(config) == strings.ToLower(name) {
			config.Unset("core", "remote") // DVC stops at a default that is not there
		}

		if err := r.save(config); err != nil {
			return err
		}
	}

	return r.leave("remote:"+name, owner)
}

var scheme = regexp.MustCompile(`^\w+://`)

// Elsewhere says that a URL is no path that is looked for on this machine as it stands.
func Elsewhere(url string) bool { return scheme.MatchString(url) || strings.HasPrefix(url, "~") }

// stored is a URL as DVC would write it: absolute paths stay, relative ones lead from .dvc.
func (r Repository) stored(url string) string {
	if Elsewhere(url) || filepath.IsAbs(url) {
		return url
	}

	relative, err := filepath.Rel(r.base(), r.absolute(url, ""))
	if err != nil {
		return r.absolute(url, "")
	}

	return filepath.ToSlash(relative)
}

// base is where relative paths in the configuration start: DVC follows links to the repository first.
func (r Repository) base() string {
	if target, err := filepath.EvalSymlinks(r.dir()); err == nil {
		return target
	}

	return r.dir()
}

// absolute resolves a path from a directory, or from the current one.
func (r Repository) absolute(url, from string) string {
	if Elsewhere(url) {
		return url
	}

	if !filepath.IsAbs(url) && from != "" {
		url = filepath.Join(from, url)
	}

	if path, err := filepath.Abs(url); err == nil {
		return path
	}

	return url
}

// SameURL says that two URLs lead to one place; relative paths start in the current directory.
func (r Repository) SameURL(a, b string) bool { return r.absolute(a, "") == r.absolute(b, "") }
