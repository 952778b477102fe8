package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestIdentity_EveryResourceHasOne(t *testing.T) {
	t.Parallel()

	p := speak(t)

	for name := range p.schemas.ResourceSchemas {
		schema, ok := p.identities[name]
		if !ok {
			t.Errorf("%s has no identity", name)

			continue
		}

		required := 0

		for _, attribute := range schema.IdentityAttributes {
			if attribute.RequiredForImport {
				required++
			}

			if attribute.RequiredForImport == attribute.OptionalForImport || attribute.Description == "" {
				t.Errorf("%s.%s is neither required nor optional, or both, or says nothing of itself", name, attribute.Name)
			}
		}

		if required == 0 {
			t.Errorf("%s could be imported by an identity that says nothing", name)
		}
	}
}

func TestIdentity_OfAComponentLivesThroughItsLife(t *testing.T) {
	t.Parallel()

	const store = "mlstacks_artifact_store"

	p := speak(t)
	p.configure(nil)

	place := filepath.Join(t.TempDir(), "artifacts")
	want := map[string]string{"flavor": "local", "id": place}
	local := func(force bool) map[string]tftypes.Value {
		return map[string]tftypes.Value{"name": text("main"), "local": p.nested(store, "local", map[string]tftypes.Value{
			"path": text(place), "force_destroy": tftypes.NewValue(tftypes.Bool, force),
		})}
	}

	made, _ := p.apply(store, p.nothing(store), local(false))
	if got := p.parts(store, made.identity); !maps.Equal(got, want) {
		t.Fatalf("made as %v, want %v", got, want)
	}

	read := p.read(store, made)
	if got := p.parts(store, read.identity); !maps.Equal(got, want) {
		t.Errorf("read as %v", got)
	}

	changed, replaced := p.apply(store, read, local(true))
	if got := p.parts(store, changed.identity); replaced || !maps.Equal(got, want) {
		t.Errorf("changed to %v, replaced %t", got, replaced)
	}

	// A state of before there were identities, or of a CLI that knows of none.
	if got := p.parts(store, p.read(store, kept{state: changed.state, private: changed.private}).identity); !maps.Equal(got, want) {
		t.Errorf("read without an identity as %v", got)
	}

	if unread, _ := p.apply(store, kept{state: changed.state, private: changed.private}, local(false)); !maps.Equal(p.parts(store, unread.identity), want) {
		t.Errorf("changed without a refresh to %v", p.parts(store, unread.identity))
	}

	_, replaced = p.apply(store, changed, map[string]tftypes.Value{"name": text("main"), "azure_blob": p.nested(store, "azure_blob",
		map[string]tftypes.Value{"path": text("az://container/path"), "authentication_secret": text("azure")})})
	if !replaced {
		t.Error("another flavor is the same object")
	}

	byID, _ := p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: store, ID: "local/" + place})
	byIdentity, _ := p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: store, Identity: p.identity(store, want)})

	for how, imported := range map[string]kept{"identifier": byID, "identity": byIdentity} {
		if got := p.parts(store, imported.identity); !maps.Equal(got, want) {
			t.Errorf("imported by its %s as %v", how, got)
		}

		if plain := p.plain(store, imported); plain["name"] != "main" || plain["uri"] != place {
			t.Errorf("imported by its %s: %v", how, plain)
		}
	}

	must(t, os.RemoveAll(place))

	if gone := p.read(store, kept{state: changed.state, private: changed.private}); p.plain(store, gone)["name"] != nil {
		t.Error("what is gone is still there")
	}
}

