package zenml

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

type conf = map[string]any

// configCase is a component to which a rule objects, and one to which it does not.
type configCase struct {
	rule, kind, flavor string
	bad, good          conf
	hide               string // the field whose value decides
}

func configCases() []configCase {
	runai := func(more conf) conf {
		c := conf{"client_id": "i", "client_secret": "s", "runai_base_url": "https://acme.run.ai", "project_name": "p"}
		maps.Copy(c, more)
		return c
	}
	azure := func(more conf) conf {
		c := conf{"subscription_id": "s", "resource_group": "r", "workspace": "w"}
		maps.Copy(c, more)
		return c
	}
	mlflow := func(more conf) conf {
		c := conf{"tracking_uri": "https://m", "tracking_token": "t"}
		maps.Copy(c, more)
		return c
	}
	databricks := func(field string, value any) conf { return conf{"host": "h", field: value} }
	return []configCase{
		{"zenml-unknown-key", "orchestrator", "kubernetes", conf{"kubernetes_contxt": "c"}, conf{"kubernetes_context": "c"}, ""},
		{"zenml-missing-value", "artifact_store", "s3", conf{}, conf{"path": "s3://b"}, ""},
		{"zenml-wrong-value", "orchestrator", "kubernetes", conf{"local": "maybe"}, conf{"local": "yes"}, "local"},
		{"zenml-secret-reference", "container_registry", "github", conf{"uri": "{{a.b}}"}, conf{"uri": "ghcr.io/a"}, "uri"},
		{"zenml-renamed-field", "alerter", "slack", conf{"slack_token": "t", "slack_channel_id": "a", "default_slack_channel_id": "b"}, conf{"slack_token": "t", "default_slack_channel_id": "b"}, "slack_channel_id"},
		{"port-range", "feature_store", "feast", conf{"feast_repo": "r", "online_port": "70000"}, conf{"feast_repo": "r", "online_port": 6379}, "online_port"},
		{"zenml-store-scheme", "artifact_store", "s3", conf{"path": "gs://b"}, conf{"path": "`s3://b`"}, "path"},
		{"zenml-local-store-remote-path", "artifact_store", "local", conf{"path": "gs://b"}, conf{"path": "/b"}, "path"},
		{"zenml-local-store-unknown-scheme", "artifact_store", "local", conf{"path": "file:///b"}, conf{"path": ""}, "path"},
		{"zenml-s3-endpoint", "artifact_store", "b2", conf{"path": "s3://b", "client_kwargs": `{"endpoint_url": "minio:9000"}`}, conf{"path": "s3://b", "client_kwargs": conf{"endpoint_url": "http://minio:9000/"}}, "client_kwargs"},
		{"zenml-spaces-region", "artifact_store", "digitalocean", conf{"path": "s3://b", "region": "Frankfurt"}, conf{"path": "s3://b", "region": "fra1"}, "region"},
		{"zenml-ecr-uri", "container_registry", "aws", conf{"uri": "1.dkr.ecr.eu-west-1.amazonaws.com/repo"}, conf{"uri": "1.dkr.ecr.eu-west-1.amazonaws.com/"}, "uri"},
		{"zenml-spaces-registry-uri", "container_registry", "digitalocean", conf{"uri": "registry.digitalocean.com/"}, conf{"uri": "registry.digitalocean.com/a"}, "uri"},
		{"zenml-mlflow-whole-login", "experiment_tracker", "mlflow", conf{"tracking_username": "u"}, conf{"tracking_username": "u", "tracking_password": "p"}, "tracking_username"},
		{"zenml-mlflow-databricks-only", "experiment_tracker", "mlflow", mlflow(conf{"databricks_host": "h"}), mlflow(nil), "tracking_uri"},
		{"zenml-mlflow-databricks-host", "experiment_tracker", "mlflow", mlflow(conf{"tracking_uri": "databricks"}), mlflow(conf{"tracking_uri": "databricks", "databricks_host": "h"}), "tracking_uri"},
		{"zenml-mlflow-one-login", "experiment_tracker", "mlflow", mlflow(conf{"tracking_token": ""}), mlflow(nil), "tracking_token"},
		{"zenml-mlflow-uri", "experiment_tracker", "mlflow", conf{"tracking_uri": "s3://b"}, conf{"tracking_uri": "{{mlflow.uri}}"}, "tracking_uri"},
		{"zenml-vertex-experiment", "experiment_tracker", "vertex", conf{"experiment": "Mine"}, conf{"experiment": "mine"}, "experiment"},
		{"zenml-wandb-run-id", "experiment_tracker", "wandb", conf{"api_key": "k", "run_id": "r", "run_id_strategy": "new_on_retry"}, conf{"api_key": "k", "run_id": "r"}, "run_id"},
		{"zenml-wandb-resume", "experiment_tracker", "wandb", conf{"api_key": "k", "resume": "must"}, conf{"api_key": "k", "resume": "must", "run_id": "r"}, "resume"},
		{"zenml-wandb-managed-keys", "experiment_tracker", "wandb", conf{"api_key": "k", "init_kwargs": conf{"tags": 1}}, conf{"api_key": "k", "run_config": conf{"a": 1}}, "init_kwargs"},
		{"zenml-kubeflow-whole-login", "orchestrator", "tekton", conf{"client_username": "u", "client_password": nil}, conf{"client_username": "u", "client_password": ""}, "client_password"},
		{"zenml-azureml-compute-name", "orchestrator", "azureml", azure(conf{"mode": "compute-cluster"}), azure(nil), "mode"},
		{"zenml-sagemaker-training-output", "orchestrator", "sagemaker", conf{"execution_role": "r", "use_training_step": "false", "output_data_s3_uri": conf{"a": "s3://b"}}, conf{"execution_role": "r", "use_training_step": false, "output_data_s3_uri": conf{"a": "s3://b"}}, "use_training_step"},
		{"zenml-databricks-whole-login", "orchestrator", "databricks", databricks("client_id", "i"), databricks("client_id", nil), "client_id"},
		{"zenml-databricks-autoscale", "step_operator", "databricks", databricks("autoscale", []any{2, 1}), databricks("autoscale", []any{"1", 2}), "autoscale"},
		{"zenml-databricks-init-scripts", "orchestrator", "databricks", databricks("init_scripts", `["s3:/x"]`), databricks("init_scripts", []any{"dbfs:/x"}), "init_scripts"},
		{"zenml-databricks-one-principal", "orchestrator", "databricks", databricks("access_control_list", []any{conf{"permission_level": "CAN_VIEW"}}), databricks("access_control_list", []any{conf{"permission_level": "CAN_VIEW", "user_name": "u"}}), "access_control_list"},
		{"zenml-databricks-timezone", "orchestrator", "databricks", databricks("schedule_timezone", "Mars"), databricks("schedule_timezone", "Europe/Berlin"), "schedule_timezone"},
		{"zenml-skypilot-infra", "orchestrator", "vm_gcp", conf{"infra": "gcp", "resources_settings": conf{"zone": "z"}}, conf{"infra": "gcp"}, "infra"},
		{"zenml-modal-whole-login", "sandbox", "modal", conf{"token_id": "i", "token_secret": " "}, conf{"token_id": "i", "token_secret": "{{a.b}}"}, "token_secret"},
		{"zenml-kubernetes-concurrency", "orchestrator", "kubernetes", conf{"concurrency_policy": "never"}, conf{"concurrency_policy": " FORBID"}, "concurrency_policy"},
		{"zenml-kubernetes-probe-path", "deployer", "kubernetes", conf{"liveness_probe_path": "x"}, conf{"liveness_probe_path": "/x"}, "liveness_probe_path"},
		{"app-runner-health-check", "deployer", "aws", conf{"health_check_protocol": "TCPX"}, conf{}, "health_check_protocol"},
		{"zenml-datadog-batch", "log_store", "datadog", conf{"api_key": "k", "application_key": "a", "max_export_batch_size": "1001"}, conf{"api_key": "k", "application_key": "a"}, "max_export_batch_size"},
		{"zenml-expectations-config", "data_validator", "great_expectations", conf{"context_config": "{a: ["}, conf{"context_config": "a:\n  - b"}, "context_config"},
		{"zenml-runai-url", "step_operator", "runai", runai(conf{"runai_base_url": "https://a/?x=1"}), runai(nil), "runai_base_url"},
		{"zenml-runai-memory", "step_operator", "runai", runai(conf{"cpu_memory_limit": "4GB"}), runai(conf{"cpu_memory_limit": "1.5Gi"}), "cpu_memory_limit"},
		{"zenml-runai-gpu-memory", "step_operator", "runai", runai(conf{"gpu_request_type": "memory"}), runai(conf{"gpu_request_type": "memory", "gpu_memory_request": "4G"}), "gpu_request_type"},
		{"zenml-runai-bounds", "step_operator", "runai", runai(conf{"parallelism": "3", "completions": 2}), runai(conf{"parallelism": 2, "completions": "10"}), "parallelism"},
		{"zenml-runai-mount-paths", "step_operator", "runai", runai(conf{"pvc_mounts": []any{conf{"path": "/a"}}, "nfs_mounts": []any{conf{"mount_path": "/a", "server": "s", "path": "p"}}}), runai(nil), "pvc_mounts"},
		{"zenml-runai-mounts", "step_operator", "runai", runai(conf{"secret_mounts": []any{conf{"secret": "s", "mount_path": "a"}}}), runai(conf{"secret_mounts": []any{conf{"secret": "s", "mount_path": "/a", "default_mode": "0644"}}}), "secret_mounts"},
	}
}

