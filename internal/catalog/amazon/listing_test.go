package amazon_test

import (
	"slices"
	"strings"
	"testing"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/inventory"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// listable are configurations of flavors in AWS beside those that only grant; each is made with the double's account in
// the place of ACCOUNT.
func listable() map[string]map[string]any {
	all := map[string]map[string]any{
		"artifact_store.s3":      {"bucket": "mlstacks-list-ACCOUNT"},
		"container_registry.ecr": {"repository": "acme/list"},
		"secrets_manager.aws":    {},
		"monitoring.cloudwatch":  {},
		"image_builder.codebuild": {
			"artifact_store": store(), "container_registry": registry(),
		},
	}

	for name, config := range granting() {
		delete(config, "role_path") // IAM is asked below the standard path alone

		all[name] = config
	}

	return all
}

// What was made is found by its tags, under the identifier that its state has.
func TestList_FindsWhatWasMade(t *testing.T) {
	t.Parallel()

	for name, config := range listable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if bucket, ok := config["bucket"].(string); ok {
				double := awstest.Start(t)
				config["bucket"] = strings.ReplaceAll(bucket, "ACCOUNT", double.Account)
			}

			m := createAny(t, name, config)

			lister, ok := m.flavor.Lister()
			if !ok {
				t.Fatal("cannot be listed")
			}

			in := flavor.Input{Kind: m.in.Kind, Managed: true, Clouds: m.in.Clouds}

			found := listed(t, lister, in)
			if len(found) != 1 || found[0].ID != m.result.ID || found[0].Name != "main" || found[0].Region != awstest.Region {
				t.Fatalf("found %+v, made %q", found, m.result.ID)
			}

			if account := m.result.Outputs["account"]; found[0].Account != account {
				t.Errorf("found in account %q, and the outputs tell %q", found[0].Account, account)
			}

			in.Kind = "alerter"
			if found := listed(t, lister, in); len(found) != 0 {
				t.Errorf("found what is another kind's: %+v", found)
			}

			in.Kind, in.Clouds = m.in.Kind, m.in.Clouds.At(amazon.Cloud, "eu-west-3")
			if found := listed(t, lister, in); len(found) != 0 && name != "artifact_store.s3" { // the double has buckets in all regions
				t.Errorf("found in another region: %+v", found)
			}
		})
	}
}

// createAny is create for any flavor of the catalog.
func createAny(t *testing.T, name string, config map[string]any) made {
	t.Helper()

	kindName, flavorName, _ := strings.Cut(name, ".")
	at := slices.IndexFunc(catalog.Kinds(), func(k flavor.Kind) bool { return k.Name == kindName })
	kind := catalog.Kinds()[at]
	f, _ := kind.Flavor(flavorName)
	given, _ := flavortest.Give(t, kind, f, flavortest.Always(config), nil)
	m := made{double: awstest.Start(t), flavor: f, given: given}
	m.in = flavor.Input{Kind: kind.Name, Name: "main", Managed: true, Clouds: flavor.Clouds{
		amazon.Cloud: amazon.Login{Session: session.New(m.double.Login())},
	}}

	var err error

	m.result, err = f.Create(t.Context(), m.in, m.given.Full)
	must(t, err)

	return m
}

func listed(t *testing.T, lister flavor.Lister, in flavor.Input) []flavor.Found {
	t.Helper()

	var all []flavor.Found

	for one, err := range lister.List(t.Context(), in, flavor.Scope{}) {
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, one)
	}

	return all
}

// Whatever is made in AWS can be found again.
func TestList_KnowsEveryFlavorInAWS(t *testing.T) {
	t.Parallel()

	for _, kind := range append(catalog.Kinds(), catalog.Cluster()) {
		for _, f := range kind.Flavors {
			if _, ok := f.Lister(); f.Cloud == amazon.Cloud && !ok {
				t.Errorf("%s.%s cannot be listed", kind.Name, f.Name)
			}
		}
	}

	if sorts := inventory.Sorts(); !slices.Contains(sorts, "bucket") || len(sorts) != 9 {
		t.Errorf("sorts are %v", sorts)
	}
}
