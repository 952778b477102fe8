package helm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
)

// Media types of charts in registries; the older one is from before Helm had its own.
const (
	configType    = "application/vnd.cncf.helm.config.v1+json"
	archiveType   = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
	formerArchive = "application/tar+gzip"
)

// pull fetches the archive from a registry, as nobody: what needs a login is not for a provider that reads no files of
// the user.
func (s Source) pull(ctx context.Context) ([]byte, error) {
	place, ok := strings.CutPrefix(s.OCI, "oci://")
	if !ok {
		return nil, errors.New("the address of a chart in a registry begins with oci://")
	}

	repository, err := remote.NewRepository(place)
	if err != nil {
		return nil, fmt.Errorf("an address is oci://host/repository/chart, without tag: %w", err)
	}

	if repository.Reference.Reference != "" {
		return nil, fmt.Errorf("give %q as version, not in the address", repository.Reference.Reference)
	}

	repository.PlainHTTP = s.PlainHTTP
	repository.Client = &auth.Client{Client: http.DefaultClient, Cache: auth.NewCache()}

	manifest, err := s.manifest(ctx, repository)
	if err != nil {
		return nil, err
	}

	for _, layer := range manifest.Layers {
		if layer.MediaType != archiveType && layer.MediaType != formerArchive {
			continue
		}

		if layer.Size > maxDownload {
			return nil, fmt.Errorf("it is larger than %d MiB", maxDownload>>20)
		}

		data, err := content.FetchAll(ctx, repository, layer)
		if err != nil {
			return nil, fmt.Errorf("pull archive: %w", err)
		}

		return data, nil
	}

	return nil, fmt.Errorf("what is there is no chart, but %s: correct the address", manifest.Config.MediaType)
}

func (s Source) manifest(ctx context.Context, repository *remote.Repository) (ocispec.Manifest, error) {
	var manifest ocispec.Manifest

	// A tag cannot have a plus sign; Helm writes an underscore instead.
	descriptor, err := repository.Resolve(ctx, strings.ReplaceAll(s.Version, "+", "_"))
	if err != nil {
		if errors.Is(err, errdef.ErrNotFound) {
			return manifest, s.absent(ctx, repository)
		}

		return manifest, fmt.Errorf("look up version %s: %w", s.Version, err)
	}

	if err := s.verify(descriptor.Digest.String()); err != nil {
		return manifest, err
	}

	if descriptor.MediaType != ocispec.MediaTypeImageManifest {
		return manifest, fmt.Errorf("what is there is no chart, but %s: correct the address", descriptor.MediaType)
	}

	text, err := content.FetchAll(ctx, repository, descriptor)
	if err != nil {
		return manifest, fmt.Errorf("pull manifest: %w", err)
	}

	if err := json.Unmarshal(text, &manifest); err != nil {
		return manifest, fmt.Errorf("read manifest: %w", err)
	}

	if manifest.Config.MediaType != configType {
		return manifest, fmt.Errorf("what is there is no chart, but %s: correct the address", manifest.Config.MediaType)
	}

	return manifest, nil
}

// absent names the versions that there are, where the registry tells.
func (s Source) absent(ctx context.Context, repository *remote.Repository) error {
	var versions []string

	err := repository.Tags(ctx, "", func(tags []string) error {
		for _, tag := range tags {
			versions = append(versions, strings.ReplaceAll(tag, "_", "+"))
		}

		return nil
	})
	if err != nil {
		return fmt.Errorf("version %s is not there: correct version or address", s.Version)
	}

	return missingVersion(s.Version, versions)
}
