package provider_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// listed is one result of a list.
type listed struct {
	name  string
	parts map[string]string
	plain map[string]any
	fault string
}

// list runs a list of which only some attributes are not null.
func (p protocol) list(ctx context.Context, resource string, some map[string]tftypes.Value, limit int64, whole bool) []listed {
	p.Helper()

	lists, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.Fatal("the server hides its lists")
	}

	schema, ok := p.schemas.ListResourceSchemas[resource]
	if !ok {
		p.Fatalf("%s has no list", resource)
	}

	stream, err := lists.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: resource, Config: p.dynamic(flavortest.Object(p.T, schema.ValueType(), some)), IncludeResource: whole, Limit: limit,
	})
	must(p.T, err)

	var all []listed

	for result := range stream.Results {
		one := listed{name: result.DisplayName, fault: said(result.Diagnostics)}
		if result.Identity != nil && one.fault == "" {
			one.parts = p.parts(resource, result.Identity)
		}

		if result.Resource != nil && one.fault == "" {
			one.plain = p.plain(resource, kept{state: result.Resource})
		}

		all = append(all, one)
	}

	return all
}

func (p protocol) refused(resource string, some map[string]tftypes.Value) string {
	p.Helper()

	lists, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.Fatal("the server hides its lists")
	}

	resp, err := lists.ValidateListResourceConfig(p.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: resource, Config: p.dynamic(flavortest.Object(p.T, p.schemas.ListResourceSchemas[resource].ValueType(), some)),
	})
	must(p.T, err)

	return said(resp.Diagnostics)
}

func texts(values ...string) tftypes.Value {
	elements := []tftypes.Value{}
	for _, value := range values {
		elements = append(elements, text(value))
	}

	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

func TestList_FindsComponentsByTheirMarkersBelowADirectory(t *testing.T) {
	t.Parallel()

	const store, tracker = "mlstacks_artifact_store", "mlstacks_experiment_tracker"

	p := speak(t)
	p.configure(nil)

	root := t.TempDir()
	at := func(path string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"path": text(filepath.Join(root, path))}
	}
	made := map[string]kept{}

	for _, name := range []string{"a", "b"} {
		made[name], _ = p.apply(store, p.nothing(store), map[string]tftypes.Value{"name": text(name), "local": p.nested(store, "local", at("team/"+name))})
	}

	p.apply(tracker, p.nothing(tracker), map[string]tftypes.Value{"name": text("runs"), "mlflow_local": p.nested(tracker, "mlflow_local", at("team/runs"))})
	must(t, os.MkdirAll(filepath.Join(root, "somebody's"), 0o755))

	where := map[string]tftypes.Value{"directory": text(root)}
	all := p.list(t.Context(), store, where, 0, true)

	if len(all) != 2 {
		t.Fatalf("found %v", all)
	}

	for _, one := range all {
		name, _ := one.plain["name"].(string)
		want := filepath.Join(root, "team", name)

		if one.fault != "" || one.name != name+" (local, "+want+")" || !maps.Equal(one.parts, map[string]string{"flavor": "local", "id": want}) {
			t.Errorf("found %+v", one)
		}

		// As an import by its identity would read it.
		imported, _ := p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: store, Identity: p.identity(store, one.parts)})
		if got := p.plain(store, imported); got["uri"] != one.plain["uri"] || got["name"] != one.plain["name"] {
			t.Errorf("imported %v, listed %v", got, one.plain)
		}
	}

	if some := p.list(t.Context(), store, where, 1, false); len(some) != 1 || some[0].plain != nil {
		t.Errorf("a list of one has %v", some)
	}

	if none := p.list(t.Context(), store, map[string]tftypes.Value{"directory": text(filepath.Join(root, "somebody's"))}, 0, false); len(none) != 0 {
		t.Errorf("found %v", none)
	}

	if trackers := p.list(t.Context(), tracker, where, 0, false); len(trackers) != 1 || trackers[0].parts["flavor"] != "mlflow_local" {
		t.Errorf("found %v", trackers)
	}

	missing := p.list(t.Context(), store, map[string]tftypes.Value{"directory": text(filepath.Join(root, "none"))}, 0, false)
	if len(missing) != 1 || !strings.Contains(missing[0].fault, "Cannot list artifact store of flavor local") {
		t.Errorf("a directory that is not there: %v", missing)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if ended := p.list(ctx, store, where, 0, false); len(ended) != 1 || !strings.Contains(ended[0].fault, "context canceled") {
		t.Errorf("a list that was interrupted: %v", ended)
	}
}

func TestList_RefusesToLookNowhere(t *testing.T) {
	t.Parallel()

	p := speak(t)

	const store, validator = "mlstacks_artifact_store", "mlstacks_data_validator"

	for want, fault := range map[string]string{
		"Nowhere to look":             p.refused(validator, nil),
		"is looked for in a cluster":  p.refused(store, map[string]tftypes.Value{"flavors": texts("minio")}),
		`Did you mean "minio"?`:       p.refused(store, map[string]tftypes.Value{"flavors": texts("minoi")}),
		"makes nothing that could be": p.refused(store, map[string]tftypes.Value{"flavors": texts("azure_blob")}),
		"not of the form":             p.refused(store, map[string]tftypes.Value{"cluster": text("dev")}),
	} {
		if !strings.Contains(fault, want) {
			t.Errorf("said %q, want %q", fault, want)
		}
	}

	if fault := p.refused(store, nil) + p.refused("mlstacks_cluster", nil); fault != "" {
		t.Error(fault)
	}

	unknown := map[string]tftypes.Value{"directory": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
	if fault := p.refused(validator, unknown); fault != "" {
		t.Errorf("what is not known yet is refused: %s", fault)
	}
}

func TestList_IsOfResourcesWithTheSameName(t *testing.T) {
	t.Parallel()

	p := speak(t)

	metadata, err := p.server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	must(t, err)
	p.none(metadata.Diagnostics)

	if len(metadata.ListResources) != len(p.schemas.ListResourceSchemas) || len(metadata.ListResources) < 10 {
		t.Errorf("%d lists, %d schemas", len(metadata.ListResources), len(p.schemas.ListResourceSchemas))
	}

	for _, one := range metadata.ListResources {
		if _, ok := p.identities[one.TypeName]; !ok {
			t.Errorf("%s is no resource with an identity", one.TypeName)
		}
	}

	var names []string
	for _, one := range metadata.Actions {
		names = append(names, one.TypeName)
	}

	slices.Sort(names)

	if !slices.Equal(names, []string{"mlstacks_check_stack", "mlstacks_restart_component"}) {
		t.Errorf("actions: %v", names)
	}
}

// Older CLIs get the schemas of lists and actions with all the others: they must not cost much.
func TestList_SchemasAreSmall(t *testing.T) {
	t.Parallel()

	began := time.Now()
	p := speak(t)
	took := time.Since(began)
	size := func(of any) int {
		text, err := json.Marshal(of)
		must(t, err)

		return len(text)
	}

	all, more := size(p.schemas.ResourceSchemas), size(p.schemas.ListResourceSchemas)+size(p.schemas.ActionSchemas)
	t.Logf("%d bytes of resources, %d of lists and actions, %d of identities; %s", all, more, size(p.identities), took)

	if more > all/10 {
		t.Errorf("lists and actions have %d bytes, and the resources %d", more, all)
	}
}