func rulesOf(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Rule)
	}
	return out
}

func TestCheck_AppliesEveryRule(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, c := range configCases() {
		covered[c.rule] = true
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			if got := rulesOf(Check(c.kind, c.flavor, c.bad, nil)); !slices.Contains(got, c.rule) {
				t.Errorf("the rule should object, got %v", got)
			}
			if got := Check(c.kind, c.flavor, c.good, nil); slices.Contains(rulesOf(got), c.rule) {
				t.Errorf("the rule should be content, got %+v", got)
			}
			if c.hide == "" {
				return
			}
			open := conf{}
			maps.Copy(open, c.bad)
			open[c.hide] = Unknown{}
			if got := Check(c.kind, c.flavor, open, nil); slices.Contains(rulesOf(got), c.rule) {
				t.Errorf("with %s unknown the rule should wait, got %+v", c.hide, got)
			}
		})
	}
	for _, r := range Rules() {
		if !covered[r.ID] && r.Stage != StageType && r.Stage != StageFlavor && r.Stage != StageConnector {
			t.Errorf("the rule %s has no case", r.ID)
		}
	}
}

func TestCheck_RefusesNothingThatIsUnknown(t *testing.T) {
	t.Parallel()
	for _, f := range Flavors() {
		config := conf{}
		for _, field := range f.Fields {
			config[field.Name] = Unknown{}
		}
		connector := (*Connector)(nil)
		if f.Connector != nil {
			connector = &Connector{Type: "aws", ResourceTypes: []string{f.Connector.ResourceType}}
			if f.Connector.Type != "" {
				connector.Type = f.Connector.Type
			}
		}
		if got := Check(f.Type, f.Name, config, connector); len(got) > 0 {
			t.Errorf("%s/%s: %+v", f.Type, f.Name, got)
		}
	}
}

