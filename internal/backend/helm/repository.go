package helm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/repo/v1"
	"sigs.k8s.io/yaml"
)

const (
	// maxDownload is far above any chart, and below what would hurt.
	maxDownload = 100 << 20
	// named is how many versions an error suggests.
	named = 5
)

// download fetches the archive that the repository's index names.
func (s Source) download(ctx context.Context) ([]byte, error) {
	base, err := url.Parse(strings.TrimSuffix(s.Repository, "/") + "/")
	if err != nil || (base.Scheme != "https" && base.Scheme != "http") || base.Host == "" {
		return nil, errors.New("a repository is a URL that begins with https://, with index.yaml below it")
	}

	if s.Name == "" {
		return nil, errors.New("set the name of the chart in the repository")
	}

	text, err := get(ctx, base.JoinPath("index.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}

	var index repo.IndexFile
	if err := yaml.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}

	entry, err := s.find(index)
	if err != nil {
		return nil, err
	}

	place, err := url.Parse(entry.URLs[0])
	if err != nil {
		return nil, fmt.Errorf("read index: address of %s %s: %w", s.Name, s.Version, err)
	}

	if place.Scheme == "oci" {
		return s.elsewhere(ctx, place)
	}

	data, err := get(ctx, base.ResolveReference(place))
	if err != nil {
		return nil, fmt.Errorf("download archive: %w", err)
	}

	// The index's own digest finds what was damaged on the way, ours what was exchanged.
	if err := (Source{Digest: entry.Digest}).verify(archiveDigest(data)); err != nil {
		return nil, fmt.Errorf("compare with index: %w", err)
	}

	return data, s.verify(archiveDigest(data))
}

// elsewhere follows an index into a registry; the digest stays that of the archive.
func (s Source) elsewhere(ctx context.Context, place *url.URL) ([]byte, error) {
	repository := place.Path
	if i := strings.LastIndexAny(repository, ":/"); i >= 0 && repository[i] == ':' {
		repository = repository[:i]
	}

	data, err := Source{OCI: "oci://" + place.Host + repository, Version: s.Version, PlainHTTP: s.PlainHTTP}.pull(ctx)
	if err != nil {
		return nil, err
	}

	return data, s.verify(archiveDigest(data))
}

func (s Source) find(index repo.IndexFile) (*repo.ChartVersion, error) {
	entries, ok := index.Entries[s.Name]
	if !ok {
		return nil, fmt.Errorf("the repository has no chart %q: correct the name", s.Name)
	}

	var versions []string

	for _, entry := range entries {
		if entry == nil || entry.Metadata == nil {
			continue
		}

		if sameVersion(s.Version, entry.Version) && len(entry.URLs) > 0 {
			return entry, nil
		}

		versions = append(versions, entry.Version)
	}

	return nil, missingVersion(s.Version, versions)
}

func missingVersion(version string, there []string) error {
	if len(there) == 0 {
		return fmt.Errorf("version %s is not there, nor any other", version)
	}

	slices.SortStableFunc(there, func(a, b string) int {
		left, err := semver.NewVersion(a)
		right, wrong := semver.NewVersion(b)

		switch {
		case err != nil || wrong != nil:
			return 0
		default:
			return right.Compare(left)
		}
	})

	return fmt.Errorf("version %s is not there: set version to one that is, the latest are %s", version,
		strings.Join(there[:min(named, len(there))], ", "))
}

func get(ctx context.Context, place *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, place.String(), http.NoBody)
	if err != nil {
		return nil, err
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}

	defer func() { _ = response.Body.Close() }()

	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s: %s", place.Redacted(), response.Status)
	}

	return bounded(response.Body)
}

// bounded reads all there is, unless it is no chart by its size.
func bounded(reader io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(reader, maxDownload+1))
	if err != nil {
		return nil, err
	}

	if len(data) > maxDownload {
		return nil, fmt.Errorf("it is larger than %d MiB", maxDownload>>20)
	}

	return data, nil
}

// redact hides a password in a URL.
func redact(text string) string {
	place, err := url.Parse(text)
	if err != nil {
		return "a URL that cannot be read"
	}

	return place.Redacted()
}
