package helm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/memory"
	"oras.land/oras-go/v2/registry/remote"
)

// archived is the chart of the tests as `helm package` makes it.
func archived(t *testing.T) (path string, data []byte) {
	t.Helper()

	parsed, err := loader.LoadDir("testdata/app")
	if err != nil {
		t.Fatal(err)
	}

	if path, err = chartutil.Save(parsed, t.TempDir()); err != nil {
		t.Fatal(err)
	}

	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}

	return path, data
}

func repository(t *testing.T, data []byte, digest string) string {
	t.Helper()

	files := http.NewServeMux()
	files.HandleFunc("/charts/index.yaml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `apiVersion: v1
entries:
  app:
  - {name: app, apiVersion: v2, version: 0.9.0, urls: [old.tgz]}
  - {name: app, apiVersion: v2, version: 1.0.0, urls: [archives/app.tgz], digest: %q}
  other:
  - {name: other, apiVersion: v2, version: 1.0.0, urls: [archives/app.tgz]}
`, digest)
	})
	files.HandleFunc("/charts/archives/app.tgz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })

	server := httptest.NewServer(files)
	t.Cleanup(server.Close)

	return server.URL + "/charts"
}

// pushed puts data into a registry as a chart and returns its address and the digest of its manifest.
func pushed(t *testing.T, data []byte, config string) (address, manifest string) {
	t.Helper()

	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)

	address = strings.TrimPrefix(server.URL, "http://") + "/charts/app"
	store := memory.New()

	push := func(kind string, content []byte) ocispec.Descriptor {
		descriptor := ocispec.Descriptor{MediaType: kind, Digest: digest.FromBytes(content), Size: int64(len(content))}
		if err := store.Push(t.Context(), descriptor, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}

		return descriptor
	}

	settings, layer := push(config, []byte(`{"name":"app"}`)), push(archiveType, data)

	packed, err := oras.PackManifest(t.Context(), store, oras.PackManifestVersion1_0, "",
		oras.PackManifestOptions{ConfigDescriptor: &settings, Layers: []ocispec.Descriptor{layer}})
	if err != nil {
		t.Fatal(err)
	}

	if err := store.Tag(t.Context(), packed, "1.0.0"); err != nil {
		t.Fatal(err)
	}

	target, err := remote.NewRepository(address)
	if err != nil {
		t.Fatal(err)
	}

	target.PlainHTTP = true
	if _, err := oras.Copy(t.Context(), store, "1.0.0", target, "1.0.0", oras.DefaultCopyOptions); err != nil {
		t.Fatal(err)
	}

	return "oci://" + address, packed.Digest.String()
}

func TestLoad_ReadsTheSameChartFromEverywhere(t *testing.T) {
	t.Parallel()

	path, data := archived(t)
	sum := archiveDigest(data)
	address, manifest := pushed(t, data, configType)
	server := repository(t, data, sum)
	below := fstest.MapFS{}

	for _, file := range app(t).files {
		below["charts/app/"+file.Name] = &fstest.MapFile{Data: file.Data}
	}

	for name, source := range map[string]Source{
		"directory":              {Path: "testdata/app"},
		"directory with version": {Path: "testdata/app", Version: "v1.0.0"},
		"archive":                {Path: path},
		"file system":            {FS: os.DirFS("testdata/app")},
		"file system by name":    {FS: below, Name: "charts/app"},
		"repository":             {Repository: server, Name: "app", Version: "1.0.0"},
		"repository with digest": {Repository: server + "/", Name: "app", Version: "1.0.0", Digest: "sha256:" + sum},
		"registry":               {OCI: address, Version: "1.0.0", PlainHTTP: true},
		"registry with digest":   {OCI: address, Version: "1.0.0", Digest: manifest, PlainHTTP: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			chart, err := Load(t.Context(), source)
			if err != nil {
				t.Fatal(err)
			}

			if chart.String() != "app-1.0.0" || chart.AppVersion() != "7" {
				t.Errorf("got %s of %s", chart, chart.AppVersion())
			}

			if problems := chart.Check(object{"replicas": "x"}); len(problems) != 1 {
				t.Errorf("its schema was not read: %v", problems)
			}
		})
	}
}

func TestLoad_IsTheSameContentWhetherArchivedOrNot(t *testing.T) {
	t.Parallel()

	one, err := Load(t.Context(), Source{Path: "testdata/app"})
	if err != nil {
		t.Fatal(err)
	}

	two, err := Load(t.Context(), Source{FS: os.DirFS("testdata/app")})
	if err != nil {
		t.Fatal(err)
	}

	if one.digest != two.digest {
		t.Errorf("%s is not %s", one.digest, two.digest)
	}
}

func TestLoad_SaysWhatToDo(t *testing.T) {
	t.Parallel()

	_, data := archived(t)
	sum := archiveDigest(data)
	address, manifest := pushed(t, data, configType)
	image, _ := pushed(t, data, "application/vnd.oci.image.config.v1+json")
	server, damaged := repository(t, data, sum), repository(t, data, strings.Repeat("0", 64))
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	zeros := strings.Repeat("0", 64)

	for name, test := range map[string]struct {
		source Source
		want   []string
	}{
		"no source":            {Source{}, []string{"from one place"}},
		"two sources":          {Source{Path: "a", OCI: "oci://b/c"}, []string{"names 2: a, oci://b/c"}},
		"no version":           {Source{Repository: server, Name: "app"}, []string{"app in http://", "set version"}},
		"no name":              {Source{Repository: server, Version: "1.0.0"}, []string{"set the name"}},
		"digest of a path":     {Source{Path: "testdata/app", Digest: zeros}, []string{"digest is only for"}},
		"no directory":         {Source{Path: "testdata/none"}, []string{"from testdata/none", "no such file"}},
		"no chart":             {Source{Path: "testdata"}, []string{"Chart.yaml"}},
		"no archive":           {Source{Path: "testdata/app/Chart.yaml"}, []string{"directory or a .tgz"}},
		"other version":        {Source{Path: "testdata/app", Version: "2.0.0"}, []string{"is version 1.0.0 of app, not 2.0.0"}},
		"absent version":       {Source{Repository: server, Name: "app", Version: "2.0.0"}, []string{"2.0.0 is not there", "latest are 1.0.0, 0.9.0"}},
		"absent chart":         {Source{Repository: server, Name: "apple", Version: "1.0.0"}, []string{`no chart "apple"`}},
		"another chart":        {Source{Repository: server, Name: "other", Version: "1.0.0"}, []string{`holds chart "app"`}},
		"absent archive":       {Source{Repository: server, Name: "app", Version: "0.9.0"}, []string{"old.tgz: 404"}},
		"absent repository":    {Source{Repository: server + "/x", Name: "app", Version: "1.0.0"}, []string{"read index", "404"}},
		"not a URL":            {Source{Repository: "stable", Name: "app", Version: "1.0.0"}, []string{"begins with https://"}},
		"other archive":        {Source{Repository: server, Name: "app", Version: "1.0.0", Digest: zeros}, []string{sum, "not sha256:" + zeros}},
		"damaged archive":      {Source{Repository: damaged, Name: "app", Version: "1.0.0"}, []string{"compare with index", sum}},
		"other manifest":       {Source{OCI: address, Version: "1.0.0", Digest: zeros, PlainHTTP: true}, []string{manifest, "not sha256:" + zeros}},
		"absent tag":           {Source{OCI: address, Version: "2.0.0", PlainHTTP: true}, []string{"from " + address, "latest are 1.0.0"}},
		"tag in the address":   {Source{OCI: address + ":1.0.0", Version: "1.0.0", PlainHTTP: true}, []string{"as version"}},
		"not an OCI address":   {Source{OCI: "host/chart", Version: "1.0.0"}, []string{"begins with oci://"}},
		"image":                {Source{OCI: image, Version: "1.0.0", PlainHTTP: true}, []string{"no chart, but application/vnd.oci.image.config"}},
		"library":              {Source{FS: fstest.MapFS{"Chart.yaml": file("apiVersion: v2\nname: l\nversion: 1.0.0\ntype: library\n")}}, []string{"library"}},
		"missing dependencies": {Source{FS: fstest.MapFS{"Chart.yaml": file("apiVersion: v2\nname: l\nversion: 1.0.0\ndependencies: [{name: d, version: 1.0.0}]\n")}}, []string{"helm dependency build"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := Load(t.Context(), test.source)
			if err == nil {
				t.Fatal("no error")
			}

			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestLoad_HidesThePasswordOfARepository(t *testing.T) {
	t.Parallel()

	_, err := Load(t.Context(), Source{Repository: "https://user:hunter2@127.0.0.1:1/x", Name: "app", Version: "1.0.0"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestLoad_EndsWithItsContext(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := Load(ctx, Source{Repository: repository(t, nil, ""), Name: "app", Version: "1.0.0"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
