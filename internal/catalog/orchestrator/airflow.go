package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Airflow is an Apache Airflow that exists already.
var Airflow = flavor.External(flavor.Meta{
	Name:    "airflow",
	ZenML:   "airflow",
	Summary: "An Apache Airflow that exists already; every pipeline becomes a DAG.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"local":          "Whether Airflow runs on the machine that starts pipelines; `false` for one that runs elsewhere, which needs images it can pull.",
		"dag_output_dir": "Directory that Airflow reads its DAGs from; ZenML writes them there.",
		"operator":       "Class of the Airflow operator that runs a step; `docker`, `kubernetes_pod` and `gke_start_pod` are short names.",
	},
}, nil)
