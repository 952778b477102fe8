package modeldeployer

import (
	"reflect"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// accepted holds values against the schema of the chart.
func accepted(t *testing.T, values map[string]any) {
	t.Helper()

	chart, err := helm.Load(t.Context(), clustered.Embedded(charts.Model))
	if err != nil {
		t.Fatal(err)
	}

	for _, p := range chart.Check(helm.Merge(map[string]any{"image": "a:1", "service": map[string]any{"type": "ClusterIP"}}, values)) {
		t.Errorf("the chart refuses %v: %s", values, p)
	}
}

func TestKubernetes_TurnsConfigurationIntoValues(t *testing.T) {
	t.Parallel()

	cfg := kubernetesService.Default
	cfg.Port, cfg.Replicas = 9000, 4
	cfg.Env = map[string]string{"A": "b"}
	cfg.EnvSecrets = []string{"keys"}
	cfg.Args = []string{"--fast"}
	cfg.Canary = &canary{Image: "a:2", Weight: 25}

	want := map[string]any{
		"replicas": int64(4), "env": map[string]any{"A": "b"}, "envSecrets": []any{"keys"}, "containerPort": int64(9000),
		"service": map[string]any{"port": int64(9000)}, "healthPath": "/health", "command": []any{}, "args": []any{"--fast"},
		"canary": map[string]any{"enabled": true, "image": "a:2", "percent": int64(25)},
	}

	got := cfg.values()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("values are %v, want %v", got, want)
	}

	accepted(t, got)
}

func TestKubernetes_LeavesThePortToItsLoadBalancer(t *testing.T) {
	t.Parallel()

	cfg := kubernetesService.Default
	cfg.Expose = clustered.Expose{Type: "load_balancer", Port: 80}

	if service, ok := cfg.values()["service"]; ok {
		t.Errorf("service is %v, though its port was given", service)
	}
}

func TestServers_AreNotAskedWithoutPods(t *testing.T) {
	t.Parallel()

	for replicas, empty := range map[int64]bool{0: true, 1: false} {
		model, mlflow := kubernetesService.Default, mlflowService.Default
		model.Replicas, mlflow.Replicas = replicas, replicas
		model.HealthPath = "/ready"

		if got, want := kubernetesService.DoorOf(model), (clustered.Door{Scheme: "http", Port: 8080, Path: "/ready", Empty: empty}); got != want {
			t.Errorf("door is %v, want %v", got, want)
		}

		if got, want := mlflowService.DoorOf(mlflow), (clustered.Door{Scheme: "http", Port: 8080, Path: "/ping", Empty: empty}); got != want {
			t.Errorf("door is %v, want %v", got, want)
		}
	}
}

func TestMLflowServer_ServesFromItsTracker(t *testing.T) {
	t.Parallel()

	incarnation := "a"
	site := clustered.Site{Name: "fraud", Namespace: "ml", Incarnation: incarnation}
	cfg := mlflowService.Default
	cfg.ModelURI = "models:/fraud/3"
	cfg.Env = map[string]string{"A": "b"}
	cfg.Args = []string{"--workers=2"}
	cfg.Tracker = &clustered.Component{
		Name: "mlflow", Type: "experiment_tracker", Flavor: "mlflow", Cluster: &clustered.Home{Incarnation: &incarnation},
		Outputs: map[string]string{"cluster_uri": "http://mlflow.ml.svc.cluster.local:5000", "credentials_secret": "mlflow-credentials"},
	}

	got, err := cfg.values(site)
	if err != nil {
		t.Fatal(err)
	}

	want := map[string]any{
		"command": []any{
			"mlflow", "models", "serve", "--env-manager", "local", "--host", "0.0.0.0", "--port", "8080", "--model-uri", "models:/fraud/3",
		},
		"args": []any{"--workers=2"}, "healthPath": "/ping", "containerPort": int64(8080), "service": map[string]any{"port": int64(8080)},
		"env":        map[string]any{"A": "b", "MLFLOW_TRACKING_URI": "http://mlflow.ml.svc.cluster.local:5000"},
		"envSecrets": []any{"fraud-tracker"}, "replicas": int64(1),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("values are %v, want %v", got, want)
	}

	accepted(t, got)

	cfg.Tracker.Cluster.Incarnation = nil
	cfg.Tracker.Outputs = map[string]string{}
	site.Input.Cluster = &flavor.Cluster{}

	if _, err := cfg.values(site); err == nil {
		t.Error("a tracker without an address is accepted")
	}
}

func TestServers_RefuseWhatTheyShouldNot(t *testing.T) {
	t.Parallel()

	type object = map[string]any

	kind := Kind()

	for name, c := range map[string]struct {
		flavor flavor.Flavor
		values flavor.Values
		want   int
	}{
		"a secret in the open": {Kubernetes, flavor.Values{"env": object{"HF_TOKEN": "abc", "AWS_SECRET_ACCESS_KEY": "abc", "DB_PASSWORD": "abc"}}, 3},
		"no secrets":           {Kubernetes, flavor.Values{"env": object{"MAX_TOKENS": "5", "KEY_ID": "a", "HF_TOKEN": "", "MONKEY": "a"}}, 0},
		"another value":        {Kubernetes, flavor.Values{"values": object{"replica": int64(3)}}, 1},
		"a tracker elsewhere":  {MLflowServer, flavor.Values{"experiment_tracker": object{"name": "a", "type": "experiment_tracker", "flavor": "wandb"}}, 1},
		"no tracker at all":    {MLflowServer, flavor.Values{"experiment_tracker": object{"name": "a", "type": "model_registry", "flavor": "mlflow"}}, 1},
		"a tracker":            {MLflowServer, flavor.Values{"experiment_tracker": object{"name": "a", "type": "experiment_tracker", "flavor": "mlflow"}}, 0},
	} {
		if got := c.flavor.Check(kind, flavor.Subject{Name: "churn", Values: c.values}); len(got) != c.want {
			t.Errorf("%s: problems are %v, want %d", name, got, c.want)
		}
	}
}

func TestServers_AreNotZenMLs(t *testing.T) {
	t.Parallel()

	for _, f := range []flavor.Flavor{Kubernetes, MLflowServer} {
		subject := flavor.Subject{Name: "churn", Values: flavor.Values{"expose": map[string]any{"type": "node_port"}}, Outputs: map[string]any{"uri": "http://a:1"}}

		facts := f.Facts(Kind(), subject)
		if facts.ZenML != nil || facts.Configuration != nil || facts.URI != "http://a:1" {
			t.Errorf("%s: facts are %+v", f.Name, facts)
		}
	}
}
