package mlopsplatform

import (
	"fmt"
	"maps"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestFingerprint_ChangesWithWhatTheServerReadsAtStart(t *testing.T) {
	t.Parallel()

	credentials := map[string]string{tokenKey: "t", encryptionKey: "e", storeKey: "mysql://a", passwordKey: "p"}
	first := annotations(t, credentials)

	for key, changes := range map[string]bool{tokenKey: true, encryptionKey: true, storeKey: true, passwordKey: false} {
		other := maps.Clone(credentials)
		other[key] = "another"

		if got := annotations(t, other) != first; got != changes {
			t.Errorf("%s: changes is %v", key, got)
		}
	}
}

// annotations are what a server's pods get for the contents of its Secret.
func annotations(t *testing.T, credentials map[string]string) string {
	t.Helper()

	values, err := zenMLValues(t.Context(), clustered.Site{Credentials: credentials}, zenMLConfig{})
	if err != nil {
		t.Fatal(err)
	}

	return fmt.Sprint(values["podAnnotations"])
}

func TestSecret_KeepsTheGivenPasswordAndMakesTheRest(t *testing.T) {
	t.Parallel()

	given := "a password of my own"

	for _, password := range []*string{nil, &given} {
		secret := zenMLService.Secret(flavor.Input{}, zenMLConfig{Username: "ml", PasswordWO: password})

		if secret.Fixed[usernameKey] != "ml" || len(secret.Generated) != 3 {
			t.Errorf("the Secret has %v and %d generated values", secret.Fixed, len(secret.Generated))
		}

		if got := secret.Generated[passwordKey](); (password != nil) != (got == given) || got == "" || len(got) > zenMLLongest {
			t.Errorf("the password is %q", got)
		}

		if one, other := secret.Generated[tokenKey](), secret.Generated[encryptionKey](); one == other || len(one) < 32 || len(other) < 32 {
			t.Errorf("keys are %q and %q", one, other)
		}
	}
}

func TestImport_LearnsTheAdministrator(t *testing.T) {
	t.Parallel()

	cfg := zenMLService.Default
	zenMLService.Learn(&cfg, helm.Observed{}, map[string]string{usernameKey: "ml"})

	if cfg.Username != "ml" {
		t.Errorf("the administrator is %q", cfg.Username)
	}
}

func TestValues_LeadToTheDatabaseThroughTheSecretAndFitTheChart(t *testing.T) {
	t.Parallel()

	chart, err := helm.Load(t.Context(), clustered.Embedded(charts.ZenML))
	if err != nil {
		t.Fatal(err)
	}

	site := clustered.Site{Name: "zenml", Namespace: "ml", Credentials: map[string]string{tokenKey: "t", storeKey: "mysql://u:hunter2@h/d"}}
	secret, none := "records", ""

	for name, c := range map[string]struct {
		cfg  zenMLConfig
		kind any
	}{
		"on a volume":       {zenMLConfig{DatabaseSecret: &none}, nil},
		"in a component":    {zenMLConfig{MetadataStore: &clustered.Component{Name: "db"}, DatabaseSecret: &none}, "mysql"},
		"where a Secret is": {zenMLConfig{DatabaseSecret: &secret}, "mysql"},
		"after an import":   {zenMLConfig{}, nil},
	} {
		values, err := zenMLValues(t.Context(), site, c.cfg)
		if err != nil {
			t.Fatal(err)
		}

		if problems := chart.Check(values); len(problems) > 0 {
			t.Errorf("%s: the chart refuses the values: %v", name, problems)
		}

		store, _ := values["store"].(map[string]any)
		if store["type"] != c.kind || c.kind != nil && store["key"] != storeKey {
			t.Errorf("%s: the store is %v", name, store)
		}
	}
}
