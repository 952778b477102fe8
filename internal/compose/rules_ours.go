package compose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// ourRows are about stacks that ZenML accepts and that fail later, most of them after something was paid for. A rule
// is an error only where nothing a user could do elsewhere would make the stack work; the rest are warnings.
func ourRows() []row {
	all := slices.Concat(amazonRows(), googleRows(), azureRows(), reachRows(), localStoreRows(), registryRows(), seldonRows())
	for i := range all {
		all[i].source = SourceOurs
	}
	return all
}

const (
	becauseIAM = "it pulls with its IAM role; another registry needs credentials that it is not given"
	becauseGCP = "it pulls with its service account; another registry needs credentials that it is not given"
)

func amazonRows() []row {
	ecr := provided(kindRegistry, AbilityECR, "an ECR registry")
	s3 := provided(kindStore, AbilityS3, "an artifact_store that provides s3")
	bucket := sameFact(kindStore, FactRegion, "needs a bucket in its own region")
	repository := sameFact(kindRegistry, FactRegion, "wants its registry in its own region")
	account := sameFact(kindRegistry, FactAccount, "wants its registry in the account of its role")
	const becauseAccount = "what the role may do is not enough there: the repositories' own policies have to admit its account"
	const fixRegion = "Set region of both to the same one. Nothing moves to another region: what is replaced begins empty."
	const fixAccount = "Use a registry of the role's account, or let the policies of the repositories admit that account."
	return []row{
		{id: "sagemaker-needs-s3-store", about: "orchestrator/sagemaker", demand: s3, because: "the addresses of a job's inputs and outputs must be s3://"},
		{id: "sagemaker-needs-s3-store", about: "step_operator/sagemaker", demand: s3, because: "the addresses of a job's inputs and outputs must be s3://"},
		{id: "sagemaker-bucket-region", about: "orchestrator/sagemaker", demand: bucket, because: "SageMaker refuses buckets of another region", fix: fixRegion, settled: true},
		{id: "sagemaker-bucket-region", about: "step_operator/sagemaker", demand: bucket, because: "SageMaker refuses buckets of another region", fix: fixRegion, settled: true},
		{id: "sagemaker-registry-region", severity: Warning, about: "orchestrator/sagemaker", demand: repository, because: "every job pulls its image from the other region, if it may at all", fix: fixRegion, settled: true},
		{id: "sagemaker-registry-region", severity: Warning, about: "step_operator/sagemaker", demand: repository, because: "every job pulls its image from the other region, if it may at all", fix: fixRegion, settled: true},
		{id: "sagemaker-registry-account", severity: Warning, about: "orchestrator/sagemaker", demand: account, because: becauseAccount, fix: fixAccount},
		{id: "sagemaker-registry-account", severity: Warning, about: "step_operator/sagemaker", demand: account, because: becauseAccount, fix: fixAccount},
		{id: "sagemaker-prefers-ecr", severity: Warning, about: "orchestrator/sagemaker", demand: ecr, because: becauseIAM},
		{id: "sagemaker-prefers-ecr", severity: Warning, about: "step_operator/sagemaker", demand: ecr, because: becauseIAM},
		{id: "codebuild-prefers-ecr", severity: Warning, about: "image_builder/aws", demand: ecr, because: "it pushes with its IAM role; another registry needs credentials that it is not given"},
		{id: "app-runner-needs-ecr", about: "deployer/aws", demand: ecr, because: "App Runner deploys images from ECR only"},
	}
}

func googleRows() []row {
	registry := provided(kindRegistry, AbilityArtifacts, "an Artifact Registry")
	bucket := sameFact(kindStore, FactProject, "wants a bucket in its own project")
	const becauseProject = "access to a bucket of another project is denied at run time unless it was granted"
	return []row{
		{id: "vertex-prefers-artifact-registry", severity: Warning, about: "orchestrator/vertex", demand: registry, because: becauseGCP},
		{id: "vertex-prefers-artifact-registry", severity: Warning, about: "step_operator/vertex", demand: registry, because: becauseGCP},
		{id: "cloud-build-prefers-artifact-registry", severity: Warning, about: "image_builder/gcp", demand: registry, because: "it pushes with its service account; another registry needs credentials that it is not given"},
		{id: "cloud-run-prefers-artifact-registry", severity: Warning, about: "deployer/gcp", demand: registry, because: becauseGCP},
		{id: "vertex-bucket-project", severity: Warning, about: "orchestrator/vertex", demand: bucket, because: becauseProject},
		{id: "vertex-bucket-project", severity: Warning, about: "step_operator/vertex", demand: bucket, because: becauseProject},
		{id: "cloud-build-bucket-project", severity: Warning, about: "image_builder/gcp", demand: bucket, because: becauseProject},
		{id: "cloud-run-bucket-project", severity: Warning, about: "deployer/gcp", demand: bucket, because: becauseProject},
	}
}

