package compose

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestSuggest_NamesNothingThatAnotherComponentObjectsTo(t *testing.T) {
	t.Parallel()

	// SageMaker's steps want S3, the image builder Cloud Storage: no store suits both.
	s := stackOf(cloud.with(local).with(parts{"orchestrator/sagemaker": role, "image_builder/gcp": {}}))
	checker := Checker{Candidates: candidates, ImageBuilderDefault: true}

	if fix := find(t, checker.Check(s), "sagemaker-needs-remote-parts").Fix; strings.Contains(fix, "use one of") {
		t.Errorf("no store fits both, got %q", fix)
	}

	checker.Waive = []string{"cloud-build-needs-gcs-store"}
	if fix := find(t, checker.Check(s), "sagemaker-needs-remote-parts").Fix; !strings.Contains(fix, "use one of: s3, minio.") {
		t.Errorf("what is waived is no objection, got %q", fix)
	}
}

func TestSuggest_LeavesOutWhatIsWarnedOf(t *testing.T) {
	t.Parallel()

	c := Checker{Candidates: candidates, ImageBuilderDefault: true}
	s := stackOf(cloud.with(parts{"orchestrator/sagemaker": role, "-container_registry/": nil}))

	if fix := find(t, c.Check(s), "orchestrator-needs-registry").Fix; !strings.Contains(fix, "As container_registry use one of: ecr.") {
		t.Errorf("SageMaker prefers ECR, got %q", fix)
	}

	c.Candidates = slices.DeleteFunc(slices.Clone(candidates), func(c Candidate) bool { return c.Flavor == "ecr" })
	if fix := find(t, c.Check(s), "orchestrator-needs-registry").Fix; !strings.Contains(fix, "As container_registry use one of: ghcr.") {
		t.Errorf("another registry is better than none, got %q", fix)
	}
}

func TestSuggest_NamesTheFlavorThatTakesAServer(t *testing.T) {
	t.Parallel()

	s := stackOf(cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "sqlite:///m.db"}}))
	for i := range s.Components {
		if s.Components[i].Kind == kindTracker {
			s.Components[i].Flavor = "mlflow_local"
		}
	}

	server := Candidate{Kind: kindTracker, Flavor: "mlflow_server", ZenML: "mlflow", Config: conf{"tracking_uri": "https://m.example.com", "tracking_token": "t"}}
	here := Candidate{Kind: kindTracker, Flavor: "mlflow_local", ZenML: "mlflow", Config: conf{"tracking_uri": zenml.Unknown{}}, Here: true}

	if fix := find(t, Checker{Candidates: []Candidate{here, server}}.Check(s), "mlflow-prefers-server").Fix; fix != "Use the flavor mlflow_server." {
		t.Errorf("got %q", fix)
	}

	s = stackOf(parts{"orchestrator/vm_aws": {}}.with(s3).with(ecr).with(mlflow))
	s.Components[2].Flavor = "mlflow_local"

	if fix := find(t, Checker{Candidates: []Candidate{here, server}, ImageBuilderDefault: true}.Check(s), "skypilot-needs-remote-parts").Fix; fix != "As experiment_tracker use one of: mlflow_server." {
		t.Errorf("what is on this machine stays there, got %q", fix)
	}
}

func TestCheck_SaysOnceThatALocalDirectoryIsOutOfReach(t *testing.T) {
	t.Parallel()

	got := ids(Checker{ImageBuilderDefault: true}.Check(stackOf(cloud.with(local).with(parts{"orchestrator/modal": {}}))))
	if !slices.Contains(got, "modal-needs-remote-store") || slices.Contains(got, "remote-prefers-remote-store") {
		t.Errorf("what is refused needs no warning, got %v", got)
	}
}

func TestCheck_DefaultsNoImageBuilderWhereZenMLSeesNothing(t *testing.T) {
	t.Parallel()

	s := stackOf(local)
	s.Components = append(s.Components, Component{Slot: kindOrchestrator, Kind: kindOrchestrator, Flavor: "dvc"})

	if got := ids(Checker{ImageBuilderDefault: true}.Check(s)); !slices.Equal(got, []string{idImport}) {
		t.Errorf("want the one warning that ZenML cannot import it, got %v", got)
	}
}
