package compose

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var candidates = []Candidate{
	{Kind: kindStore, Flavor: "local", ZenML: "local"},
	{Kind: kindStore, Flavor: "s3", ZenML: "s3", Provides: []string{AbilityS3}, Config: conf{"path": "s3://bucket"}},
	{Kind: kindStore, Flavor: "gcs", ZenML: "gcp", Config: conf{"path": "gs://bucket"}},
	{Kind: kindStore, Flavor: "minio", ZenML: "s3", Config: conf{"path": "s3://bucket"}},
	{Kind: kindRegistry, Flavor: "ecr", ZenML: "aws", Config: conf{"uri": zenml.Unknown{}}},
	{Kind: kindRegistry, Flavor: "ghcr", ZenML: "github", Config: conf{"uri": "ghcr.io/acme"}},
}

func find(t *testing.T, problems []Problem, id string) Problem {
	t.Helper()
	for _, p := range problems {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no problem %s among %v", id, ids(problems))
	return Problem{}
}

func TestCheck_RefusesSageMakerWithLocalStore(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(local).with(parts{"orchestrator/sagemaker": role}))
	p := find(t, Checker{Candidates: candidates, ImageBuilderDefault: true}.Check(s), "sagemaker-needs-remote-parts")
	if p.Severity != Error || p.Kind != KindComposition || p.Subject.Slot != "orchestrator" || len(p.Others) != 1 || p.Others[0].Slot != "artifact_store" {
		t.Errorf("wrong parties or severity: %+v", p)
	}
	if !strings.Contains(p.Message, "(sagemaker)") || !strings.Contains(p.Message, "(local)") || p.Because == "" {
		t.Errorf("the message must name both and the reason: %+v", p)
	}
}

func TestCheck_SuggestsOnlyFlavorsTheRulesAccept(t *testing.T) {
	t.Parallel()
	c := Checker{Candidates: candidates, ImageBuilderDefault: true}
	s := stackOf(cloud.with(local).with(parts{"orchestrator/sagemaker": role}))
	if fix := find(t, c.Check(s), "sagemaker-needs-remote-parts").Fix; !strings.Contains(fix, "use one of: s3, minio.") {
		t.Errorf("gcs and local do not fit SageMaker, got %q", fix)
	}
	s = stackOf(cloud.with(parts{"-container_registry/": nil, "deployer/aws": {}}))
	if fix := find(t, c.Check(s), "deployer-needs-registry").Fix; !strings.Contains(fix, "use one of: ecr.") {
		t.Errorf("only ECR fits App Runner, got %q", fix)
	}
}

func TestCheck_TurnsWaivedRuleIntoWarning(t *testing.T) {
	t.Parallel()
	c := Checker{ImageBuilderDefault: true, Waive: []string{"sagemaker-needs-s3-store"}}
	p := find(t, c.Check(stackOf(cloud.with(gcs).with(parts{"orchestrator/sagemaker": role}))), "sagemaker-needs-s3-store")
	if p.Severity != Warning || !p.Waived || !strings.Contains(p.Message, "waives") {
		t.Errorf("a waived rule warns and says so: %+v", p)
	}
}

func TestCheck_LooksBehindAWaivedRule(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(local).with(hereReg))
	got := ids(Checker{ImageBuilderDefault: true, Waive: []string{"kubernetes-needs-remote-parts"}}.Check(s))
	if !slices.Contains(got, "kubernetes-needs-remote-registry") {
		t.Errorf("the next objection must not hide behind a waived one, got %v", got)
	}
}

func TestCheck_RefusesWaiversThatWaiveNothing(t *testing.T) {
	t.Parallel()
	problems := Checker{ImageBuilderDefault: true, Waive: []string{"sagemaker-needs-s3-stor", "stack-needs-core"}}.Check(stackOf(laptop))
	if len(problems) != 2 || problems[0].Severity != Error {
		t.Fatalf("want two errors, got %+v", problems)
	}
	if !strings.Contains(problems[0].Fix, `"sagemaker-needs-s3-store"`) {
		t.Errorf("want did-you-mean, got %q", problems[0].Fix)
	}
	if !strings.Contains(problems[1].Message, "cannot be waived") {
		t.Errorf("want a reason, got %q", problems[1].Message)
	}
}

