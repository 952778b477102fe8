package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestCheck_WaitsForAnUnknownConnector(t *testing.T) {
	t.Parallel()

	for _, flavor := range []string{"kubernetes", "kubeflow", "tekton"} {
		s := stackOf(cloud.with(parts{"orchestrator/" + flavor: {}}))
		find(t, Checker{ImageBuilderDefault: true}.Check(s), flavor+"-needs-cluster")

		s.Components[2].ConnectorUnknown = true
		if got := ids(Checker{ImageBuilderDefault: true}.Check(s)); slices.Contains(got, flavor+"-needs-cluster") {
			t.Errorf("%s: the connector may know the cluster, got %v", flavor, got)
		}
	}
}

func TestCheck_WaitsForUnknownAbilities(t *testing.T) {
	t.Parallel()

	for rule, s := range map[string]Stack{
		"sagemaker-needs-s3-store": stackOf(cloud.with(parts{"orchestrator/sagemaker": role, "artifact_store/lakefs": {}})),
		"app-runner-needs-ecr":     stackOf(cloud.with(parts{"deployer/aws": {}, "container_registry/harbor": {"uri": "harbor.example.com"}})),
	} {
		checker := Checker{ImageBuilderDefault: true, SkipConfig: true}
		find(t, checker.Check(s), rule)

		for i := range s.Components {
			s.Components[i].ProvidesUnknown = true
		}

		if got := ids(checker.Check(s)); slices.Contains(got, rule) {
			t.Errorf("%s: it may provide what is wanted, got %v", rule, got)
		}
	}
}

func TestCheck_KeepsBackWhatMayBeWaived(t *testing.T) {
	t.Parallel()

	s := stackOf(cloud.with(gcs).with(parts{"orchestrator/sagemaker": role}))
	find(t, Checker{ImageBuilderDefault: true}.Check(s), "sagemaker-needs-s3-store")

	if got := failing(Checker{ImageBuilderDefault: true, WaiveUnknown: true}.Check(s)); len(got) > 0 {
		t.Errorf("every rule may be waived yet, got %v", got)
	}

	checker := Checker{ImageBuilderDefault: true, WaiveUnknown: true, Waive: []string{"sagemaker-needs-s3-store", "sagemaker-needs-s3-stor"}}
	problems := checker.Check(s)

	if p := find(t, problems, "sagemaker-needs-s3-store"); !p.Waived {
		t.Errorf("what is known to be waived is so: %+v", p)
	}

	if got := failing(problems); !slices.Equal(got, []string{"unknown-waiver"}) {
		t.Errorf("only a waiver that waives nothing is sure to be wrong, got %v", got)
	}

	if got := failing(Checker{WaiveUnknown: true}.Check(Stack{})); !slices.Equal(got, []string{idMissing, idMissing}) {
		t.Errorf("nothing can waive what is missing, got %v", got)
	}
}

// failing lists the ids of errors.
func failing(problems []Problem) []string {
	return ids(slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return p.Severity != Error }))
}

// A rule must wait for each of its inputs. Which these are is found by trial: where some value of a field, some
// flavor of a component or some connector would content the rule, it must not object while that is unknown.
func TestRules_WaitForEachOfTheirInputs(t *testing.T) {
	t.Parallel()

	for _, c := range ruleCases() {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()

			s := c.stack(c.fires)
			if !objects(c, s) {
				t.Fatal("the rule should object")
			}

			inputs := 0

			for i := range s.Components {
				inputs += eachField(t, c, s, i) + eachFact(t, c, s, i) + eachComponent(t, c, s, i)
			}

			if inputs += eachAbsent(t, c, s); inputs == 0 {
				t.Error("no input was found that contents the rule")
			}
		})
	}
}

// objects asks a rule by itself: which rule speaks first does not matter here.
func objects(c ruleCase, s Stack) bool {
	for _, r := range rows() {
		if r.id != c.id {
			continue
		}

		for i := range s.Components {
			at := situation{stack: &s, subject: &s.Components[i], builderDefault: c.checker().ImageBuilderDefault}
			if !at.subject.Unknown && r.judge(at).holds == zenml.False {
				return true
			}
		}
	}

	return false
}

// someValues are values of which some content each rule about a field.
func someValues() []any {
	return []any{
		nil, true, false, "", "x", "localhost:5000", "https://m.example.com", "sqlite:///m.db", "file:/x", "databricks", "k3d-a", "gs://b",
		"eu-west-1", "123456789012.dkr.ecr.us-east-1.amazonaws.com", "europe-west1-docker.pkg.dev/theirs/r", "{{a.b}}",
	}
}

