package containerregistry

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestDistribution_IsLocalhostWhereThePortsAreTheSame(t *testing.T) {
	t.Parallel()

	outputs := map[string]string{
		"uri": "http://172.18.0.2:30500", "local_uri": "http://localhost:30500", "cluster_uri": "http://images.ml.svc.cluster.local:5000",
		"node_port": "30500", "service": "images",
	}

	told := addresses(outputs, distributionConfig{Username: "ml"})
	if told["uri"] != "localhost:30500" || told["cluster_uri"] != "images.ml.svc.cluster.local:5000" || told["pull_secret"] != "images-pull" {
		t.Errorf("told %v", told)
	}

	if again := addresses(told, distributionConfig{Username: "ml"}); !maps.Equal(told, again) {
		t.Errorf("told %v, then %v", told, again)
	}

	named := distributionConfig{}
	named.Expose.Host = "172.18.0.2"

	if told := addresses(outputs, named); told["uri"] != "172.18.0.2:30500" || told["pull_secret"] != "" {
		t.Errorf("with a host: %v", told)
	}

	outputs["local_uri"] = "http://localhost:5000"

	if told := addresses(outputs, distributionConfig{}); told["uri"] != "172.18.0.2:30500" {
		t.Errorf("with another port here: %v", told)
	}
}

func TestDistribution_NamesItsLoginToZenML(t *testing.T) {
	t.Parallel()

	view := func(v flavor.Values) flavor.Facts {
		return Distribution.Facts(Kind(), flavor.Subject{
			Name: "images", Values: v, Outputs: map[string]any{"cluster_uri": "images.ml.svc.cluster.local:5000"},
		})
	}

	for want, v := range map[string]flavor.Values{
		"images": {"username": "ml"}, "own": {"username": "ml", "authentication_secret": "own"}, "": {"username": ""},
	} {
		facts := view(v)
		if got, _ := facts.Configuration["authentication_secret"].(string); got != want || facts.Open {
			t.Errorf("%v: %q, open %v", v, got, facts.Open)
		}

		if facts.Configuration["uri"] != "images.ml.svc.cluster.local:5000" {
			t.Errorf("uri is %v", facts.Configuration["uri"])
		}
	}

	if !view(flavor.Values{"username": zenml.Unknown{}}).Open {
		t.Error("an unknown user may turn out to be none")
	}
}

func TestDistribution_SettlesOnALoginAndKeepsIt(t *testing.T) {
	t.Parallel()

	settled := func(have map[string]string, old *distributionConfig, cfg distributionConfig) map[string]string {
		t.Helper()

		login, err := settle(have, old, cfg)
		if err != nil {
			t.Fatal(err)
		}

		_, hash, _ := strings.Cut(strings.TrimSpace(login["htpasswd"]), ":")
		if !strings.HasPrefix(login["htpasswd"], cfg.Username+":") ||
			bcrypt.CompareHashAndPassword([]byte(hash), []byte(login["password"])) != nil {
			t.Errorf("hash does not fit: %q", login["htpasswd"])
		}

		return login
	}

	generated := distributionConfig{Username: "ml"}
	first := settled(nil, nil, generated)

	if len(first["password"]) != 32 {
		t.Errorf("generated %d characters", len(first["password"]))
	}

	if again := settled(first, &generated, generated); !maps.Equal(first, again) {
		t.Error("a login that fits was changed")
	}

	if renamed := settled(first, &generated, distributionConfig{Username: "bot"}); renamed["password"] != first["password"] {
		t.Error("another user got another password")
	}

	one, two, given, other := int64(1), int64(2), "given", "other"
	written := distributionConfig{Username: "ml", Password: &given, PasswordVersion: &one}

	login := settled(first, &generated, written)
	if login["password"] != given {
		t.Error("the password that is written was not taken")
	}

	if same := settled(login, &written, distributionConfig{Username: "ml", Password: &other, PasswordVersion: &one}); same["password"] != given {
		t.Error("a password was taken without a new version")
	}

	if next := settled(login, &written, distributionConfig{Username: "ml", Password: &other, PasswordVersion: &two}); next["password"] != other {
		t.Error("a password was not taken with a new version")
	}
}

func store() *clustered.Component {
	return &clustered.Component{
		Name: "artifacts", Type: "artifact_store", Flavor: "minio",
		Outputs: map[string]string{"bucket": "artifacts", "cluster_uri": "http://artifacts.ml.svc.cluster.local:9000"},
		Cluster: &clustered.Home{Name: "dev", Reference: map[string]string{"type": "k3d", "name": "dev"}},
	}
}

func site() clustered.Site {
	return clustered.Site{Namespace: "ml", Name: "images", Input: flavor.Input{Name: "images", Cluster: &flavor.Cluster{
		Name: "dev", Reference: map[string]string{"type": "k3d", "name": "dev"},
	}}}
}