func TestCheck_CannotWaiveMissingComponents(t *testing.T) {
	t.Parallel()
	p := find(t, Checker{Waive: []string{"stack-needs-core"}}.Check(Stack{}), "stack-needs-core")
	if p.Severity != Error || p.Waived {
		t.Errorf("a stack without core cannot work: %+v", p)
	}
}

func TestCheck_WaitsForUnknownSlots(t *testing.T) {
	t.Parallel()
	s := Stack{UnknownSlots: []string{"orchestrator", "artifact_store"}}
	if problems := (Checker{}).Check(s); len(problems) > 0 {
		t.Errorf("nothing is known yet, got %v", ids(problems))
	}
	s = Stack{Components: []Component{{Slot: "orchestrator", Kind: "orchestrator", Unknown: true}, {Slot: "artifact_store", Kind: "artifact_store", Unknown: true}}}
	if problems := (Checker{Candidates: candidates}).Check(s); len(problems) > 0 {
		t.Errorf("nothing is known yet, got %v", ids(problems))
	}
}

func TestCheck_RefusesTwoOfAKindUnlessRepeatable(t *testing.T) {
	t.Parallel()
	s := stackOf(laptop.with(ecr))
	s.Components = append(s.Components, s.Components[1], Adapt("alerter", "slack", conf{"slack_token": "t"}, nil), Adapt("alerter", "slack", conf{"slack_token": "t"}, nil))
	p := find(t, Checker{ImageBuilderDefault: true}.Check(s), "stack-takes-one")
	if p.Kind != KindCardinality || p.Subject.Kind != s.Components[1].Kind {
		t.Errorf("wrong kind: %+v", p)
	}
	if n := len(slices.DeleteFunc(ids(Checker{ImageBuilderDefault: true}.Check(s)), func(id string) bool { return id != "stack-takes-one" })); n != 1 {
		t.Errorf("alerters may be repeated, got %d objections", n)
	}
}

func TestCheck_DefaultsImageBuilderUnlessSwitchedOff(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud)
	if p := find(t, Checker{ImageBuilderDefault: true}.Check(s), "image-builder-defaulted"); p.Severity != Warning {
		t.Errorf("the default is only worth a warning: %+v", p)
	}
	p := find(t, Checker{}.Check(s), "orchestrator-needs-registry")
	if p.Severity != Error || !slices.Equal(p.Missing, []string{"image_builder"}) {
		t.Errorf("without the default the builder is missing: %+v", p)
	}
	if got := ids(Checker{ImageBuilderDefault: true}.Check(stackOf(laptop))); len(got) > 0 {
		t.Errorf("a local stack builds nothing, got %v", got)
	}
}

func TestCheck_WarnsOfHalfLocalStack(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(parts{"sandbox/local": {}}))
	if p := find(t, Checker{ImageBuilderDefault: true}.Check(s), "local-and-remote-mixed"); p.Severity != Warning {
		t.Errorf("want a warning: %+v", p)
	}
}

func TestCheck_ReportsConfigurationOfComponents(t *testing.T) {
	t.Parallel()
	s := stackOf(laptop.with(parts{"artifact_store/s3": {"path": "gs://b"}}))
	p := find(t, Checker{ImageBuilderDefault: true}.Check(s), "zenml-store-scheme")
	if p.Kind != KindConfig || !slices.Equal(p.Subject.Path, []string{"path"}) {
		t.Errorf("want the path of the store: %+v", p)
	}
	if got := ids(Checker{ImageBuilderDefault: true, SkipConfig: true}.Check(s)); slices.Contains(got, "zenml-store-scheme") {
		t.Errorf("the configuration was to be skipped, got %v", got)
	}
}