func azureRows() []row {
	blob := provided(kindStore, AbilityAzureBlob, "an artifact_store that provides azure_blob")
	return []row{
		{id: "azureml-prefers-blob-store", severity: Warning, about: "orchestrator/azureml", demand: blob, because: "a workspace mounts only its own kind of storage"},
		{id: "azureml-prefers-blob-store", severity: Warning, about: "step_operator/azureml", demand: blob, because: "a workspace mounts only its own kind of storage"},
	}
}

// sameFact demands that a fact about the default component of a kind equals the subject's, as far as both are known.
func sameFact(kind, fact, text string) demand {
	d := needs(kind, text, func(s situation, c *Component) Truth { return factsAgree(s.subject, c, fact) })
	judge := d.judge
	d.judge = func(s situation) finding {
		f := judge(s)
		if f.holds == zenml.False {
			f.message = s.subject.label() + " is in " + quoted(s.subject.Facts[fact]) + ", " + f.objects[0].label() + " in " + quoted(f.objects[0].Facts[fact]) + "."
		}
		return f
	}
	return d
}

func quoted(v any) string { return strconv.Quote(text(v)) }

func factsAgree(a, b *Component, fact string) Truth {
	left, leftKnown := a.Facts[fact].(string)
	right, rightKnown := b.Facts[fact].(string)
	if !leftKnown || !rightKnown || left == "" || right == "" {
		return zenml.Undecided
	}
	return zenml.Is(left == right)
}

// registryRows hold an MLflow registry that names its tracker to the one that ZenML will take.
func registryRows() []row {
	return []row{{
		id: "mlflow-registry-shares-tracker", about: "model_registry/mlflow",
		demand: needs(kindTracker, "wants the tracker whose server it is in", func(s situation, c *Component) Truth {
			registry, named := s.subject.URI.(string)
			tracker, known := c.URI.(string)
			if !named || !known || c.ZenML != "mlflow" { // another flavor is another rule's affair
				return zenml.Undecided
			}
			return zenml.Is(strings.TrimRight(registry, "/") == strings.TrimRight(tracker, "/"))
		}),
		because: "ZenML registers models with the server of the stack's default tracker, wherever the registry is said to be", settled: true,
		fix: "Give the registry the stack's tracker as its experiment_tracker, or put that tracker first.",
	}}
}

func seldonRows() []row {
	return []row{{
		id: "seldon-chart-too-old", severity: Warning, about: "model_deployer/seldon",
		demand: demand{text: "has a chart of at least 1.15 on Kubernetes 1.25 or later", judge: func(s situation) finding {
			chart, chartKnown := version(s.subject.Facts[FactChartVersion])
			cluster, clusterKnown := version(s.subject.Facts[FactKubernetesVersion])
			f := finding{holds: zenml.Undecided, message: s.subject.label() + " is an old chart on a cluster that has dropped what it uses."}
			if chartKnown && clusterKnown {
				f.holds = zenml.Is(chart[0] != 1 || chart[1] >= 15 || cluster[0] < 1 || (cluster[0] == 1 && cluster[1] < 25))
			}
			return f
		}},
		because: "charts before 1.15 use API versions that Kubernetes 1.25 removed", fix: "Use a chart of version 1.15 or later.",
	}}
}

// version reads major and minor.
func version(v any) (parts [2]int, ok bool) {
	fields := strings.SplitN(strings.TrimPrefix(text(v), "v"), ".", 3)
	if len(fields) < 2 {
		return parts, false
	}
	for i := range parts {
		n, err := strconv.Atoi(strings.TrimRight(fields[i], "+"))
		if err != nil {
			return parts, false
		}
		parts[i] = n
	}
	return parts, true
}
