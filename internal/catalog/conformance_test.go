package catalog_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// changes are values that an example can be changed to in place, beside switches, which are turned over: by kind, flavor
// and attribute.
var changes = map[string]map[string]any{
	"metadata_store.sqlite":      {"mode": "0640"},
	"secrets_manager.local_file": {"mode": "0640"},
	"experiment_tracker.mlflow":  {"tracking_token_secret": "mlflow.token"}, // ZenML takes no server without a login
	"metadata_store.dvc":         {"url": "gs://acme/elsewhere"},
	"model_registry.dvc":         {"url": "gs://acme/elsewhere"},
	"orchestrator.dvc": {"stages": map[string]any{
		"evaluate": map[string]any{"cmd": "python evaluate.py", "wdir": "src", "metrics": []any{"metrics.json"}, "params": []any{"train.yaml:lr,epochs"}},
	}},
}

// others are components in AWS that examples refer to, as they are given to a flavor.
var others = map[string]any{
	"mlstacks_artifact_store": map[string]any{
		"name": "artifacts", "type": "artifact_store", "flavor": "s3",
		"outputs": map[string]any{"bucket": "acme-ml-artifacts", "region": aws.Region, "arn": "arn:aws:s3:::acme-ml-artifacts"},
	},
	"mlstacks_container_registry": map[string]any{
		"name": "images", "type": "container_registry", "flavor": "ecr", "outputs": map[string]any{
			"registry": "123456789012.dkr.ecr." + aws.Region + ".amazonaws.com", "repository": "acme/ml", "repositories": "acme/ml",
			"region": aws.Region, "account": "123456789012", "arn": "arn:aws:ecr:" + aws.Region + ":123456789012:repository/acme/ml",
		},
	},
}

// asked are flavors that ask a service elsewhere whether it is there, and the attributes with its address.
var asked = map[string]string{"zenml_server": "url"}

