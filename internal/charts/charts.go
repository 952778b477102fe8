// Package charts holds our own Helm charts and the default images of everything that runs in a cluster.
//
// A chart is its directory here and what all of them share: templates, definitions for its schema, and its default
// image, which images.go names. FS puts the three together; what it returns can be installed as it is.
package charts

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Names of the charts.
const (
	// MinIO is one server of S3-compatible storage.
	MinIO = "minio"
	// Distribution is an image registry.
	Distribution = "distribution"
	// MLflow is a tracking server and model registry.
	MLflow = "mlflow"
	// ZenML is a ZenML server.
	ZenML = "zenml"
	// Postgres is one PostgreSQL server.
	Postgres = "postgres"
	// MySQL is one MySQL server.
	MySQL = "mysql"
	// Model is any HTTP server of a model, with an optional canary; its image has no default.
	Model = "model"
)

//go:embed all:minio all:distribution all:mlflow all:postgres all:mysql all:model all:zenml all:shared
var embedded embed.FS

// images are the defaults of the value image.
var images = map[string]string{
	MinIO:        MinIOImage,
	Distribution: DistributionImage,
	MLflow:       MLflowImage,
	Postgres:     PostgresImage,
	MySQL:        MySQLImage,
	Model:        "",
	ZenML:        ZenMLImage,
}

// Names returns the names of all charts.
func Names() []string {
	return []string{Distribution, MinIO, MLflow, Model, MySQL, Postgres, ZenML}
}

// FS returns the chart of that name: Chart.yaml, values.yaml, values.schema.json and templates at its root. It panics
// when there is no such chart, which only a mistake in this program can bring about.
func FS(name string) fs.FS {
	if archive, ok := assembled.Load(name); ok {
		return archive.(fs.FS) //nolint:errcheck,forcetypeassert // nothing else is stored
	}
	archive, err := assemble(name)
	if err != nil {
		panic(fmt.Sprintf("assemble chart %q: %v", name, err))
	}
	assembled.Store(name, archive)
	return archive
}

// assembled are the charts that were asked for.
var assembled sync.Map

// assemble packs the files of a chart, since a zip archive is the one file system in memory that Go has.
func assemble(name string) (fs.FS, error) {
	image, ok := images[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	files := map[string][]byte{}
	err := fs.WalkDir(embedded, name, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[strings.TrimPrefix(path, name+"/")], err = embedded.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, err
	}
	if files["templates/_shared.tpl"], err = embedded.ReadFile("shared/_shared.tpl"); err != nil {
		return nil, err
	}
	files["values.yaml"] = append(fmt.Appendf(nil, "image: %q\n", image), files["values.yaml"]...)
	if files["values.schema.json"], err = withDefinitions(files["values.schema.json"]); err != nil {
		return nil, err
	}
	return pack(files)
}

// withDefinitions adds the shared definitions to a schema.
func withDefinitions(content []byte) ([]byte, error) {
	shared, err := embedded.ReadFile("shared/defs.json")
	if err != nil {
		return nil, err
	}
	schema := map[string]json.RawMessage{}
	if err := json.Unmarshal(content, &schema); err != nil {
		return nil, fmt.Errorf("read values.schema.json: %w", err)
	}
	schema["$defs"] = shared
	return json.MarshalIndent(schema, "", "  ")
}

func pack(files map[string][]byte) (fs.FS, error) {
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for path, content := range files {
		file, err := writer.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := file.Write(content); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
}
