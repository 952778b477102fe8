package zenml

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestCoerce_ReadsTextAsZenMLDoes(t *testing.T) {
	t.Parallel()
	refused := struct{}{}
	for _, c := range []struct {
		kind      string
		in, want  any
		nullValue bool
	}{
		{kind: "int", in: " +1_000.00 ", want: int64(1000)},
		{kind: "int", in: "1.", want: refused},
		{kind: "int", in: "1e3", want: refused},
		{kind: "int", in: true, want: int64(1)},
		{kind: "int", in: 1.5, want: refused},
		{kind: "int", in: json.Number("2.0"), want: int64(2)},
		{kind: "int", in: "100000000000000000000", want: json.Number("100000000000000000000")},
		{kind: "int", in: "_1", want: refused},
		{kind: "float", in: "1e3", want: 1000.0},
		{kind: "float", in: 1, want: 1.0},
		{kind: "float", in: "0x1p3", want: refused},
		{kind: "float", in: "1_0", want: 10.0},
		{kind: "bool", in: "Yes", want: true},
		{kind: "bool", in: "0", want: false},
		{kind: "bool", in: 2, want: refused},
		{kind: "bool", in: " true", want: refused},
		{kind: "string", in: 1, want: refused},
		{kind: "string", in: "{{a.b}}", want: "{{a.b}}"},
		{kind: "string", in: nil, want: refused},
		{kind: "string", in: nil, want: nil, nullValue: true},
		{kind: "int", in: "{{a.b}}", want: refused},
		{kind: "bool", in: Unknown{}, want: Unknown{}},
		{kind: "list", in: `["a"]`, want: []any{"a"}},
		{kind: "list", in: "a", want: refused},
		{kind: "list", in: []any{Unknown{}}, want: []any{Unknown{}}},
		{kind: "map", in: `{"a": "b"}`, want: map[string]any{"a": "b"}},
		{kind: "map", in: `{"a": 1}`, want: refused},
	} {
		f := Field{Name: "x", Type: c.kind, Nullable: c.nullValue, SecretReference: true, Element: &Field{Type: "string"}}
		got, err := f.Coerce(c.in)
		switch {
		case c.want == refused && err == nil:
			t.Errorf("%s of %v: want an error, got %v", c.kind, c.in, got)
		case c.want != refused && (err != nil || !reflect.DeepEqual(got, c.want)):
			t.Errorf("%s of %v: want %v, got %v, %v", c.kind, c.in, c.want, got, err)
		}
	}
}

func TestCoerce_HidesSecretsInErrors(t *testing.T) {
	t.Parallel()
	_, err := Field{Name: "token", Type: "int", Secret: true}.Coerce("hunter2")
	if err == nil || err.Error() != `field "token": the value is not a whole number` {
		t.Errorf("got %v", err)
	}
}

func TestNormalize_StoresWhatZenMLStores(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, flavor string
		in, want     map[string]any
	}{
		{"artifact_store", "s3", conf{"path": "'s3://b'", "client_kwargs": `{"endpoint_url": "http://m/"}`}, conf{"path": "s3://b", "client_kwargs": conf{"endpoint_url": "http://m"}}},
		{"orchestrator", "kubernetes", conf{"local": "true", "max_api_retries": "3", "concurrency_policy": "FORBID"}, conf{"local": true, "max_api_retries": int64(3), "concurrency_policy": "Forbid"}},
		{"orchestrator", "sagemaker", conf{"processor_role": "r", "instance_type": "x"}, conf{"execution_role": "r", "instance_type": "x"}},
		{"container_registry", "default", conf{"uri": Unknown{}}, conf{"uri": Unknown{}}},
		{"log_store", "datadog", conf{"site": "datadoghq.eu"}, conf{"site": "datadoghq.eu", "endpoint": "https://http-intake.logs.datadoghq.eu/api/v2/logs"}},
	} {
		f, _ := Lookup(c.kind, c.flavor)
		if got := f.Normalize(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s/%s: want %v, got %v", c.kind, c.flavor, c.want, got)
		}
	}
}

func TestFacts_DescribeEveryFlavor(t *testing.T) {
	t.Parallel()
	if facts().ZenML != Version {
		t.Errorf("the facts are of ZenML %s, the code of %s", facts().ZenML, Version)
	}
	if len(Types()) != 15 || len(Flavors()) != 82 {
		t.Errorf("got %d types and %d flavors", len(Types()), len(Flavors()))
	}
	f, ok := Lookup("orchestrator", "kubernetes")
	field, has := f.Field("kubernetes_namespace")
	if !ok || !has || field.Default != "zenml" || f.Connector == nil || f.Connector.ResourceType != "kubernetes-cluster" {
		t.Errorf("got %+v, %+v", f.Connector, field)
	}
}

func TestShow_WritesAValueAsSomebodyWroteIt(t *testing.T) {
	t.Parallel()

	for value, want := range map[string]string{
		"https://example.com/?a=1&b=<x>":    `"https://example.com/?a=1&b=<x>"`,
		"https://user:hunter2@example.com/": `"https://…@example.com/"`,
	} {
		if got := (Field{}).show(value); got != want {
			t.Errorf("%s is shown as %s", value, got)
		}
	}
}
