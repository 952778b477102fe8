package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

const restart, check = "mlstacks_restart_component", "mlstacks_check_stack"

func (p protocol) actions() tfprotov6.ActionServer {
	p.Helper()

	actions, ok := p.server.(tfprotov6.ActionServer)
	if !ok {
		p.Fatal("the server hides its actions")
	}

	return actions
}

func (p protocol) actionConfig(action string, some map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.Helper()

	return p.dynamic(flavortest.Object(p.T, p.schemas.ActionSchemas[action].Schema.ValueType(), some))
}

// planAction validates and plans an action, and says what was refused.
func (p protocol) planAction(action string, some map[string]tftypes.Value) string {
	p.Helper()

	valid, err := p.actions().ValidateActionConfig(p.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: p.actionConfig(action, some)})
	must(p.T, err)

	if fault := said(valid.Diagnostics); fault != "" {
		return fault
	}

	planned, err := p.actions().PlanAction(p.Context(), &tfprotov6.PlanActionRequest{ActionType: action, Config: p.actionConfig(action, some)})
	must(p.T, err)

	return said(planned.Diagnostics)
}

// invoke runs an action to its end.
func (p protocol) invoke(action string, some map[string]tftypes.Value) (progress []string, fault string) {
	p.Helper()

	stream, err := p.actions().InvokeAction(p.Context(), &tfprotov6.InvokeActionRequest{ActionType: action, Config: p.actionConfig(action, some)})
	must(p.T, err)

	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			fault = said(event.Diagnostics)
		}
	}

	return progress, fault
}

// component is one as a restart takes it.
func (p protocol) component(kind, flavor, id string, reference map[string]string) map[string]tftypes.Value {
	p.Helper()

	whole, ok := p.schemas.ActionSchemas[restart].Schema.ValueType().(tftypes.Object)
	if !ok {
		p.Fatal("no schema")
	}

	of, ok := whole.AttributeTypes["component"].(tftypes.Object)
	if !ok {
		p.Fatal("no component")
	}

	some := map[string]tftypes.Value{"name": text("main"), "type": text(kind), "flavor": text(flavor), "id": text(id)}

	if reference != nil {
		elements := map[string]tftypes.Value{}
		for key, value := range reference {
			elements[key] = text(value)
		}

		some["cluster"] = flavortest.Object(p.T, of.AttributeTypes["cluster"], map[string]tftypes.Value{
			"name": text("dev"), "reference": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements),
		})
	}

	return map[string]tftypes.Value{"component": flavortest.Object(p.T, of, some)}
}

func TestRestart_GivesTheComponentsWorkloadsNewPodsAndWaits(t *testing.T) {
	t.Parallel()

	p := speak(t)
	p.configure(nil)

	server := fakeAPI(t)
	tracker := p.component("experiment_tracker", "mlflow", "ml/main", server.reference(t))

	if fault := p.planAction(restart, tracker); fault != "" {
		t.Fatal(fault)
	}

	progress, fault := p.invoke(restart, tracker)
	if fault != "" || strings.Join(progress, "; ") != "Deployment/main in namespace ml gets new pods; Deployment/main in namespace ml is ready" {
		t.Errorf("said %q: %s", progress, fault)
	}

	if len(server.patches) != 1 || !strings.Contains(server.patches[0], `mlstacks-restart {"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"`) {
		t.Errorf("wrote %q", server.patches)
	}

	if server.selector != "app.kubernetes.io/managed-by=mlstacks,mlstacks.io/flavor=mlflow,mlstacks.io/kind=experiment_tracker,mlstacks.io/name=main" {
		t.Errorf("looked for %q", server.selector)
	}

	if server.looks != 2 {
		t.Errorf("looked %d times whether it is ready", server.looks)
	}

	_, fault = p.invoke(restart, p.component("experiment_tracker", "mlflow", "nothing/main", server.reference(t)))
	if !strings.Contains(fault, "in namespace nothing does not exist") || !strings.Contains(fault, "Apply the component first") {
		t.Errorf("said %q of a component that is gone", fault)
	}
}

