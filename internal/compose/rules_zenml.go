package compose

import "slices"

// zenmlRows are the checks that ZenML's own validators make, per flavor in ZenML's order. ZenML stops at the first
// objection of each component, and so do these.
func zenmlRows() []row {
	all := slices.Concat(needingImages(), orchestratorRows(), kubernetesRows(), stepOperatorRows(), builderRows(), deployerRows(), modelRows())
	for i := range all {
		all[i].source = SourceZenML
	}
	return all
}

const (
	becauseImages = "code runs in a container image that is built for it and pulled from a registry"
	becauseLocal  = "its jobs run on other machines, which cannot see anything on this one"
)

// needingImages come first: ZenML looks for absent kinds before it asks anything else.
func needingImages() []row {
	both := requires(kindRegistry, kindImageBuilder)
	remoteAirflow := not(isTrue("local"))
	rows := []row{
		{id: "local-docker-needs-builder", about: "orchestrator/local_docker", demand: requires(kindImageBuilder), because: "every step runs in a container image that is built for it"},
		{id: "airflow-needs-registry", about: "orchestrator/airflow", when: remoteAirflow, demand: both, because: becauseImages},
		{id: "deployer-needs-builder", about: "deployer/docker", demand: requires(kindImageBuilder), because: "the deployment runs in a container image that is built for it"},
		{id: "deployer-needs-registry", about: "deployer/kubernetes|aws|gcp", demand: both, because: becauseImages},
		{id: "seldon-needs-builder", about: "model_deployer/seldon", demand: requires(kindImageBuilder), because: "a model with code of its own is served from an image that is built for it"},
		{id: "image-builder-needs-registry", about: "image_builder/kaniko|gcp|aws", demand: requires(kindRegistry), because: "it builds elsewhere and can leave the image in a registry only"},
		{id: "mlflow-registry-needs-tracker", about: "model_registry/mlflow", demand: requires(kindTracker), because: "models are registered with the tracker's server"},
		{id: "orchestrator-needs-registry", about: "orchestrator/sagemaker|azureml|vm_*|vertex|kubernetes|kubeflow|tekton|hyperai|ssh|modal", demand: both, because: becauseImages},
		{id: "step-operator-needs-registry", about: "step_operator/sagemaker|vertex|azureml|kubernetes|modal|spark-kubernetes|runai|baseten|ssh", demand: both, because: becauseImages},
	}
	return rows
}

func orchestratorRows() []row {
	everything := noLocal()
	return []row{
		{id: "airflow-needs-remote-parts", about: "orchestrator/airflow", when: not(isTrue("local")), demand: everything, because: becauseLocal, fix: "Replace it, or set local = true on the orchestrator."},
		{id: "sagemaker-needs-remote-parts", about: "orchestrator/sagemaker", demand: everything, because: becauseLocal},
		{id: "azureml-needs-remote-parts", about: "orchestrator/azureml", demand: everything, because: becauseLocal},
		{id: "skypilot-needs-remote-parts", about: "orchestrator/vm_*", demand: everything, because: becauseLocal},
		{id: "databricks-needs-remote-parts", about: "orchestrator/databricks", demand: everything, because: becauseLocal},
		{id: "vertex-needs-remote-registry", about: "orchestrator/vertex", demand: noLocal(kindRegistry), because: "Vertex AI pulls the image from Google's network"},
		{id: "vertex-needs-remote-parts", about: "orchestrator/vertex", demand: noLocalPath(false), because: becauseLocal},
		{
			id: "vertex-needs-pipeline-root", about: "orchestrator/vertex", demand: flavorIs(kindStore, "gcp", isSet("pipeline_root")),
			because: "Vertex AI keeps the state of a pipeline in Cloud Storage", fix: "Set pipeline_root to a gs:// address.",
		},
		{id: "modal-needs-remote-store", about: "orchestrator/modal", demand: noLocal(kindStore, kindRegistry), because: becauseLocal},
		{id: "modal-needs-remote-parts", about: "orchestrator/modal", demand: noLocalPath(true), because: becauseLocal},
	}
}

