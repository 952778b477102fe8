//go:build unix

package live_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// What a list finds is what the provider has made, whether it runs or not; and what it names can be imported.
func TestList_FindsClustersOnThisMachine(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	name, theirs := k3d.NewName(), k3d.NewName()
	w := open(t, name, made(name, images.Node))

	t.Cleanup(func() { // whatever the workspace could not
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		if err := backend.Delete(ctx, name); err != nil {
			t.Error(err)
		}
	})

	w.apply()

	// A cluster of somebody else's looks like this, and need not run for that.
	node := strings.Fields(docker(t, "ps", "--quiet", "--filter", "label=k3d.cluster="+name, "--filter", "label=k3d.role=server"))[0]
	other := docker(t, "create", "--name", "k3d-"+theirs+"-server-0", "--label", "app=k3d", "--label", "k3d.cluster="+theirs,
		"--label", "k3d.role=server", docker(t, "inspect", "--format", "{{.Image}}", node))

	defer docker(t, "rm", "--force", "--volumes", other)

	for _, state := range []string{"running", "stopped"} {
		if state == "stopped" {
			docker(t, append([]string{"stop", "--time=1"}, strings.Fields(docker(t, "ps", "--quiet", "--filter", "label=k3d.cluster="+name))...)...)
		}

		all := listed(t)

		found, ok := all[name]
		if !ok || found.name != name+" (k3d)" || found.parts["flavor"] != "k3d" || len(found.parts) != 2 || found.plain["name"] != name {
			t.Fatalf("%s: listed %+v", state, all)
		}

		outputs, _ := found.plain["outputs"].(map[string]any)
		if running := outputs["running"]; running != map[string]any{"running": "true", "stopped": "false"}[state] {
			t.Errorf("%s: running is %v", state, running)
		}

		if _, ok := all[theirs]; ok {
			t.Errorf("%s: what somebody else made is listed", state)
		}
	}

	parts := listed(t)[name].parts

	w.does("state", "rm", clusterAddress)
	w.does("import", clusterAddress, fmt.Sprint(parts["flavor"], "/", parts["id"]))

	if does := w.plan().of(clusterAddress); does != "update" { // it is stopped
		t.Errorf("what was listed and imported: %s", does)
	}

	w.destroy()

	if _, ok := listed(t)[name]; ok {
		t.Error("what is gone is listed")
	}
}

// found is one result of a list.
type found struct {
	name         string
	parts, plain map[string]any
}

// listed asks the provider for the clusters of k3d as a CLI does that knows of lists, which no CLI at hand may do. They are
// told by their identifiers.
func listed(t *testing.T) map[string]found {
	t.Helper()

	const resource = "mlstacks_cluster"

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	server := provider.NewServer("test")

	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(t, err)

	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: sparse(t, schemas.Provider.ValueType(), nil)})
	must(t, err)
	nothingSaid(t, configured.Diagnostics)

	lists, ok := server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server hides its lists")
	}

	flavors := tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{tftypes.NewValue(tftypes.String, "k3d")})

	stream, err := lists.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: resource, IncludeResource: true,
		Config: sparse(t, schemas.ListResourceSchemas[resource].ValueType(), map[string]tftypes.Value{"flavors": flavors}),
	})
	must(t, err)

	all := map[string]found{}

	for result := range stream.Results {
		// Other tests make and delete clusters meanwhile: what cannot be read may be theirs, and is missing here then.
		if len(result.Diagnostics) > 0 || result.Identity == nil || result.Resource == nil {
			t.Logf("%s: %+v", result.DisplayName, result.Diagnostics)

			continue
		}

		one := found{
			name: result.DisplayName, parts: plain(t, result.Identity.IdentityData, identities.IdentitySchemas[resource].ValueType()),
			plain: plain(t, result.Resource, schemas.ResourceSchemas[resource].ValueType()),
		}

		id, _ := one.parts["id"].(string)
		all[id] = one
	}

	return all
}

func nothingSaid(t *testing.T, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()

	for _, d := range diagnostics {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
}

// sparse is a value of an object type of which only some attributes are not null.
func sparse(t *testing.T, of tftypes.Type, some map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()

	encoded, err := tfprotov6.NewDynamicValue(of, flavortest.Object(t, of, some))
	must(t, err)

	return &encoded
}

// plain are the attributes of a value that are not null.
func plain(t *testing.T, value *tfprotov6.DynamicValue, of tftypes.Type) map[string]any {
	t.Helper()

	decoded, err := value.Unmarshal(of)
	must(t, err)

	all, _, err := flavor.PlainMap(decoded)
	must(t, err)

	some := map[string]any{}

	for name, one := range all {
		if one != nil {
			some[name] = one
		}
	}

	return some
}
