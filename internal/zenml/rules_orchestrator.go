package zenml

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a machine without a zone database must not make us refuse a zone
)

func orchestratorRules() []Rule {
	azureml := []string{"orchestrator/azureml", "step_operator/azureml"}
	databricks := []string{"orchestrator/databricks", "step_operator/databricks"}
	return []Rule{
		{
			ID: "zenml-kubeflow-whole-login", On: []string{"orchestrator/kubeflow", "orchestrator/tekton"}, Stage: StageConfig,
			Demand:  "client_username and client_password come together.",
			Because: "half a login cannot log in.", check: checkClientLogin,
		},
		{
			ID: "zenml-azureml-compute-name", On: azureml, Stage: StageConfig,
			Demand:  "The modes compute-instance and compute-cluster need compute_name.",
			Because: "ZenML looks the compute target up by its name.", check: checkComputeName,
		},
		{
			ID: "zenml-sagemaker-training-output", On: []string{"orchestrator/sagemaker"}, Stage: StageConfig,
			Demand:  "With training steps (the default) output_data_s3_uri is one text and output_data_s3_mode is EndOfJob.",
			Because: "training jobs upload one output, at the end.", check: checkTrainingOutput,
		},
		{
			ID: "zenml-databricks-whole-login", On: databricks, Stage: StageConfig,
			Demand:  "client_id and client_secret come together, and so do docker_image_username and docker_image_password.",
			Because: "half a login cannot log in.", check: pairs([2]string{"client_id", "client_secret"}, [2]string{"docker_image_username", "docker_image_password"}),
		},
		{
			ID: "zenml-databricks-autoscale", On: databricks, Stage: StageConfig,
			Demand:  "autoscale is [min, max] with 0 <= min <= max.",
			Because: "Databricks refuses other bounds.", check: checkAutoscale,
		},
		{
			ID: "zenml-databricks-init-scripts", On: databricks, Stage: StageConfig,
			Demand:  "Init scripts begin with dbfs:/.",
			Because: "ZenML hands them to the cluster as DBFS files.", check: checkInitScripts,
		},
		{
			ID: "zenml-databricks-one-principal", On: databricks, Stage: StageConfig,
			Demand:  "Each entry of access_control_list names exactly one of group_name, user_name, service_principal_name.",
			Because: "a permission is given to one principal.", check: checkPrincipals,
		},
		{
			ID: "zenml-databricks-timezone", On: []string{"orchestrator/databricks"}, Stage: StageConfig,
			Demand:  "schedule_timezone is an IANA name such as Europe/Berlin.",
			Because: "Databricks knows no other names.", check: func(s *subject) []fault {
				zone := s.get("schedule_timezone")
				return objection(Any(zone.null(), zone.says(isZone)), "schedule_timezone", s.show("schedule_timezone")+" is no time zone", "Write one such as UTC or America/New_York.")
			},
		},
		{
			ID: "zenml-skypilot-infra", On: []string{"orchestrator/vm_*"}, Stage: StageConfig,
			Demand:  "infra excludes region, zone, and cloud, region and zone in resources_settings.",
			Because: "infra says all of these at once.", check: checkInfra,
		},
		{
			ID: "zenml-modal-whole-login", On: []string{"orchestrator/modal", "step_operator/modal", "sandbox/modal"}, Stage: StageConfig,
			Demand:  "token_id and token_secret come together.",
			Because: "half a login cannot log in.", check: checkModalLogin,
		},
		{
			ID: "zenml-kubernetes-concurrency", On: []string{"orchestrator/kubernetes"}, Stage: StageConfig,
			Demand:  "concurrency_policy is Allow, Forbid or Replace, in any case.",
			Because: "Kubernetes knows no other.", check: func(s *subject) []fault {
				policy := s.get("concurrency_policy")
				return objection(Any(policy.null(), policy.says(func(p string) bool {
					return slices.Contains([]string{"allow", "forbid", "replace"}, strings.ToLower(strings.TrimSpace(p)))
				})), "concurrency_policy", s.show("concurrency_policy")+" is no concurrency policy", "Use one of: Allow, Forbid, Replace.")
			},
		},
	}
}

// checkClientLogin looks at the values as given, as ZenML does: an empty text counts as given, null does not.
func checkClientLogin(s *subject) []fault {
	var faults []fault
	for _, pair := range [][2]string{{"client_username", "client_password"}, {"client_password", "client_username"}} {
		faults = append(faults, objection(Not(All(s.before(pair[0]).set(), s.before(pair[1]).null())), pair[0],
			fmt.Sprintf("%s is of use only with %s", pair[0], pair[1]), fmt.Sprintf("Set %s too, or neither.", pair[1]))...)
	}
	return faults
}