// kubernetesRows are about whatever runs in a Kubernetes cluster.
func kubernetesRows() []row {
	anywhere := not(anyOf(isTrue("skip_local_validations"), isTrue("local")))
	deployerElsewhere := not(anyOf(isTrue("skip_local_validations"), isTrue("local"), onLaptop()))
	const becauseAccess = "it starts pods in a cluster and must be told which"
	const becausePods = "pods see neither the directories nor the ports of this machine"
	const skip = "Replace it, or set skip_local_validations = true if the cluster can reach it."
	return []row{
		{id: "kubernetes-needs-cluster", about: "orchestrator/kubernetes", demand: access("incluster", "kubernetes_context"), because: becauseAccess, fix: "Set kubernetes_context."},
		{id: "kubernetes-needs-remote-parts", about: "orchestrator/kubernetes", when: anywhere, demand: noLocalPath(true), because: becausePods, fix: skip},
		{id: "kubernetes-needs-remote-registry", about: "orchestrator/kubernetes", when: anywhere, demand: noLocal(kindRegistry), because: becausePods, fix: skip},
		{id: "kubernetes-deployer-needs-cluster", about: "deployer/kubernetes", demand: access("incluster", "kubernetes_context"), because: becauseAccess, fix: "Set kubernetes_context."},
		{id: "kubernetes-deployer-needs-remote-parts", about: "deployer/kubernetes", when: deployerElsewhere, demand: noLocalPath(true), because: becausePods, fix: skip},
		{id: "kubernetes-deployer-needs-remote-registry", about: "deployer/kubernetes", when: deployerElsewhere, demand: noLocal(kindRegistry), because: becausePods, fix: skip},
		{id: "kubeflow-needs-cluster", about: "orchestrator/kubeflow", demand: access("kubeflow_hostname", "kubernetes_context"), because: becauseAccess, fix: "Set kubernetes_context."},
		{id: "kubeflow-needs-remote-parts", about: "orchestrator/kubeflow", demand: noLocalPath(false), because: becausePods},
		{id: "kubeflow-needs-remote-registry", about: "orchestrator/kubeflow", demand: noLocal(kindRegistry), because: becausePods},
		{id: "tekton-needs-cluster", about: "orchestrator/tekton", demand: access("kubernetes_context"), because: becauseAccess, fix: "Set kubernetes_context."},
		{id: "tekton-needs-remote-parts", about: "orchestrator/tekton", demand: noLocalPath(false), because: becausePods},
		{id: "tekton-needs-remote-registry", about: "orchestrator/tekton", demand: noLocal(kindRegistry), because: becausePods},
	}
}

func stepOperatorRows() []row {
	return []row{
		{
			id: "step-operator-needs-remote-store", about: "step_operator/sagemaker|vertex|azureml|kubernetes|modal|spark-kubernetes|runai|baseten|ssh",
			demand: noLocal(kindStore, kindRegistry), because: "the step runs on another machine and exchanges data through the store",
		},
		{id: "databricks-step-needs-remote-store", about: "step_operator/databricks", demand: noLocal(kindStore), because: "the step runs in Databricks and exchanges data through the store"},
	}
}

func builderRows() []row {
	return []row{
		{id: "kaniko-needs-remote-registry", about: "image_builder/kaniko", demand: noLocal(kindRegistry), because: "Kaniko pushes from within a pod"},
		{
			id: "kaniko-needs-remote-store", about: "image_builder/kaniko", when: isTrue("store_context_in_artifact_store"), demand: noLocal(kindStore), because: "Kaniko reads the build context from the store",
			fix: "Replace it, or set store_context_in_artifact_store = false.",
		},
		{id: "cloud-build-needs-remote-registry", about: "image_builder/gcp", demand: noLocal(kindRegistry), because: "Cloud Build pushes from Google's network"},
		{id: "cloud-build-needs-gcs-store", about: "image_builder/gcp", demand: flavorIs(kindStore, "gcp"), because: "Cloud Build reads the build context from Cloud Storage"},
		{id: "codebuild-needs-s3-store", about: "image_builder/aws", demand: flavorIs(kindStore, "s3"), because: "CodeBuild reads the build context from S3"},
	}
}

func deployerRows() []row {
	return []row{
		{
			id: "huggingface-deployer-needs-token", about: "deployer/huggingface", demand: ownSetting(isSet("token"), "token", "has no token."),
			because: "the space is made in your account; HF_TOKEN in the environment does not count", fix: "Set token, best as a {{secret.key}} reference.",
		},
		{id: "huggingface-deployer-needs-registry", about: "deployer/huggingface", demand: requires(kindRegistry), because: "the space runs a container image that it pulls from a registry"},
	}
}

func modelRows() []row {
	return []row{
		{
			id: "huggingface-model-needs-token", about: "model_deployer/huggingface", demand: ownSetting(anyOf(isSet("token"), isSet("secret_name")), "token", "has neither token nor secret_name."),
			because: "endpoints are made in your account", fix: "Set token or secret_name.",
		},
		{
			id: "databricks-model-needs-login", about: "model_deployer/databricks",
			demand:  ownSetting(anyOf(allOf(isSet("client_id"), isSet("client_secret")), isSet("secret_name")), "client_id", "has neither client_id with client_secret nor secret_name."),
			because: "endpoints are made in your workspace", fix: "Set client_id and client_secret, or secret_name.",
		},
		{id: "mlflow-registry-needs-mlflow-tracker", about: "model_registry/mlflow", demand: flavorIs(kindTracker, "mlflow"), because: "models are registered with the default tracker's server"},
		{
			id: "mlflow-without-server-needs-local-store", about: "experiment_tracker/mlflow", when: not(isSet("tracking_uri")), demand: flavorIs(kindStore, "local"),
			because: "without tracking_uri it keeps its records in the directory of a local store", fix: "Set tracking_uri.", instead: true,
		},
	}
}
