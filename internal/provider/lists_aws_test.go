package provider_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// login is the provider block of who logs in to a double.
func (p protocol) login(double *aws.Double, region string) map[string]tftypes.Value {
	p.Helper()

	block, ok := p.schemas.Provider.ValueType().(tftypes.Object)
	if !ok {
		p.Fatal("no provider block")
	}

	login := double.Login()
	endpoints := map[string]tftypes.Value{}

	for service, endpoint := range login.Endpoints {
		endpoints[service] = text(endpoint)
	}

	return map[string]tftypes.Value{"aws": flavortest.Object(p.T, block.AttributeTypes["aws"], map[string]tftypes.Value{
		"region": text(region), "access_key": text(login.AccessKey), "secret_key": text(login.SecretKey),
		"endpoints": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, endpoints),
	})}
}

// What a list finds in AWS is what a state says of it, and importing by that identity finds it from any region and from no
// other account.
func TestList_FindsComponentsInAWSThatCanBeImported(t *testing.T) {
	t.Parallel()

	const registry = "mlstacks_container_registry"

	double := aws.Start(t)
	p := speak(t)
	p.configure(p.login(double, aws.Region))

	made, _ := p.apply(registry, p.nothing(registry), map[string]tftypes.Value{
		"name": text("images"), "ecr": p.nested(registry, "ecr", map[string]tftypes.Value{"repository": text("acme/ml")}),
	})
	want := map[string]string{"flavor": "ecr", "id": "acme/ml", "account": double.Account, "region": aws.Region}

	if got := p.parts(registry, made.identity); !maps.Equal(got, want) {
		t.Fatalf("made as %v, want %v", got, want)
	}

	all := p.list(t.Context(), registry, nil, 100, true)
	if len(all) != 1 || all[0].fault != "" || !maps.Equal(all[0].parts, want) || all[0].plain["name"] != "images" || all[0].name != "images (ecr, acme/ml)" {
		t.Fatalf("listed %+v", all)
	}

	elsewhere := speak(t)
	elsewhere.configure(elsewhere.login(double, "eu-west-3"))

	if none := elsewhere.list(t.Context(), registry, nil, 0, false); len(none) != 0 {
		t.Errorf("another region has %+v", none)
	}

	if found := elsewhere.list(t.Context(), registry, map[string]tftypes.Value{"region": text(aws.Region)}, 0, true); len(found) != 1 || found[0].plain["name"] != "images" {
		t.Errorf("listed %+v from another region", found)
	}

	imported, fault := elsewhere.importing(&tfprotov6.ImportResourceStateRequest{TypeName: registry, Identity: p.identity(registry, want)})
	if fault != "" || elsewhere.plain(registry, imported)["name"] != "images" || !maps.Equal(p.parts(registry, imported.identity), want) {
		t.Errorf("imported %v: %s", p.parts(registry, imported.identity), fault)
	}

	other := maps.Clone(want)
	other["account"] = "999999999999"

	resp, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: registry, Identity: p.identity(registry, other)})
	must(t, err)
	p.none(resp.Diagnostics)

	one := resp.ImportedResources[0]
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: registry, CurrentState: one.State, CurrentIdentity: one.Identity, Private: one.Private,
	})
	must(t, err)

	if fault := said(read.Diagnostics); !strings.Contains(fault, "identity is of account 999999999999") {
		t.Errorf("said %q of another account", fault)
	}
}