// check tells whether one change contents the rule, and fails when the rule objects although it may.
func (c ruleCase) waits(t *testing.T, what string, variants []Stack, hidden Stack) int {
	t.Helper()

	if !slices.ContainsFunc(variants, func(s Stack) bool { return !objects(c, s) }) {
		return 0
	}

	if objects(c, hidden) {
		t.Errorf("it objects while %s is unknown, although a value would content it", what)
	}

	return 1
}

// changed copies a stack with another component in one place, and looks at its facts again.
func (c ruleCase) changed(s Stack, i int, to Component) Stack {
	s.Components = slices.Clone(s.Components)
	for j := range s.Components {
		s.Components[j].Facts = maps.Clone(s.Components[j].Facts)
	}

	s.Components[i] = to

	return s
}

func eachField(t *testing.T, c ruleCase, s Stack, i int) int {
	t.Helper()

	was := s.Components[i]
	with := func(field string, value any) Stack {
		given := maps.Clone(was.Given)
		if given == nil {
			given = conf{}
		}

		given[field] = value
		again := Adapt(was.Kind, was.ZenML, given, was.Connector)

		for _, fact := range []string{FactChartVersion, FactKubernetesVersion} {
			again.Facts[fact] = was.Facts[fact]
		}

		if was.Kind == kindStore && was.Facts[FactProject] != nil {
			again.Facts[FactProject] = was.Facts[FactProject]
		}

		return c.changed(s, i, again)
	}
	found := 0
	flavor, _ := zenml.Lookup(was.Kind, was.ZenML)

	for _, field := range flavor.Fields {
		variants := make([]Stack, 0, len(someValues()))
		for _, value := range someValues() {
			variants = append(variants, with(field.Name, value))
		}

		found += c.waits(t, was.Kind+"."+field.Name, variants, with(field.Name, zenml.Unknown{}))
	}

	return found
}

// eachFact hides what is known of a component beside its configuration.
func eachFact(t *testing.T, c ruleCase, s Stack, i int) int {
	t.Helper()

	was := s.Components[i]
	found := 0
	hidden, other := was, was
	hidden.ConnectorUnknown, other.Connector = true, &zenml.Connector{Type: "kubernetes"}
	found += c.waits(t, was.Kind+"'s connector", []Stack{c.changed(s, i, other)}, c.changed(s, i, hidden))

	hidden, other = was, was
	hidden.ProvidesUnknown, other.Provides = true, []string{AbilityS3, AbilityGCS, AbilityAzureBlob, AbilityECR, AbilityArtifacts}
	found += c.waits(t, was.Kind+"'s abilities", []Stack{c.changed(s, i, other)}, c.changed(s, i, hidden))

	for name := range was.Facts {
		with := func(value any) Stack {
			to := was
			to.Facts = maps.Clone(was.Facts)
			to.Facts[name] = value

			return c.changed(s, i, to)
		}
		found += c.waits(t, was.Kind+"'s "+name, []Stack{with(nil), with("1.15"), with("eu-west-1")}, with(zenml.Unknown{}))
	}

	return found
}

func eachComponent(t *testing.T, c ruleCase, s Stack, i int) int {
	t.Helper()

	was := s.Components[i]
	without := Stack{Components: slices.Delete(slices.Clone(s.Components), i, i+1)}
	variants := []Stack{without}

	for _, flavor := range zenml.FlavorNames(was.Kind) {
		variants = append(variants, c.changed(s, i, Adapt(was.Kind, flavor, nil, nil)))
	}

	found := c.waits(t, was.Kind, variants, c.changed(s, i, Component{Slot: was.Slot, Kind: was.Kind, Unknown: true}))
	without.UnknownSlots = []string{was.Kind}

	return found + c.waits(t, "whether there is "+a(was.Kind), variants, without)
}

// eachAbsent hides whether there is a component of each kind that the stack lacks.
func eachAbsent(t *testing.T, c ruleCase, s Stack) int {
	t.Helper()

	found := 0

	for _, kind := range zenml.Types() {
		if slices.ContainsFunc(s.Components, func(c Component) bool { return c.Kind == kind }) {
			continue
		}

		var variants []Stack
		for _, flavor := range zenml.FlavorNames(kind) {
			variants = append(variants, Stack{Components: append(slices.Clone(s.Components), Adapt(kind, flavor, nil, nil))})
		}

		hidden := Stack{Components: s.Components, UnknownSlots: []string{kind}}
		found += c.waits(t, "whether there is "+a(kind), variants, hidden)
	}

	return found
}

