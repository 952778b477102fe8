package charts

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

// cases are the charts as they are installed: with as little as possible, and with everything switched on.
func cases() map[string]values {
	full := values{
		"image":              "registry.example.com/team/server:1",
		"imagePullPolicy":    "Always",
		"imagePullSecrets":   []any{"pull-1", "pull-2"},
		"serviceAccountName": "runner",
		"resources":          values{"requests": values{"cpu": "100m"}, "limits": values{"memory": "1Gi"}},
		"nodeSelector":       values{"disk": "ssd"},
		"tolerations":        []any{values{"key": "gpu", "operator": "Exists"}},
		"labels":             values{"team": "ml", "app.kubernetes.io/name": "mine"},
		"podAnnotations":     values{"checksum/secret": "1"},
		"env":                values{"LOG_LEVEL": "debug"},
	}
	service := func(port int) values {
		return values{"service": values{
			"type": "NodePort", "port": port, "nodePort": 30100, "annotations": values{"a": "b"},
		}}
	}
	ingress := values{"ingress": values{
		"enabled": true, "host": "x.example.com", "className": "nginx", "tlsSecret": "tls", "annotations": values{"a": "b"},
	}}
	storage := values{"storage": values{"size": "20Gi", "className": "fast", "keep": true}}
	secret := values{"existingSecret": "mine"}
	s3 := values{"bucket": "layers", "endpoint": "http://minio.ml:9000", "secure": false, "existingSecret": "store"}
	return map[string]values{
		"minio":             {},
		"minio full":        merged(full, service(9000), ingress, storage, secret, values{"console": values{"enabled": true}}),
		"minio other":       {"args": []any{"posix", "/data"}, "health": values{"ready": "", "live": ""}, "containerPort": 7070},
		"distribution":      {},
		"distribution full": merged(full, service(5000), ingress, storage, secret, values{"htpasswd": values{"enabled": true}}),
		"distribution s3":   {"s3": s3},
		"mlflow":            {},
		"mlflow full": merged(full, service(5000), ingress, storage, values{
			"backend": values{"type": "sql", "existingSecret": "database"},
			"artifacts": values{
				"destination": "s3://models/runs", "endpoint": "http://minio.ml:9000", "existingSecret": "store",
				"keys": values{"accessKey": "root-user", "secretKey": "root-password"},
			},
			"auth": values{"enabled": true, "existingSecret": "admin"}, "allowedHosts": []any{"*.example.com"},
		}),
		"mlflow auth": {"auth": values{"enabled": true}},
		"zenml":       {},
		"zenml full": merged(full, service(8080), ingress, storage, secret, values{
			"store": values{"type": "mysql", "existingSecret": "database", "key": "url"}, "startupSeconds": 60,
		}),
		"postgres":      {},
		"postgres full": merged(full, service(5432), storage, secret, values{"args": []any{"-c", "max_connections=200"}}),
		"mysql":         {},
		"mysql full":    merged(full, service(3306), storage, secret, values{"args": []any{"--max-connections=200"}}),
		"model":         {"image": "registry.example.com/model:1"},
		"model full": merged(full, service(80), ingress, values{
			"envSecrets": []any{"store"}, "command": []any{"serve"}, "args": []any{"--port=8080"}, "replicas": 10,
			"canary": values{"enabled": true, "image": "registry.example.com/model:2", "percent": 25},
		}),
	}
}

func TestCharts_RenderSoundObjects(t *testing.T) {
	t.Parallel()
	for name, given := range cases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chartName, _, _ := strings.Cut(name, " ")
			all, err := render(load(t, chartName), given)
			if err != nil {
				t.Fatal(err)
			}
			if len(all) < 2 {
				t.Fatalf("only %d objects", len(all))
			}
			allowed := []string{
				images[chartName],
				"registry.example.com/team/server:1", "registry.example.com/model:1", "registry.example.com/model:2",
			}
			for _, object := range all {
				checkMetadata(t, chartName, object)
				if pod := at(object, "spec", "template"); pod != nil {
					checkPod(t, pod, allowed)
				}
			}
		})
	}
}

func checkMetadata(t *testing.T, chartName string, object values) {
	t.Helper()
	kind := object["kind"]
	if kind == "Secret" {
		t.Error("a chart must not make a Secret: its values would be in the release")
	}
	if name := at(object, "metadata", "name"); name != "demo" && name != "demo-canary" {
		t.Errorf("%v is called %v, not as the release", kind, name)
	}
	if at(object, "metadata", "namespace") != "ml" {
		t.Errorf("%v is in namespace %v", kind, at(object, "metadata", "namespace"))
	}
	if at(object, "metadata", "labels", "app.kubernetes.io/name") != chartName {
		t.Errorf("%v has labels %v", kind, at(object, "metadata", "labels"))
	}
	if selector, ok := at(object, "spec", "selector", "matchLabels").(values); ok {
		for key, value := range selector {
			if at(object, "spec", "template", "metadata", "labels", key) != value {
				t.Errorf("%v selects %s=%v, which its pods do not have", kind, key, value)
			}
		}
	}
}