// What is only recorded has no other identifier than its name, and a stack none at all: their identity goes with the name, so
// that importing by it always leads to what it says.
func TestIdentity_FollowsANameThatIsChangedInPlace(t *testing.T) {
	t.Parallel()

	p := speak(t)
	p.configure(nil)

	const store, stack, custom = "mlstacks_artifact_store", "mlstacks_stack", "mlstacks_flavor"

	blob := func(name string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"name": text(name), "azure_blob": p.nested(store, "azure_blob",
			map[string]tftypes.Value{"path": text("az://container/path"), "authentication_secret": text("azure")})}
	}

	was, _ := p.apply(store, p.nothing(store), blob("a"))
	is, replaced := p.apply(store, was, blob("b"))

	if want := map[string]string{"flavor": "azure_blob", "id": "b"}; replaced || !maps.Equal(p.parts(store, is.identity), want) {
		t.Errorf("renamed to %v, replaced %t", p.parts(store, is.identity), replaced)
	}

	imported, fault := p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: stack, Identity: p.identity(stack, map[string]string{"name": "prod"})})
	if fault != "" || !maps.Equal(p.parts(stack, imported.identity), map[string]string{"name": "prod"}) || p.plain(stack, imported)["id"] != "prod" {
		t.Errorf("imported %v: %s", p.parts(stack, imported.identity), fault)
	}

	parts := map[string]string{"component_type": "artifact_store", "name": "lakefs"}

	imported, fault = p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: custom, Identity: p.identity(custom, parts)})
	if fault != "" || !maps.Equal(p.parts(custom, imported.identity), parts) || p.plain(custom, imported)["id"] != "artifact_store/lakefs" {
		t.Errorf("imported %v: %s", p.parts(custom, imported.identity), fault)
	}
}

func TestIdentity_OfAComponentInAClusterSaysWhich(t *testing.T) {
	t.Parallel()

	p := speak(t)
	p.configure(nil)

	const store = "mlstacks_artifact_store"

	for want, parts := range map[string]map[string]string{
		"the identity has no cluster": {"flavor": "minio", "id": "mlstacks/main"},
		"the identity has one":        {"flavor": "local", "id": "/srv/ml", "cluster": "k3d/dev"},
		"not of the form":             {"flavor": "minio", "id": "main", "cluster": "k3d/dev"},
		`Did you mean "minio"?`:       {"flavor": "minoi", "id": "mlstacks/main"},
		"custom/<name of the flavor>": {"flavor": "custom", "id": "main"},
	} {
		_, fault := p.importing(&tfprotov6.ImportResourceStateRequest{TypeName: store, Identity: p.identity(store, parts)})
		if !strings.Contains(fault, want) {
			t.Errorf("%v: %s", parts, fault)
		}
	}

	parts := map[string]string{"flavor": "minio", "id": "mlstacks/main", "cluster": "kubeconfig/arn:aws:eks:eu-central-1:1:cluster/dev"}
	resp, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: store, Identity: p.identity(store, parts)})
	must(t, err)
	p.none(resp.Diagnostics)

	one := resp.ImportedResources[0]
	if got := p.parts(store, one.Identity); !maps.Equal(got, parts) {
		t.Errorf("imported as %v", got)
	}

	cluster := map[string]any{"name": "arn:aws:eks:eu-central-1:1:cluster/dev", "incarnation": nil, "reference": map[string]any{
		"type": "kubeconfig", "name": "arn:aws:eks:eu-central-1:1:cluster/dev",
	}}
	if got := p.plain(store, kept{state: one.State}); !reflect.DeepEqual(got["cluster"], any(cluster)) || got["id"] != "mlstacks/main" {
		t.Errorf("imported %v", got)
	}
}

// A state that was written before there were identities is upgraded, read and planned as ever.
func TestIdentity_IsGivenToStatesOfBefore(t *testing.T) {
	t.Parallel()

	p := speak(t)
	p.configure(nil)

	for file, parts := range map[string]map[string]string{
		"artifact_store": {"flavor": "azure_blob", "id": "artifacts"}, "stack": {"name": "laptop"},
	} {
		stored, err := os.ReadFile(filepath.Join("testdata", "state", file+"-v0.json"))
		must(t, err)

		name := "mlstacks_" + file

		upgraded, err := p.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: name, Version: 0, RawState: &tfprotov6.RawState{JSON: stored},
		})
		must(t, err)
		p.none(upgraded.Diagnostics)

		if got := p.parts(name, p.read(name, kept{state: upgraded.UpgradedState}).identity); !maps.Equal(got, parts) {
			t.Errorf("%s is read as %v, want %v", file, got, parts)
		}
	}
}