func TestRestart_RefusesAtPlanWhatRunsInNoCluster(t *testing.T) {
	t.Parallel()

	p := speak(t)
	p.configure(nil)

	for name, config := range map[string]map[string]tftypes.Value{
		"local":                         p.component("artifact_store", "local", "/srv/ml", nil),
		"custom/lakefs":                 p.component("artifact_store", "custom/lakefs", "main", nil),
		"in AWS":                        p.component("artifact_store", "s3", "acme", nil),
		"objects of which nothing runs": p.component("image_builder", "kaniko", "ml/main", map[string]string{"type": "k3d", "name": "dev"}),
		"no component":                  p.component("cluster", "k3d", "dev", nil),
	} {
		if fault := p.planAction(restart, config); !strings.Contains(fault, "runs nothing in a Kubernetes cluster") {
			t.Errorf("%s: %q", name, fault)
		}
	}

	long := p.component("experiment_tracker", "mlflow", "ml/main", map[string]string{"type": "k3d", "name": "dev"})
	long["timeout"] = text("long")

	if fault := p.planAction(restart, long); !strings.Contains(fault, `"long" is no duration`) {
		t.Errorf("said %q of the timeout", fault)
	}

	unknown := long["component"].Type()
	if fault := p.planAction(restart, map[string]tftypes.Value{"component": tftypes.NewValue(unknown, tftypes.UnknownValue)}); fault != "" {
		t.Errorf("what is not known yet is refused: %s", fault)
	}
}

// stackOf is a stack as a check takes it.
func (p protocol) stackOf(components map[string]string) map[string]tftypes.Value {
	p.Helper()

	whole, ok := p.schemas.ActionSchemas[check].Schema.ValueType().(tftypes.Object)
	if !ok {
		p.Fatal("no schema")
	}

	of, ok := whole.AttributeTypes["stack"].(tftypes.Object)
	if !ok {
		p.Fatal("no stack")
	}

	some := map[string]tftypes.Value{"name": text("prod")}

	for kind, flavor := range components {
		slot, ok := of.AttributeTypes[kind].(tftypes.Object)
		if !ok {
			p.Fatalf("no slot %s", kind)
		}

		configuration := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{})
		if kind == "artifact_store" {
			configuration = tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"path": text("/srv/ml")})
		}

		some[kind] = flavortest.Object(p.T, slot, map[string]tftypes.Value{
			"name": text(kind), "type": text(kind), "flavor": text(flavor),
			"zenml": flavortest.Object(p.T, slot.AttributeTypes["zenml"], map[string]tftypes.Value{"flavor": text(flavor), "configuration": configuration}),
		})
	}

	return map[string]tftypes.Value{"stack": flavortest.Object(p.T, of, some)}
}

func TestCheck_SaysWhatItFindsAndFailsForWhatCannotWork(t *testing.T) {
	t.Parallel()

	p := speak(t)

	good := p.stackOf(map[string]string{"artifact_store": "local", "orchestrator": "local"})
	if fault := p.planAction(check, good); fault != "" {
		t.Fatal(fault)
	}

	progress, fault := p.invoke(check, good)
	if fault != "" || len(progress) < 2 || !strings.Contains(progress[0], `Stack "prod": 2 components`) || progress[len(progress)-1] != `Stack "prod" can work` {
		t.Errorf("said %q: %s", progress, fault)
	}

	progress, fault = p.invoke(check, p.stackOf(map[string]string{"orchestrator": "local"}))
	if !strings.Contains(fault, "artifact store") || !strings.Contains(fault, "Rule: ") || len(progress) < 2 || !strings.HasPrefix(progress[len(progress)-1], "error: ") {
		t.Errorf("said %q of a stack without a store: %s", progress, fault)
	}
}