func TestDistribution_LearnsThePrefixOfAnImport(t *testing.T) {
	t.Parallel()

	values, err := distributionValues(t.Context(), site(), distributionConfig{Store: store(), Prefix: "a/b"})
	if err != nil {
		t.Fatal(err)
	}

	cfg := distributionService.Default
	distributionService.Learn(&cfg, helm.Observed{Values: values}, nil)

	if cfg.Prefix != "a/b" {
		t.Errorf("the prefix is %q", cfg.Prefix)
	}
}

func TestDistribution_ItsValuesFitTheChart(t *testing.T) {
	t.Parallel()

	chart, err := helm.Load(t.Context(), clustered.Embedded(charts.Distribution))
	if err != nil {
		t.Fatal(err)
	}

	for what, cfg := range map[string]distributionConfig{
		"volume": {}, "login": {Username: "ml"}, "store": {Store: store(), Prefix: "registry"}, "bucket": {Store: store(), Bucket: "own", Prefix: "a/b"},
	} {
		values, err := distributionValues(t.Context(), site(), cfg)
		if err != nil {
			t.Fatal(err)
		}

		if problems := chart.Check(values); len(problems) > 0 {
			t.Errorf("%s: %v", what, problems)
		}
	}

	values, err := distributionValues(t.Context(), site(), distributionConfig{Store: store(), Prefix: "registry"})
	if err != nil {
		t.Fatal(err)
	}

	if want := map[string]any{
		"bucket": "artifacts", "endpoint": "http://artifacts.ml.svc.cluster.local:9000", "rootDirectory": "/registry", "secure": false,
		"existingSecret": "images-credentials",
	}; !reflect.DeepEqual(values["s3"], want) {
		t.Errorf("s3 is %v", values["s3"])
	}

	bare := store()
	delete(bare.Outputs, "bucket")

	if _, err := distributionValues(t.Context(), site(), distributionConfig{Store: bare}); err == nil {
		t.Error("a store without a bucket was taken")
	}
}

func TestDistribution_ChecksAtPlan(t *testing.T) {
	t.Parallel()

	kubernetes := map[string]any{"name": "dev"}

	for says, v := range map[string]flavor.Values{
		"Bucket without a store":      {"bucket": "b"},
		"Component that cannot serve": {"artifact_store": map[string]any{"name": "s", "flavor": "local", "outputs": map[string]any{}}},
		"Not a node port":             {"expose": map[string]any{"type": "node_port", "port": int64(5000)}},
		"": {
			"bucket": "b", "artifact_store": map[string]any{"name": "s", "flavor": "minio", "cluster": kubernetes, "outputs": map[string]any{}},
		},
	} {
		problems := Distribution.Check(Kind(), flavor.Subject{Name: "images", Values: v, Cluster: kubernetes})
		if (says == "") != (len(problems) == 0) || says != "" && problems[0].Summary != says {
			t.Errorf("%q: %v", says, problems)
		}
	}
}

func TestDistribution_IsReplacedWhenItsImagesWouldBeLeftBehind(t *testing.T) {
	t.Parallel()

	in := func(name string, outputs any) map[string]any { return map[string]any{"name": name, "outputs": outputs} }
	before := flavor.Values{"artifact_store": in("a", map[string]any{}), "bucket": "", "prefix": "registry"}

	for want, after := range map[int][]flavor.Values{
		0: {
			{"artifact_store": in("a", zenml.Unknown{}), "bucket": "", "prefix": "registry"},
			{"artifact_store": zenml.Unknown{}, "bucket": "", "prefix": "registry"},
		},
		1: {
			{"artifact_store": nil, "bucket": "", "prefix": "other"},
			{"artifact_store": in("b", nil), "bucket": "", "prefix": "registry"},
			{"artifact_store": in("a", nil), "bucket": "x", "prefix": "registry"},
			{"artifact_store": in("a", nil), "bucket": "", "prefix": "other"},
		},
	} {
		for _, v := range after {
			if problems := distributionReplaced(before, v); len(problems) != want {
				t.Errorf("%v: %v", v, problems)
			}
		}
	}
}

func TestCatalog_SaysWhatARegistryHoldsAndWhyItDoesNot(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch user, password, _ := r.BasicAuth(); {
		case user == "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case password != "right":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte(`{"repositories":["team/a","b"]}`))
		}
	}))
	t.Cleanup(server.Close)

	names, err := catalogOf(context.Background(), server.URL, &clustered.Login{Username: "ml", Password: "right"})
	if err != nil || strings.Join(names, " ") != "team/a b" {
		t.Errorf("%v, %v", names, err)
	}

	for says, login := range map[string]*clustered.Login{
		"its own login": {Username: "ml", Password: "wr0ng-one"}, "does its storage answer": {Username: "broken", Password: "wr0ng-one"},
	} {
		if _, err := catalogOf(context.Background(), server.URL, login); err == nil || !strings.Contains(err.Error(), says) ||
			strings.Contains(err.Error(), login.Password) {
			t.Errorf("%s: %v", says, err)
		}
	}
}