// wholeCase is a stack that a rule about names, shape or target objects to, and its inputs, each hidden in turn.
type wholeCase struct {
	id    string
	stack func() Stack
	hide  map[string]func(*Stack)
}

func wholeCases() []wholeCase {
	part := func(slot, kind, flavor, name string) Component {
		c := Adapt(kind, flavor, nil, nil)
		c.Slot, c.SlotKind, c.Name = slot, kind, name

		return c
	}
	gone := func(i int) func(*Stack) {
		return func(s *Stack) {
			s.Components[i] = Component{Slot: s.Components[i].Slot, Kind: s.Components[i].Kind, Unknown: true}
		}
	}
	nameless := func(i int) func(*Stack) { return func(s *Stack) { s.Components[i].Name = "" } }
	slot := func(name string) func(*Stack) {
		return func(s *Stack) { s.UnknownSlots = append(s.UnknownSlots, name) }
	}
	targetless := func(s *Stack) { s.Target = "" }
	two := func(first, second string) func() Stack {
		return func() Stack {
			return Stack{Components: []Component{part("alerter", "alerter", "slack", first), part("additional_alerters[0]", "alerter", "slack", second)}}
		}
	}
	on := func(target string, c ...Component) func() Stack {
		return func() Stack { return Stack{Target: target, Components: slices.Clone(c)} }
	}
	tracker := Adapt(kindTracker, "mlflow", conf{"tracking_uri": "https://mlflow-1.a.run.app", "tracking_token": "t"}, nil)

	return []wholeCase{
		{idSlot, func() Stack {
			c := part("orchestrator", "alerter", "slack", "a")
			c.SlotKind = kindOrchestrator

			return Stack{Components: []Component{c}}
		}, map[string]func(*Stack){"component": func(s *Stack) {
			s.Components[0] = Component{Slot: "orchestrator", SlotKind: kindOrchestrator, Kind: kindOrchestrator, Unknown: true}
		}}},
		{idPart, func() Stack {
			return Stack{Components: []Component{{Slot: "alerter", Kind: "alerter", Unknown: true, Fault: &Fault{Message: "m", Fix: "f"}}}}
		}, map[string]func(*Stack){"component": gone(0)}},
		{idTwins, two("a", "a"), map[string]func(*Stack){"first": gone(0), "second": gone(1), "name of the first": nameless(0), "name of the second": nameless(1)}},
		{idPrefix, two("a-2", "a"), map[string]func(*Stack){"first": gone(0), "second": gone(1), "name of the first": nameless(0), "name of the second": nameless(1)}},
		{idDefault, func() Stack { return Stack{Name: "default"} }, map[string]func(*Stack){"name": func(s *Stack) { s.Name = "" }}},
		{idDefault, on("", part("orchestrator", "orchestrator", "local", "default")), map[string]func(*Stack){"component": gone(0), "its name": nameless(0)}},
		{idMissing, on("", part("orchestrator", "orchestrator", "local", "a")), map[string]func(*Stack){"store": slot("artifact_store")}},
		{idMany, on("", part("orchestrator", "orchestrator", "local", "a"), part("orchestrator", "orchestrator", "local", "b")), map[string]func(*Stack){"first": gone(0), "second": gone(1)}},
		{idBuilder, func() Stack { return stackOf(cloud) }, map[string]func(*Stack){"orchestrator": gone(2), "builder": slot("image_builder")}},
		{idLocalMixed, func() Stack { return stackOf(cloud.with(parts{"sandbox/local": {}})) }, map[string]func(*Stack){
			"orchestrator": gone(2), "sandbox": gone(3), "orchestrator.local": func(s *Stack) { hide(s, "orchestrator.local") },
		}},
		{idImport, on("", Component{Slot: kindOrchestrator, Kind: kindOrchestrator, Flavor: "dvc"}), map[string]func(*Stack){"component": gone(0)}},
		{idOfferedKind, on("aws", part("alerter", "alerter", "slack", "a")), map[string]func(*Stack){"component": gone(0), "target": targetless}},
		{idOfferedFlavor, on("aws", part("orchestrator", "orchestrator", "local", "a")), map[string]func(*Stack){"component": gone(0), "target": targetless}},
		{idOneProvider, on("aws", part("orchestrator", "orchestrator", "vm_gcp", "a")), map[string]func(*Stack){"component": gone(0), "target": targetless}},
		{idOneProvider, on("aws", tracker), map[string]func(*Stack){
			"component": gone(0), "target": targetless, "address": func(s *Stack) { hide(s, "experiment_tracker.tracking_uri") },
		}},
	}
}