func checkComputeName(s *subject) []fault {
	name, mode := s.get("compute_name"), s.get("mode")
	target := s.get("compute_target_name")
	if _, known := s.flavor.Field("compute_target_name"); known && target.given && !name.given && !mode.given {
		name, mode = target, value{v: "compute-instance"} // ZenML reads the old name this way
	}
	needed := Any(mode.is("compute-instance"), mode.is("compute-cluster"))
	return objection(Any(Not(needed), Not(name.null())), "compute_name", "this mode works on a compute target, and none is named", "Set compute_name, or mode = \"serverless\".")
}

// checkTrainingOutput looks at the values as given, before text becomes a boolean: ZenML takes "false" for true here.
func checkTrainingOutput(s *subject) []fault {
	training, uri, mode := s.before("use_training_step"), s.before("output_data_s3_uri"), s.before("output_data_s3_mode")
	on := training.set()
	if !training.given {
		on = True
	}
	_, isMap := uri.v.(map[string]any)
	_, isText := uri.v.(string)
	late := Undecided
	switch {
	case !mode.given:
		late = False
	case !mode.open && !mode.hidden:
		late = Is(mode.v != "EndOfJob")
	case mode.hidden:
		late = True // ZenML compares the text of the reference
	}
	faults := objection(Not(All(on, Is(isMap))), "output_data_s3_uri", "a training step writes one output, not a map of them", "Give one s3:// address, or set use_training_step to false.")
	return append(faults, objection(Not(All(on, Is(isText), late)), "output_data_s3_mode",
		"a training step writes its output at the end of the job only", "Use EndOfJob, or set use_training_step to false.")...)
}

func checkAutoscale(s *subject) []fault {
	bounds, ok := s.get("autoscale").v.([]any)
	if !ok || len(bounds) != 2 {
		return nil
	}
	low, lowOK := size(value{v: bounds[0], open: IsUnknown(bounds[0])})
	high, highOK := size(value{v: bounds[1], open: IsUnknown(bounds[1])})
	switch {
	case lowOK && low < 0, highOK && high < 0:
		return []fault{{path: []string{"autoscale"}, message: "a number of workers cannot be negative", fix: "Write [min, max] with 0 <= min <= max."}}
	case lowOK && highOK && low > high:
		return []fault{{path: []string{"autoscale"}, message: "the first number is the minimum and must not exceed the second", fix: "Write [min, max]."}}
	}
	return nil
}

func checkInitScripts(s *subject) []fault {
	var faults []fault
	scripts, _ := s.get("init_scripts").v.([]any)
	for i, script := range scripts {
		v := value{v: script, open: IsUnknown(script)}
		faults = append(faults, objection(v.startsWith("dbfs:/"), fmt.Sprintf("init_scripts.%d", i), "an init script must lie on DBFS", "Begin it with dbfs:/.")...)
	}
	return faults
}

func checkPrincipals(s *subject) []fault {
	var faults []fault
	entries, _ := s.get("access_control_list").v.([]any)
	for i, entry := range entries {
		m, ok := entry.(map[string]any)
		if !ok || HoldsUnknown(m) {
			continue
		}
		count := 0
		for _, name := range []string{"group_name", "user_name", "service_principal_name"} {
			if text, _ := m[name].(string); text != "" {
				count++
			}
		}
		faults = append(faults, objection(Is(count == 1), fmt.Sprintf("access_control_list.%d", i), fmt.Sprintf("%d principals are named where one is wanted", count),
			"Set exactly one of group_name, user_name, service_principal_name.")...)
	}
	return faults
}

func isZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(strings.TrimPrefix(strings.TrimPrefix(name, "posix/"), "right/"))
	return err == nil
}

func checkInfra(s *subject) []fault {
	if s.get("infra").null() != False {
		return nil
	}
	var faults []fault
	for _, name := range []string{"region", "zone"} {
		faults = append(faults, objection(s.get(name).null(), name, "infra says this already", "Remove it, or remove infra.")...)
	}
	if settings, ok := s.get("resources_settings").v.(map[string]any); ok {
		for _, key := range []string{"cloud", "region", "zone"} {
			_, given := settings[key]
			faults = append(faults, objection(Is(!given), "resources_settings."+key, "infra says this already", "Remove it, or remove infra.")...)
		}
	}
	return faults
}

func checkModalLogin(s *subject) []fault {
	filled := func(name string) Truth {
		v := s.get(name)
		if text, ok := v.text(); ok {
			return Is(strings.TrimSpace(text) != "")
		}
		return v.set()
	}
	id, secret := filled("token_id"), filled("token_secret")
	if id == Undecided || secret == Undecided {
		return nil
	}
	return objection(Is(id == secret), s.firstGiven("token_id", "token_secret"), "token_id and token_secret are of use only together", "Set both, or neither.")
}