// greets is the address of a double that says what a ZenML server says of itself, and lets everybody in.
var greets = sync.OnceValue(func() string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")

		switch r.URL.Path {
		case "/api/v1/info":
			fmt.Fprintf(w, `{"version": %q}`, zenml.Version)
		case "/api/v1/login":
			fmt.Fprint(w, `{"access_token": "token", "token_type": "bearer", "expires_in": 3600}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})).URL
})

// A flavor is tried with its example, so that a new one is covered by what it needs anyway.
func TestConformance_EveryFlavor(t *testing.T) {
	t.Parallel()

	each(func(kind flavor.Kind, f flavor.Flavor) {
		t.Run(kind.Name+"."+f.Name, func(t *testing.T) {
			t.Parallel()

			e := readExample(t, kind, f)
			flavortest.Conform(t, kind, f, flavortest.Sample{
				Config: e.config, Changed: e.changed(kind, f), Connector: e.connector(t), Clouds: clouds(f),
			})
		})
	})
}

// needsNetwork are flavors whose examples name subnets, which are somebody's own. Their own tests have some.
var needsNetwork = map[string]bool{"rds": true}

// clouds are logins to an account of the check's own, where there is a double of AWS; nil where there is none.
func clouds(f flavor.Flavor) func(*testing.T) flavor.Clouds {
	if os.Getenv(aws.Variable) == "" || needsNetwork[f.Name] {
		return nil
	}

	return func(t *testing.T) flavor.Clouds {
		t.Helper()

		return flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(aws.Start(t).Login())}}
	}
}

// A change that no flavor is tried with is a slip of the pen.
func TestConformance_ChangesAreOfFlavors(t *testing.T) {
	t.Parallel()

	left := maps.Clone(changes)
	each(func(kind flavor.Kind, f flavor.Flavor) { delete(left, kind.Name+"."+f.Name) })

	for name := range left {
		t.Errorf("there is no flavor %s", name)
	}
}

// example is the resource that shows a flavor.
type example struct {
	flavor string
	// amazon says that the flavor is in AWS, and refers to components there.
	amazon    bool
	resource  *hclsyntax.Body
	variables map[string]hclsyntax.Expression
}

func readExample(t *testing.T, kind flavor.Kind, f flavor.Flavor) example {
	t.Helper()

	path := filepath.Join("..", "..", "examples", "resources", "mlstacks_"+kind.Name, "resource.tf")

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	file, diags := hclsyntax.ParseConfig(text, path, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatalf("%s has a body of type %T", path, file.Body)
	}

	e := example{flavor: f.Name, amazon: f.Cloud == amazon.Cloud, variables: map[string]hclsyntax.Expression{}}

	for _, block := range body.Blocks {
		switch {
		case block.Type == "variable" && block.Body.Attributes["default"] != nil:
			e.variables[block.Labels[0]] = block.Body.Attributes["default"].Expr
		case block.Type == "resource" && block.Labels[0] == "mlstacks_"+kind.Name && block.Labels[1] == f.Name:
			e.resource = block.Body
		}
	}

	if e.resource == nil || e.resource.Attributes[f.Name] == nil {
		t.Fatalf("%s has no resource %q that sets %s", path, f.Name, f.Name)
	}

	return e
}

// config evaluates the flavor with dir in the place of path.module, and makes the repository that is to be there.
func (e example) config(t *testing.T, dir string) map[string]any {
	t.Helper()

	config, ok := e.evaluate(t, e.resource.Attributes[e.flavor].Expr, dir).(map[string]any)
	if !ok {
		t.Fatalf("%s is not an object", e.flavor)
	}

	if e.amazon && config["bucket"] != nil { // buckets are the one thing that all accounts share
		sum := sha256.Sum256([]byte(dir))
		config["bucket"] = fmt.Sprintf("acme-ml-%x", sum[:6])
	}

	if attribute := asked[e.flavor]; attribute != "" {
		config[attribute] = greets()
	}

	if repository, ok := config["repository"].(string); ok && strings.HasPrefix(repository, dir) {
		config["repository"] = filepath.Clean(repository)

		if err := os.MkdirAll(repository, 0o750); err != nil {
			t.Fatal(err)
		}
	}

	return config
}

// changed is the example with every switch turned over, and with the changes listed above.
func (e example) changed(kind flavor.Kind, f flavor.Flavor) flavortest.Make {
	return func(t *testing.T, dir string) map[string]any {
		t.Helper()

		config := e.config(t, dir)

		for name, attribute := range f.Attributes(kind) {
			if of, ok := attribute.(schema.BoolAttribute); ok {
				config[name] = !isOn(t, of, config[name])
			}
		}

		maps.Copy(config, changes[kind.Name+"."+f.Name])

		return config
	}
}

// isOn is the state of a switch: as written, or its default.
func isOn(t *testing.T, of schema.BoolAttribute, written any) bool {
	t.Helper()

	if on, ok := written.(bool); ok || of.Default == nil {
		return on
	}

	var resp defaults.BoolResponse

	of.Default.DefaultBool(t.Context(), defaults.BoolRequest{}, &resp)

	return resp.PlanValue.ValueBool()
}

func (e example) connector(t *testing.T) *zenml.Connector {
	t.Helper()

	attribute := e.resource.Attributes["connector"]
	if attribute == nil {
		return nil
	}

	plain, ok := e.evaluate(t, attribute.Expr, "").(map[string]any)
	if !ok {
		t.Fatal("connector is not an object")
	}

	connector, known := slot.Connector(plain)
	if !known {
		t.Fatalf("connector is not known: %v", plain)
	}

	return connector
}

// evaluate computes what an example says: objects, lists, texts, numbers, variables by their defaults, path.module and
// jsonencode. Whatever else an example comes to say is added here.
func (e example) evaluate(t *testing.T, expression hclsyntax.Expression, dir string) any {
	t.Helper()

	switch x := expression.(type) {
	case *hclsyntax.ObjectConsExpr:
		object := map[string]any{}
		for _, item := range x.Items {
			object[e.key(t, item.KeyExpr, dir)] = e.evaluate(t, item.ValueExpr, dir)
		}

		return object
	case *hclsyntax.TupleConsExpr:
		list := make([]any, 0, len(x.Exprs))
		for _, element := range x.Exprs {
			list = append(list, e.evaluate(t, element, dir))
		}

		return list
	case *hclsyntax.TemplateExpr:
		var text strings.Builder
		for _, part := range x.Parts {
			fmt.Fprint(&text, e.evaluate(t, part, dir))
		}

		return text.String()
	case *hclsyntax.TemplateWrapExpr:
		return e.evaluate(t, x.Wrapped, dir)
	case *hclsyntax.ParenthesesExpr:
		return e.evaluate(t, x.Expression, dir)
	case *hclsyntax.ScopeTraversalExpr:
		return e.reference(t, x, dir)
	case *hclsyntax.FunctionCallExpr:
		return e.call(t, x, dir)
	default:
		return literal(t, expression)
	}
}

func (e example) key(t *testing.T, expression hclsyntax.Expression, dir string) string {
	t.Helper()

	if word := hcl.ExprAsKeyword(expression); word != "" {
		return word
	}

	if wrapped, ok := expression.(*hclsyntax.ObjectConsKeyExpr); ok {
		expression = wrapped.Wrapped
	}

	return fmt.Sprint(e.evaluate(t, expression, dir))
}

func (e example) reference(t *testing.T, x *hclsyntax.ScopeTraversalExpr, dir string) any {
	t.Helper()

	if strings.HasPrefix(x.Traversal.RootName(), "mlstacks_") {
		if e.amazon {
			return others[x.Traversal.RootName()]
		}

		return nil // another component: a flavor does without, or its own tests have one
	}

	if step, ok := x.Traversal[min(1, len(x.Traversal)-1)].(hcl.TraverseAttr); ok && len(x.Traversal) == 2 {
		switch standard, known := e.variables[step.Name]; {
		case x.Traversal.RootName() == "path" && step.Name == "module":
			return dir
		case x.Traversal.RootName() == "var" && known:
			return e.evaluate(t, standard, dir)
		}
	}

	t.Fatalf("%s: examples of flavors refer to path.module and to variables with a default only", x.Range())

	return nil
}

func (e example) call(t *testing.T, x *hclsyntax.FunctionCallExpr, dir string) any {
	t.Helper()

	if x.Name != "jsonencode" || len(x.Args) != 1 {
		t.Fatalf("%s: the function %s cannot be evaluated here", x.Range(), x.Name)
	}

	text, err := json.Marshal(e.evaluate(t, x.Args[0], dir))
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// literal is a value without references in it.
func literal(t *testing.T, expression hclsyntax.Expression) any {
	t.Helper()

	value, diags := expression.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	switch kind := value.Type().FriendlyName(); {
	case value.IsNull():
		return nil
	case kind == "string":
		return value.AsString()
	case kind == "bool":
		return value.True()
	case kind == "number":
		if whole, accuracy := value.AsBigFloat().Int64(); accuracy == big.Exact {
			return whole
		}

		fraction, _ := value.AsBigFloat().Float64()

		return fraction
	default:
		t.Fatalf("%s: a value of type %s cannot be evaluated here", expression.Range(), kind)

		return nil
	}
}