func TestRules_AboutTheWholeStackWaitForEachOfTheirInputs(t *testing.T) {
	t.Parallel()

	checker := Checker{ImageBuilderDefault: true, SkipConfig: true}
	covered := map[string]bool{}

	for i, c := range wholeCases() {
		covered[c.id] = true

		t.Run(fmt.Sprintf("%s/%d", c.id, i), func(t *testing.T) {
			t.Parallel()
			find(t, checker.Check(c.stack()), c.id)

			for what, hide := range c.hide {
				s := c.stack()
				hide(&s)

				if got := ids(checker.Check(s)); count(got, c.id) >= count(ids(checker.Check(c.stack())), c.id) {
					t.Errorf("it objects while %s is unknown, got %v", what, got)
				}
			}
		})
	}

	for _, r := range slices.Concat(stackRules(), nameRules(), targetRules()) {
		if !covered[r.ID] {
			t.Errorf("the rule %s has no case", r.ID)
		}
	}
}

func count(ids []string, id string) int {
	return strings.Count(" "+strings.Join(ids, "  ")+" ", " "+id+" ")
}

func TestRules_ThatAreWaivableCanBeWaived(t *testing.T) {
	t.Parallel()

	stacks := map[string]Stack{}
	checkers := map[string]Checker{}

	for _, c := range ruleCases() {
		stacks[c.id], checkers[c.id] = c.stack(c.fires), c.checker()
	}

	for _, c := range wholeCases() {
		stacks[c.id], checkers[c.id] = c.stack(), Checker{ImageBuilderDefault: true}
	}

	for _, r := range Rules() {
		s, ok := stacks[r.ID]
		if !ok {
			if r.Waivable {
				t.Errorf("the rule %s is called waivable, and no stack shows it", r.ID)
			}

			continue
		}

		checker := checkers[r.ID]
		checker.Waive = []string{r.ID}
		problems := checker.Check(s)

		if p := find(t, problems, r.ID); p.Waived != r.Waivable || (p.Waived && p.Severity != Warning) {
			t.Errorf("the rule %s: waivable %v, but %+v", r.ID, r.Waivable, p)
		}

		if refused := slices.Contains(ids(problems), "unknown-waiver"); refused == r.Waivable {
			t.Errorf("the rule %s: waivable %v, but naming it in waive is refused: %v", r.ID, r.Waivable, refused)
		}
	}
}

func TestCheck_ForgivesNoConfigurationThatItsComponentRefuses(t *testing.T) {
	t.Parallel()

	s := stackOf(laptop.with(parts{"artifact_store/s3": {"path": "gs://b"}}))
	problems := Checker{ImageBuilderDefault: true, Waive: []string{"zenml-store-scheme"}}.Check(s)

	if p := find(t, problems, "zenml-store-scheme"); p.Severity != Error || p.Waived {
		t.Errorf("the component is refused in any stack: %+v", p)
	}

	if p := find(t, problems, "unknown-waiver"); !strings.Contains(p.Message, "cannot be waived") || !strings.Contains(p.Message, "component") {
		t.Errorf("the waiver must be refused with its reason: %+v", p)
	}
}

func TestCheck_WaitsForTheSlotBeforeTheFirstKnown(t *testing.T) {
	t.Parallel()

	comet := Adapt("experiment_tracker", "comet", conf{"api_key": "k", "workspace": "w", "project_name": "p"}, nil)
	comet.Slot = "additional_experiment_trackers[0]"
	s := stackOf(laptop.with(parts{"model_registry/mlflow": {}}))
	s.Components = append(s.Components, comet)
	find(t, Checker{}.Check(s), "mlflow-registry-needs-mlflow-tracker")

	s.UnknownSlots = []string{"experiment_tracker"}
	if got := failing(Checker{}.Check(s)); len(got) > 0 {
		t.Errorf("the default tracker may be MLflow, got %v", got)
	}
}

func TestSlotKind_ReadsTheNamesOfLists(t *testing.T) {
	t.Parallel()

	for slot, want := range map[string]string{
		"alerter": "alerter", "additional_alerters[0]": "alerter", "additional_experiment_trackers": "experiment_tracker",
		"additional_sandboxes": "sandbox", "additional_sandboxes[1]": "sandbox", "additional_step_operators": "step_operator",
	} {
		if got := slotKind(slot); got != want {
			t.Errorf("%s: want %s, got %s", slot, want, got)
		}
	}
}