func TestCheck_HoldsToTheTargetsTable(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{"aws": "", "gcp": "mlstacks-flavor-offered", "k3d": "mlstacks-flavor-offered", "azure": "mlstacks-kind-offered", "moon": "mlstacks-kind-offered", "": ""} {
		s := stackOf(cloud)
		s.Target = target
		problems := slices.DeleteFunc(Checker{ImageBuilderDefault: true}.Check(s), func(p Problem) bool { return p.Kind != KindTarget })
		if (want == "") != (len(problems) == 0) || (want != "" && problems[0].ID != want) {
			t.Errorf("%q: want %q, got %v", target, want, ids(problems))
		}
	}
}

func TestCheck_OffersNoOtherKindInPlaceOfOne(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(parts{"alerter/slack": {"slack_token": "t"}}))
	s.Target = "aws"
	if fix := find(t, Checker{ImageBuilderDefault: true}.Check(s), "mlstacks-kind-offered").Fix; fix != "Leave it out." {
		t.Errorf("no kind stands in for another, got %q", fix)
	}
}

func TestCheck_RefusesComponentOfAnotherProvider(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(parts{"orchestrator/vm_gcp": {}}))
	s.Target = "aws"
	find(t, Checker{ImageBuilderDefault: true}.Check(s), "mlstacks-one-provider")
}

func TestCheck_LetsARegistryServeItsOwnCluster(t *testing.T) {
	t.Parallel()
	s := stackOf(cloud.with(parts{"container_registry/default": {"uri": "k3d-dev.localhost:5050"}}))
	for i := range s.Components {
		s.Components[i].Cluster = "k3d/dev"
	}
	if got := ids(Checker{ImageBuilderDefault: true}.Check(s)); slices.Contains(got, "remote-needs-reachability") {
		t.Errorf("nodes of the cluster resolve its own registry, got %v", got)
	}
}

func TestRequiresRemoteServer_FollowsOrchestratorAndStepOperators(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stack Stack
		want  Truth
	}{
		{stackOf(laptop), zenml.False},
		{stackOf(cloud), zenml.True},
		{stackOf(laptop.with(parts{"step_operator/ssh": {}})), zenml.True},
		{stackOf(cloud.with(parts{"orchestrator/kubernetes": {"local": zenml.Unknown{}}})), zenml.Undecided},
		{Stack{UnknownSlots: []string{"additional_step_operators[0]"}}, zenml.Undecided},
	} {
		if got := RequiresRemoteServer(c.stack); got != c.want {
			t.Errorf("want %v, got %v for %v", c.want, got, c.stack.Components)
		}
	}
}

func TestRules_AreDocumentedAndUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.ID == "" || r.Demand == "" || r.Because == "" || r.Source == "" || r.Kind == "" || len(r.About) == 0 {
			t.Errorf("incomplete or repeated: %+v", r)
		}
		if strings.ToLower(r.ID) != r.ID || strings.ContainsAny(r.ID, " _") {
			t.Errorf("%q is not kebab-case", r.ID)
		}
		seen[r.ID] = true
	}
}

func TestRules_NameOnlyFlavorsThatExist(t *testing.T) {
	t.Parallel()
	var patterns []string
	for _, r := range rows() {
		patterns = append(patterns, r.about)
	}
	for _, table := range [][]predicate{localRows, remoteRows, localPathRows, emptyPathRows, farRows} {
		for _, p := range table {
			patterns = append(patterns, p.on)
		}
	}
	for _, pattern := range patterns {
		kind, flavors, _ := strings.Cut(pattern, "/")
		for flavor := range strings.SplitSeq(flavors, "|") {
			if !slices.ContainsFunc(zenml.FlavorNames(kind), func(name string) bool { return matches(kind+"/"+flavor, &Component{Kind: kind, ZenML: name}) }) {
				t.Errorf("%s/%s matches no flavor of ZenML", kind, flavor)
			}
		}
	}
}
