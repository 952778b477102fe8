package zenml

import "strings"

// Normalize gives the configuration as ZenML stores it: converted values, old names replaced, quotes and slashes that
// ZenML strips stripped, and only what was set. Unknown values stay, and so does whatever does not fit its field:
// Check is there to report that.
func (f Flavor) Normalize(config map[string]any) map[string]any {
	out := make(map[string]any, len(config))
	for key, given := range config {
		field, ok := f.Field(key)
		if !ok {
			out[key] = plainNumbers(given)
			continue
		}
		value, faults := field.coerce(wholeSeconds(field, given))
		if len(faults) > 0 {
			value = plainNumbers(given)
		}
		out[key] = value
	}
	for _, field := range f.Fields {
		if old := out[field.Name]; field.ReplacedBy != "" && old != nil && out[field.ReplacedBy] == nil {
			out[field.ReplacedBy] = old
			delete(out, field.Name)
		}
	}
	for _, r := range rewrites() {
		if r.on == f.Type+"/*" || r.on == f.Type+"/"+f.Name {
			r.apply(out)
		}
	}
	return out
}

// rewrite is a change that ZenML makes to a configuration on its own.
type rewrite struct {
	on    string
	apply func(map[string]any)
}

func rewrites() []rewrite {
	slash := func(name string) func(map[string]any) { return onText(name, trimURL) }
	endpoint := func(c map[string]any) {
		if kwargs, ok := c["client_kwargs"].(map[string]any); ok {
			onText("endpoint_url", trimURL)(kwargs)
		}
	}
	return []rewrite{
		{"artifact_store/*", onText("path", func(p string) string { return strings.Trim(p, "'\"`") })},
		{"artifact_store/s3", endpoint},
		{"artifact_store/b2", endpoint},
		{"artifact_store/digitalocean", endpoint},
		{"container_registry/*", slash("uri")},
		{"annotator/argilla", slash("instance_url")},
		{"step_operator/runai", slash("runai_base_url")},
		{"image_builder/gcp", func(c map[string]any) {
			onText("location", strings.TrimSpace)(c)
			if c["location"] == "" {
				c["location"] = nil
			}
		}},
		{"orchestrator/kubernetes", onText("concurrency_policy", func(p string) string {
			p = strings.ToLower(strings.TrimSpace(p))
			return strings.ToUpper(p[:min(1, len(p))]) + p[min(1, len(p)):]
		})},
		{"data_validator/great_expectations", func(c map[string]any) {
			if c["context_config"] == "" {
				c["context_config"] = nil
			}
		}},
		{"orchestrator/kubeflow", func(c map[string]any) {
			c["pod_settings"] = map[string]any{"affinity": map[string]any{}, "node_selectors": map[string]any{}} // whatever was given
		}},
		{"orchestrator/airflow", onText("operator", airflowOperator)},
		{"orchestrator/sagemaker", func(c map[string]any) {
			if c["instance_type"] == nil {
				training, given := c["use_training_step"]
				switch {
				case IsUnknown(training):
					c["instance_type"] = Unknown{}
				case !given || training == true:
					c["instance_type"] = "ml.m5.xlarge"
				default:
					c["instance_type"] = "ml.t3.medium"
				}
			}
		}},
		{"step_operator/azureml", func(c map[string]any) {
			target, given := c["compute_target_name"]
			_, named := c["compute_name"]
			if _, moded := c["mode"]; given && !named && !moded {
				c["compute_name"], c["mode"] = target, "compute-instance"
				delete(c, "compute_target_name")
			}
		}},
		{"log_store/datadog", func(c map[string]any) {
			if endpoint, _ := c["endpoint"].(string); endpoint == "" && !IsUnknown(c["endpoint"]) {
				site, given := c["site"].(string)
				switch {
				case IsUnknown(c["site"]):
					c["endpoint"] = Unknown{}
					return
				case !given:
					site = "datadoghq.com"
				}
				c["endpoint"] = "https://http-intake.logs." + site + "/api/v2/logs"
			}
		}},
	}
}

func onText(name string, change func(string) string) func(map[string]any) {
	return func(c map[string]any) {
		if text, ok := c[name].(string); ok {
			c[name] = change(text)
		}
	}
}

// airflowOperator expands ZenML's short names of operators.
func airflowOperator(name string) string {
	switch name {
	case "docker":
		return "airflow.providers.docker.operators.docker.DockerOperator"
	case "kubernetes_pod":
		return "airflow.providers.cncf.kubernetes.operators.kubernetes_pod.KubernetesPodOperator"
	case "gke_start_pod":
		return "airflow.providers.google.cloud.operators.kubernetes_engine.GKEStartPodOperator"
	default:
		return name
	}
}
