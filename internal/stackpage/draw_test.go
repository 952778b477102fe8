package stackpage

import (
	"errors"
	"html"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

func source() *DataSource {
	return New(catalog.Kinds(), func() []compose.Candidate { return stack.Candidates(catalog.Kinds()) })
}

// value makes a Terraform value of plain Go; what is not given is null.
func value(of tftypes.Type, plain any) tftypes.Value {
	switch given := plain.(type) {
	case nil:
		return tftypes.NewValue(of, nil)
	case map[string]any:
		inner := map[string]tftypes.Value{}

		if object, ok := of.(tftypes.Object); ok {
			for name, attribute := range object.AttributeTypes {
				inner[name] = value(attribute, given[name])
			}
		} else {
			for name, element := range given {
				inner[name] = value(tftypes.String, element)
			}
		}

		return tftypes.NewValue(of, inner)
	case []any:
		list, _ := of.(tftypes.List)
		inner := []tftypes.Value{}

		for _, element := range given {
			inner = append(inner, value(list.ElementType, element))
		}

		return tftypes.NewValue(of, inner)
	default:
		return tftypes.NewValue(of, given)
	}
}

func whole(t *testing.T, plain any) tftypes.Value {
	t.Helper()

	return value(stack.Type(catalog.Kinds()).TerraformType(t.Context()), plain)
}

func part(kind, name, flavor, zenml string, more map[string]any) map[string]any {
	p := map[string]any{
		"name": name, "type": kind, "flavor": flavor, "zenml": map[string]any{"flavor": zenml, "configuration": map[string]any{}},
	}
	maps.Copy(p, more)

	return p
}

func cluster(way, name string) map[string]any {
	return map[string]any{"name": name, "reference": map[string]any{"type": way, "name": name}, "incarnation": "1"}
}

func view(flavor string, configuration map[string]any) map[string]any {
	return map[string]any{"flavor": flavor, "configuration": configuration}
}

// mixed is a stack in two clusters, AWS, and a custom flavor.
func mixed() map[string]any {
	return map[string]any{
		"name":         "prod",
		"orchestrator": part("orchestrator", "pipelines", "kubernetes", "kubernetes", map[string]any{"cluster": cluster("k3d", "dev")}),
		"artifact_store": part("artifact_store", "artifacts", "s3", "s3", map[string]any{
			"uri": "s3://acme-ml/team", "connector": map[string]any{"type": "aws", "name": "aws-prod"},
			"zenml": view("s3", map[string]any{"path": "s3://acme-ml/team", "client_kwargs": `{"region_name":"eu-central-1"}`}),
		}),
		"container_registry": part("container_registry", "images", "ecr", "aws", map[string]any{
			"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com", "zenml": view("aws", map[string]any{"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com"}),
		}),
		"monitoring":          part("monitoring", "metrics", "prometheus", "", map[string]any{"cluster": cluster("eks", "prod"), "zenml": nil}),
		"feature_store":       part("feature_store", "features", "custom/lakefs", "lakefs", nil),
		"alerter":             part("alerter", "chat", "slack", "slack", map[string]any{"zenml": view("slack", map[string]any{"slack_token": "{{slack.token}}"})}),
		"additional_alerters": []any{part("alerter", "ops", "discord", "discord", map[string]any{"zenml": view("discord", map[string]any{"discord_token": "{{discord.token}}"})})},
	}
}

func draw(t *testing.T, plain map[string]any) string {
	t.Helper()

	text, err := source().draw(whole(t, plain))
	if err != nil {
		t.Fatal(err)
	}

	return html.UnescapeString(text)
}

func TestDraw_ShowsWhereEachComponentRuns(t *testing.T) {
	t.Parallel()

	text := draw(t, mixed())
	for _, want := range []string{
		"7 components in 5 places",
		"The orchestrator pipelines (kubernetes) runs pipelines that use the other components. Kubernetes cluster dev (k3d): orchestrator pipelines (kubernetes). ",
		"Amazon Web Services: artifact store artifacts (s3), container registry images (ecr).",
		"Kubernetes cluster prod (eks): monitoring metrics (prometheus).",
		"Custom flavors: feature store features (custom/lakefs).",
		"Services elsewhere: alerter chat (slack), alerter ops (discord).",
		`href="https://console.aws.amazon.com/s3/buckets/acme-ml?prefix=team%2F&region=eu-central-1"`,
		`subgraph p0["Kubernetes cluster dev (k3d)"]`,
		"zenml secret create slack --interactive", "zenml stack set prod", "aws-prod",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}

	if len(text) > 60_000 {
		t.Errorf("the page takes %d bytes", len(text))
	}
}

func TestDraw_LeadsToAmazonOnlyWhatIsThere(t *testing.T) {
	t.Parallel()

	stack := mixed()
	stack["artifact_store"] = part("artifact_store", "artifacts", "s3", "s3", map[string]any{
		"uri":   "s3://acme-ml/team",
		"zenml": view("s3", map[string]any{"path": "s3://acme-ml/team", "client_kwargs": `{"endpoint_url":"https://storage.example.com"}`}),
	})

	if text := draw(t, stack); strings.Contains(text, "console.aws") || !strings.Contains(text, "s3://acme-ml/team") {
		t.Error("the bucket is not in AWS")
	}
}

// What the stack would be refused for is on the page of one that was written by hand.
func TestDraw_ShowsErrorsAndWaivers(t *testing.T) {
	t.Parallel()

	stack := mixed()
	stack["artifact_store"] = part("artifact_store", "artifacts", "local", "local", map[string]any{"uri": "/srv/artifacts"})

	if text := draw(t, stack); !strings.Contains(text, "Cannot work: ") || !strings.Contains(text, `<span class="pill bad">Error</span>`) {
		t.Error("the page does not say that the stack cannot work")
	}

	rule := ""

	for _, p := range judged(t, stack) {
		if p.Severity == compose.Error {
			rule = p.ID
		}
	}

	stack["waive"] = []any{rule}

	if text := draw(t, stack); !strings.Contains(text, `<span class="pill fair">Waived</span> <code>`+rule+`</code>`) {
		t.Errorf("the page does not say that %s is waived", rule)
	}
}

func judged(t *testing.T, plain map[string]any) []compose.Problem {
	t.Helper()

	d := source()

	read, err := stack.Read(d.kinds, d.candidates, whole(t, plain))
	if err != nil {
		t.Fatal(err)
	}

	return read.Findings()
}

func TestDraw_RefusesWhatIsNoStack(t *testing.T) {
	t.Parallel()

	nameless, broken := mixed(), mixed()
	delete(nameless, "name")

	broken["orchestrator"] = map[string]any{"name": "x"}

	for name, plain := range map[string]any{"null": nil, "unknown": tftypes.UnknownValue, "nameless": nameless, "a component without a type": broken} {
		if _, err := source().draw(whole(t, plain)); !errors.Is(err, errNoStack) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead_AnswersWithThePageOrWithWhatToGive(t *testing.T) {
	t.Parallel()

	d := source()

	var schema datasource.SchemaResponse

	d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)

	for name, c := range map[string]struct {
		stack any
		says  string
	}{"a stack": {mixed(), ""}, "nothing": {nil, "Give the whole stack: stack = mlstacks_stack.<name>."}} {
		raw := tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), map[string]tftypes.Value{
			"stack": whole(t, c.stack), "html": tftypes.NewValue(tftypes.String, nil),
		})
		resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema.Schema}}
		d.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}}, &resp)

		if c.says != "" {
			if !resp.Diagnostics.HasError() || !strings.Contains(resp.Diagnostics[0].Detail(), c.says) {
				t.Errorf("%s: %v", name, resp.Diagnostics)
			}

			continue
		}

		answer := map[string]tftypes.Value{}
		if err := resp.State.Raw.As(&answer); err != nil || resp.Diagnostics.HasError() {
			t.Fatalf("%s: %v, %v", name, err, resp.Diagnostics)
		}

		var text string
		if err := answer["html"].As(&text); err != nil || !strings.HasPrefix(text, "<!DOCTYPE html>") || !answer["stack"].Equal(whole(t, mixed())) {
			t.Errorf("%s: %v: %.40s", name, err, text)
		}
	}
}
