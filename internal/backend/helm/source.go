package helm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"helm.sh/helm/v4/pkg/action"
	helmchart "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// fetchTimeout is how long a chart may take to arrive.
const fetchTimeout = 5 * time.Minute

// Source says where a chart comes from; exactly one of FS, Path, OCI and Repository is set.
type Source struct {
	// FS holds the chart at its root, or below a directory that is called Name.
	FS fs.FS
	// Name is the chart's name in a Repository, or the directory in FS.
	Name string
	// Path is a directory or an archive on this machine.
	Path string
	// OCI is the place in a registry, without tag: oci://host/repository/chart.
	OCI string
	// Repository is the URL below which index.yaml is.
	Repository string
	// Version is exact. Remote charts need one, with others it has to be the chart's.
	Version string
	// Digest is the SHA-256 of the archive, for OCI that of the manifest; it may begin with sha256:. Empty means any.
	Digest string
	// PlainHTTP talks to the registry without TLS.
	PlainHTTP bool
}

// Chart is a chart in memory. It does not change, and may be used by several calls at once.
type Chart struct {
	files    []*archive.BufferedFile
	metadata chart.Metadata
	digest   string
}

// Name is that of the chart.
func (c *Chart) Name() string { return c.metadata.Name }

// Version is that of the chart.
func (c *Chart) Version() string { return c.metadata.Version }

// AppVersion is the version of what the chart installs, as it says.
func (c *Chart) AppVersion() string { return c.metadata.AppVersion }

// String is name and version.
func (c *Chart) String() string { return c.metadata.Name + "-" + c.metadata.Version }

// fetched are the remote charts of this process. Their versions are pinned, so once is enough.
var fetched sync.Map

// Load fetches and reads a chart, a remote one once in a process. Errors name the chart, its source and what to do.
func Load(ctx context.Context, source Source) (*Chart, error) {
	place, err := source.place()
	if err != nil {
		return nil, err
	}

	remote := source.OCI != "" || source.Repository != ""
	if remote {
		stored, _ := fetched.Load(source)
		if c, ok := stored.(*Chart); ok {
			return c, nil
		}
	}

	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()

	c, err := source.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load chart from %s: %w", place, err)
	}

	if remote {
		fetched.Store(source, c)
	}

	return c, nil
}

// place is how errors call the source; it says what contradicts itself.
func (s Source) place() (string, error) {
	var places []string

	if s.FS != nil {
		places = append(places, strings.TrimSpace("this provider "+s.Name))
	}

	for _, place := range []string{s.Path, s.OCI} {
		if place != "" {
			places = append(places, place)
		}
	}

	if s.Repository != "" {
		places = append(places, s.Name+" in "+redact(s.Repository))
	}

	if len(places) != 1 {
		return "", fmt.Errorf("load chart: it has to come from one place, this names %d: %s", len(places),
			strings.Join(places, ", "))
	}

	if (s.OCI != "" || s.Repository != "") && s.Version == "" {
		return "", fmt.Errorf("load chart from %s: set version, so that every apply installs the same", places[0])
	}

	if s.Digest != "" && s.OCI == "" && s.Repository == "" {
		return "", fmt.Errorf("load chart from %s: a digest is only for charts from a registry or repository", places[0])
	}

	return places[0], nil
}

func (s Source) load(ctx context.Context) (*Chart, error) {
	var (
		files []*archive.BufferedFile
		data  []byte
		err   error
	)

	switch {
	case s.FS != nil:
		files, err = readFS(s.FS, s.Name)
	case s.Path != "":
		files, err = readPath(s.Path)
	case s.OCI != "":
		data, err = s.pull(ctx)
	default:
		data, err = s.download(ctx)
	}

	if err != nil {
		return nil, err
	}

	if data != nil {
		if files, err = archive.LoadArchiveFiles(bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
	}

	c := &Chart{files: files, digest: contentDigest(files)}

	parsed, err := c.open()
	if err != nil {
		return nil, err
	}

	c.metadata = *parsed.Metadata

	return c, s.judge(parsed)
}

// judge refuses what cannot be installed.
func (s Source) judge(c *chart.Chart) error {
	if s.Version != "" && !sameVersion(s.Version, c.Metadata.Version) {
		return fmt.Errorf("it is version %s of %s, not %s: correct version", c.Metadata.Version, c.Name(), s.Version)
	}

	if s.Repository != "" && s.Name != c.Name() {
		return fmt.Errorf("the archive holds chart %q", c.Name())
	}

	if c.Metadata.Type == "library" {
		return fmt.Errorf("%s is a library for other charts and installs nothing: name a chart of type application", c.Name())
	}

	needed := make([]helmchart.Dependency, len(c.Metadata.Dependencies))
	for i, dependency := range c.Metadata.Dependencies {
		needed[i] = dependency
	}

	if err := action.CheckDependencies(c, needed); err != nil {
		return fmt.Errorf("%s lacks charts it depends on: run `helm dependency build` where it is made: %w", c.Name(), err)
	}

	return nil
}

// open parses the chart: Helm changes charts that it installs, so every call has its own.
func (c *Chart) open() (*chart.Chart, error) {
	parsed, err := loader.LoadFiles(c.files)
	if err != nil {
		return nil, fmt.Errorf("read chart: %w", err)
	}

	return parsed, nil
}

func readPath(path string) ([]*archive.BufferedFile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}

	if !info.IsDir() {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}

		files, err := archive.LoadArchiveFiles(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("read archive: a chart is a directory or a .tgz of `helm package`: %w", err)
		}

		return files, nil
	}

	parsed, err := loader.LoadDir(path)
	if err != nil {
		return nil, err
	}

	if len(parsed.Raw) == 0 {
		return nil, errors.New("the directory holds no chart")
	}

	files := make([]*archive.BufferedFile, len(parsed.Raw))
	for i, file := range parsed.Raw {
		files[i] = &archive.BufferedFile{Name: file.Name, ModTime: file.ModTime, Data: file.Data}
	}

	return files, nil
}