func checkPod(t *testing.T, pod any, allowed []string) {
	t.Helper()
	spec := at(pod, "spec")
	for _, key := range []string{"automountServiceAccountToken", "enableServiceLinks"} {
		if at(spec, key) != false {
			t.Errorf("%s is %v", key, at(spec, key))
		}
	}
	security := at(spec, "securityContext")
	if at(security, "seccompProfile", "type") != "RuntimeDefault" || at(security, "runAsNonRoot") == nil {
		t.Errorf("security context of the pod is %v", security)
	}
	for _, of := range []string{"containers", "initContainers"} {
		for _, container := range list(spec, of) {
			if image := text(container, "image"); !slices.Contains(allowed, image) {
				t.Errorf("image %q comes from no value", image)
			}
			if at(container, "securityContext", "allowPrivilegeEscalation") != false {
				t.Errorf("security context is %v", at(container, "securityContext"))
			}
			for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
				if of == "containers" && at(container, probe) == nil {
					t.Errorf("%s has no %s", text(container, "name"), probe)
				}
			}
			checkEnv(t, container)
		}
	}
}

// checkEnv finds variables that are there twice, which server-side apply refuses, and secrets given as values.
func checkEnv(t *testing.T, container any) {
	t.Helper()
	seen := map[string]bool{}
	for _, each := range list(container, "env") {
		name := text(each, "name")
		if seen[name] {
			t.Errorf("variable %s is there twice", name)
		}
		seen[name] = true
		for _, word := range []string{"PASSWORD", "SECRET", "ACCESSKEY", "ACCESS_KEY"} {
			kind := strings.HasSuffix(name, "_STORE_TYPE") // of what holds secrets, and none itself
			if strings.Contains(name, word) && !kind && at(each, "valueFrom", "secretKeyRef", "name") == nil {
				t.Errorf("variable %s does not come from a Secret: %v", name, each)
			}
		}
	}
}

func TestCharts_SchemaRefusesMisspelledKeys(t *testing.T) {
	t.Parallel()
	for name, given := range cases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chartName, _, _ := strings.Cut(name, " ")
			loaded := load(t, chartName)
			for _, path := range paths(loaded.Values, nil) {
				misspelled := merged(given, nested(path[:len(path)-1], path[len(path)-1]+"x", "1"))
				if _, err := render(loaded, misspelled); err == nil {
					t.Errorf("%sx is accepted", strings.Join(path, "."))
				}
			}
		})
	}
}

// paths are those of all keys in the tree, but for maps where every key is the user's: those are empty by default.
func paths(tree values, above []string) [][]string {
	found := [][]string{}
	for key, value := range tree {
		path := append(slices.Clone(above), key)
		found = append(found, path)
		if below, ok := value.(values); ok && len(below) > 0 {
			found = append(found, paths(below, path)...)
		}
	}
	return found
}

func TestCharts_SchemaKnowsEveryDefault(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		content, err := fs.ReadFile(FS(name), "values.schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			Properties map[string]any `json:"properties"`
		}
		if err := json.Unmarshal(content, &schema); err != nil {
			t.Fatal(err)
		}
		want := slices.Sorted(maps.Keys(load(t, name).Values))
		if got := slices.Sorted(maps.Keys(schema.Properties)); !slices.Equal(got, want) {
			t.Errorf("chart %s: schema has %v, values have %v", name, got, want)
		}
	}
}

func TestCharts_RefuseVariablesThatComeFromSecrets(t *testing.T) {
	t.Parallel()
	for name, variable := range map[string]string{
		"minio": "MINIO_ROOT_PASSWORD", "distribution": "REGISTRY_HTTP_SECRET",
		"postgres": "POSTGRES_PASSWORD", "mysql": "MYSQL_USER", "zenml": "ZENML_DEFAULT_USER_PASSWORD",
	} {
		_, err := render(load(t, name), values{"env": values{variable: "x"}})
		if err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("chart %s with env.%s: %v", name, variable, err)
		}
	}
}

func TestCharts_KeepClaimsOnRequest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"minio", "distribution", "mlflow", "postgres", "mysql", "zenml"} {
		for _, keep := range []bool{false, true} {
			all, err := render(load(t, name), values{"storage": values{"keep": keep}})
			if err != nil {
				t.Fatal(err)
			}
			claim := find(all, "PersistentVolumeClaim", "demo")
			if got := at(claim, "metadata", "annotations", "helm.sh/resource-policy") == "keep"; claim == nil || got != keep {
				t.Errorf("chart %s with keep %v: %v", name, keep, claim)
			}
		}
	}
}

func TestFS_PanicsWithoutChart(t *testing.T) {
	t.Parallel()
	defer func() {
		if text := fmt.Sprint(recover()); !strings.Contains(text, `"nonsense"`) {
			t.Errorf("panicked with %s", text)
		}
	}()
	FS("nonsense")
}