func TestCheck_SuggestsNearNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, flavor, want string }{
		{"artifact_stor", "s3", `"artifact_store"`},
		{"orchestrator", "kubernets", `"kubernetes"`},
		{"artifact_store", "lakefs", "azure, b2"},
	} {
		if got := Check(c.kind, c.flavor, nil, nil); len(got) != 1 || !strings.Contains(got[0].Fix, c.want) {
			t.Errorf("%s/%s: want %s, got %+v", c.kind, c.flavor, c.want, got)
		}
	}
}

func TestCheck_NeverShowsSecrets(t *testing.T) {
	t.Parallel()
	for _, f := range Flavors() {
		config := conf{}
		for _, field := range f.Fields {
			if field.Secret {
				config[field.Name] = []any{"hunter2"}
			}
		}
		for _, p := range Check(f.Type, f.Name, config, nil) {
			if strings.Contains(p.Message+p.Fix, "hunter2") {
				t.Errorf("%s/%s shows a secret: %+v", f.Type, f.Name, p)
			}
		}
	}
}

func TestCheck_HidesLoginsInAddresses(t *testing.T) {
	t.Parallel()
	for _, p := range Check("experiment_tracker", "mlflow", conf{"tracking_uri": "ftp://user:hunter2@host"}, nil) {
		if strings.Contains(p.Message, "hunter2") || !strings.Contains(p.Message, "host") {
			t.Errorf("shows a login, or nothing: %+v", p)
		}
	}
}

func TestCheck_JudgesConnectors(t *testing.T) {
	t.Parallel()
	s3, path := conf{"path": "s3://b"}, conf{}
	for _, c := range []struct {
		kind, flavor string
		config       conf
		connector    Connector
		want         string
	}{
		{"artifact_store", "s3", s3, Connector{Type: "aws"}, ""},
		{"artifact_store", "s3", s3, Connector{Type: "aws", ResourceTypes: []string{"docker-registry"}}, "zenml-connector-resource"},
		{"artifact_store", "s3", s3, Connector{Type: "gcp"}, "zenml-connector-resource"},
		{"artifact_store", "s3", s3, Connector{Type: "azur"}, "zenml-connector-type"},
		{"artifact_store", "azure", path, Connector{Type: "aws"}, "zenml-connector-type"},
		{"artifact_store", "s3", path, Connector{Type: "aws"}, "zenml-connector-resource-id"},
		{"artifact_store", "local", nil, Connector{Type: "aws"}, "zenml-connector-type"},
	} {
		got := rulesOf(slices.DeleteFunc(Check(c.kind, c.flavor, c.config, &c.connector), func(p Problem) bool { return p.Stage != StageConnector }))
		if (c.want == "" && len(got) > 0) || (c.want != "" && !slices.Contains(got, c.want)) {
			t.Errorf("%s/%s with %+v: want %q, got %v", c.kind, c.flavor, c.connector, c.want, got)
		}
	}
}
