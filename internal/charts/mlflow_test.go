package charts

import (
	"slices"
	"strings"
	"testing"
)

func TestMLflow_HidesTheBucketUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	for _, direct := range []bool{false, true} {
		all, err := render(load(t, MLflow), values{"artifacts": values{"destination": "s3://models", "direct": direct}})
		if err != nil {
			t.Fatal(err)
		}
		if plugin := find(all, "ConfigMap", "demo"); (plugin == nil) != direct {
			t.Errorf("with direct %v the plugin is %v", direct, plugin)
		}
	}
}

func TestMLflow_AcceptsItsOwnNames(t *testing.T) {
	t.Parallel()
	all, err := render(load(t, MLflow), values{
		"ingress":      values{"enabled": true, "host": "runs.example.com"},
		"allowedHosts": []any{"node-1:30500", "*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	hosts, origins := variable(all, "MLFLOW_SERVER_ALLOWED_HOSTS"), variable(all, "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS")
	for _, host := range []string{
		"localhost:*", "demo:*", "demo.ml.svc.cluster.local:*", "runs.example.com", "node-1:30500", "10.*", "*",
	} {
		if !slices.Contains(hosts, host) {
			t.Errorf("host %s is not in %v", host, hosts)
		}
	}
	for _, origin := range []string{"http://demo.ml:*", "https://runs.example.com", "http://node-1:30500"} {
		if !slices.Contains(origins, origin) {
			t.Errorf("origin %s is not in %v", origin, origins)
		}
	}
	for _, origin := range origins {
		if strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(origin, "http://"), "https://"), "*") {
			t.Errorf("origin %s would let every page write", origin)
		}
	}
}
