package charts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
)

type values = map[string]any

func load(t *testing.T, name string) *chart.Chart {
	t.Helper()
	files := []*archive.BufferedFile{}
	packed := FS(name)
	err := fs.WalkDir(packed, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(packed, path)
		files = append(files, &archive.BufferedFile{Name: path, Data: content})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := loader.LoadFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Validate(); err != nil {
		t.Fatal(err)
	}
	return loaded
}

// render gives the objects of a release called demo in namespace ml.
func render(loaded *chart.Chart, given values) ([]values, error) {
	options := common.ReleaseOptions{Name: "demo", Namespace: "ml", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(loaded, given, options, common.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Engine{Strict: true}.RenderWithContext(context.Background(), loaded, all)
	if err != nil {
		return nil, err
	}
	objects := []values{}
	for path, content := range rendered {
		decoder := yaml.NewDecoder(strings.NewReader(content))
		for {
			var object values
			err := decoder.Decode(&object)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w in\n%s", path, err, content)
			}
			if object != nil {
				objects = append(objects, object)
			}
		}
	}
	return objects, nil
}

func find(objects []values, kind, name string) values {
	for _, object := range objects {
		if object["kind"] == kind && at(object, "metadata", "name") == name {
			return object
		}
	}
	return nil
}

// at follows the keys and returns nil where they end.
func at(tree any, keys ...string) any {
	for _, key := range keys {
		table, ok := tree.(values)
		if !ok {
			return nil
		}
		tree = table[key]
	}
	return tree
}

func list(tree any, keys ...string) []any {
	found, _ := at(tree, keys...).([]any)
	return found
}

func text(tree any, keys ...string) string {
	found, _ := at(tree, keys...).(string)
	return found
}

func nested(path []string, key string, value any) values {
	if len(path) == 0 {
		return values{key: value}
	}
	return values{path[0]: nested(path[1:], key, value)}
}

// merged is a deep merge into a new map; later ones win.
func merged(parts ...values) values {
	result := values{}
	for _, part := range parts {
		for key, value := range part {
			below, isMap := value.(values)
			before, wasMap := result[key].(values)
			switch {
			case isMap && wasMap:
				result[key] = merged(before, below)
			case isMap:
				result[key] = merged(below)
			default:
				result[key] = value
			}
		}
	}
	return result
}

// variable is the comma-separated value of a variable of the Deployment.
func variable(objects []values, name string) []string {
	for _, container := range list(find(objects, "Deployment", "demo"), "spec", "template", "spec", "containers") {
		for _, each := range list(container, "env") {
			if text(each, "name") == name {
				return strings.Split(text(each, "value"), ",")
			}
		}
	}
	return nil
}
