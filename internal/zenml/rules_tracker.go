package zenml

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	vertexExperiment = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,127}$`)
	mlflowSchemes    = []string{"postgresql", "mysql", "sqlite", "mssql", "http", "https", "file"}
	wandbManaged     = []string{"config", "entity", "group", "id", "job_type", "name", "project", "project_name", "resume", "settings", "tags"}
)

func trackerRules() []Rule {
	mlflow, wandb := []string{"experiment_tracker/mlflow"}, []string{"experiment_tracker/wandb"}
	return []Rule{
		{
			ID: "zenml-mlflow-whole-login", On: mlflow, Stage: StageConfig,
			Demand:  "tracking_username and tracking_password come together, and so do databricks_client_id and databricks_client_secret.",
			Because: "half a login cannot log in.", check: pairs([2]string{"tracking_username", "tracking_password"}, [2]string{"databricks_client_id", "databricks_client_secret"}),
		},
		{
			ID: "zenml-mlflow-databricks-only", On: mlflow, Stage: StageConfig,
			Demand:  "databricks_* and enable_unity_catalog stand only beside tracking_uri = \"databricks\".",
			Because: "any other server does not know them.", check: checkDatabricksOnly,
		},
		{
			ID: "zenml-mlflow-databricks-host", On: mlflow, Stage: StageConfig,
			Demand:  "tracking_uri = \"databricks\" needs databricks_host.",
			Because: "the word says nothing of which workspace is meant.", check: func(s *subject) []fault {
				return objection(Any(Not(s.get("tracking_uri").is("databricks")), s.get("databricks_host").set()), "databricks_host",
					"the tracker is on Databricks, but no workspace is named", "Set databricks_host.")
			},
		},
		{
			ID: "zenml-mlflow-one-login", On: mlflow, Stage: StageConfig,
			Demand:  "A remote MLflow server has exactly one way to log in.",
			Because: "ZenML refuses a server without a login, and cannot choose between two.", check: checkOneLogin,
		},
		{
			ID: "zenml-mlflow-uri", On: mlflow, Stage: StageInstantiate,
			Demand:  "tracking_uri begins with " + strings.Join(mlflowSchemes, ", ") + ", or is \"databricks\".",
			Because: "MLflow has no store for anything else; ZenML says so only when the first pipeline starts.", check: func(s *subject) []fault {
				uri := s.get("tracking_uri")
				return objection(Any(Not(uri.set()), uri.startsWith(mlflowSchemes...), uri.is("databricks")), "tracking_uri",
					s.show("tracking_uri")+" is no tracking server that MLflow knows", "Begin it with http://, https://, file: or a database engine.")
			},
		},
		{
			ID: "zenml-vertex-experiment", On: []string{"experiment_tracker/vertex"}, Stage: StageConfig,
			Demand:  "The name of a Vertex experiment has lower-case letters, digits and dashes only.",
			Because: "Vertex refuses other names.", check: func(s *subject) []fault {
				name := s.get("experiment")
				return objection(Any(Not(name.set()), name.says(vertexExperiment.MatchString)), "experiment", s.show("experiment")+" is no name for an experiment",
					"Use lower-case letters, digits and dashes, at most 128.")
			},
		},
		{
			ID: "zenml-wandb-run-id", On: wandb, Stage: StageConfig,
			Demand:  "run_id stands only beside run_id_strategy = \"wandb_generated\".",
			Because: "the other strategies make the id themselves.", check: func(s *subject) []fault {
				return objection(Any(Not(s.get("run_id").set()), s.get("run_id_strategy").is("wandb_generated")), "run_id",
					"run_id and run_id_strategy = "+s.show("run_id_strategy")+" exclude each other", "Remove one of them.")
			},
		},
		{
			ID: "zenml-wandb-resume", On: wandb, Stage: StageConfig,
			Demand:  "resume fits the way in which run ids are made.",
			Because: "a run can only be resumed under an id that comes back.", check: checkResume,
		},
		{
			ID: "zenml-wandb-managed-keys", On: wandb, Stage: StageConfig,
			Demand:  "run_config has no key that begins with zenml_, and init_kwargs none of " + strings.Join(wandbManaged, ", ") + ".",
			Because: "ZenML sets these itself.", check: checkManagedKeys,
		},
	}
}

// pairs demands that each two fields are set together or not at all.
func pairs(of ...[2]string) func(*subject) []fault {
	return func(s *subject) []fault {
		var faults []fault
		for _, pair := range of {
			absent := pair[0]
			if s.get(pair[0]).set() == True {
				absent = pair[1]
			}
			faults = append(faults, objection(together(s.get(pair[0]), s.get(pair[1])), s.firstGiven(pair[0], pair[1]),
				fmt.Sprintf("%s and %s are of use only together", pair[0], pair[1]), fmt.Sprintf("Set %s too, or neither.", absent))...)
		}
		return faults
	}
}

func checkDatabricksOnly(s *subject) []fault {
	if s.get("tracking_uri").is("databricks") != False {
		return nil
	}
	var faults []fault
	for _, name := range []string{"databricks_host", "databricks_client_id", "databricks_client_secret", "enable_unity_catalog"} {
		faults = append(faults, objection(Not(s.get(name).set()), name, name+" is of use only with tracking_uri = \"databricks\"", "Remove it, or set tracking_uri = \"databricks\".")...)
	}
	return faults
}

func checkOneLogin(s *subject) []fault {
	uri := s.get("tracking_uri")
	if Any(uri.startsWith("http://", "https://"), uri.is("databricks")) != True {
		return nil
	}
	ways := []Truth{
		All(s.get("tracking_username").set(), s.get("tracking_password").set()),
		s.get("tracking_token").set(),
		All(s.get("databricks_client_id").set(), s.get("databricks_client_secret").set()),
	}
	sure, open := 0, 0
	for _, way := range ways {
		switch way {
		case True:
			sure++
		case Undecided:
			open++
		case False:
		}
	}
	switch {
	case sure == 0 && open == 0:
		return []fault{{
			path: []string{"tracking_uri"}, message: "the server at " + s.show("tracking_uri") + " needs a login, and none is given",
			fix: "Set tracking_token, or tracking_username and tracking_password. A server that asks for none takes any.",
		}}
	case sure > 1:
		return []fault{{
			path: []string{s.firstGiven("tracking_token", "databricks_client_id", "tracking_username")}, message: "there is more than one way to log in",
			fix: "Keep one of tracking_token, tracking_username with tracking_password, databricks_client_id with databricks_client_secret.",
		}}
	}
	return nil
}

func checkResume(s *subject) []fault {
	resume, strategy := s.get("resume"), s.get("run_id_strategy")
	faults := objection(Not(All(strategy.is("reuse_on_retry"), resume.is("never"))), "resume",
		"run_id_strategy = \"reuse_on_retry\" resumes runs, which resume = \"never\" forbids", "Set resume to allow or auto.")
	return append(faults, objection(Not(All(resume.is("must"), Not(s.get("run_id").set()), strategy.is("wandb_generated"))), "resume",
		"resume = \"must\" needs an id that comes back", "Set run_id, or run_id_strategy to reuse_on_retry.")...)
}

func checkManagedKeys(s *subject) []fault {
	var faults []fault
	if config, ok := s.get("run_config").v.(map[string]any); ok {
		for _, key := range sortedKeys(config) {
			if strings.HasPrefix(key, "zenml_") {
				faults = append(faults, fault{path: []string{"run_config", key}, message: "keys that begin with zenml_ belong to ZenML", fix: "Rename it."})
			}
		}
	}
	if kwargs, ok := s.get("init_kwargs").v.(map[string]any); ok {
		for _, key := range sortedKeys(kwargs) {
			if slices.Contains(wandbManaged, key) {
				faults = append(faults, fault{path: []string{"init_kwargs", key}, message: "ZenML sets this argument itself", fix: "Remove it."})
			}
		}
	}
	return faults
}
