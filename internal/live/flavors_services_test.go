package live_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

func (f flavored) credentials(t *testing.T, name string) map[string]string {
	t.Helper()

	values, err := f.opened.Secret(t.Context(), flavorsServices, name+"-credentials")
	must(t, err)

	return values
}

func (f flavored) database(t *testing.T) {
	t.Helper()

	login := f.credentials(t, "lineage")
	if login["username"] != "mlstacks" || login["database"] != "run_lineage" || !strings.HasSuffix(login["url"], ":3306/run_lineage") {
		t.Errorf("its Secret is of user %q and database %q", login["username"], login["database"])
	}

	// A table is something to lose, so that what is destroyed is destroyed by consent.
	names, err := clustered.Site{Cluster: f.opened, Namespace: flavorsServices}.Run(t.Context(), "lineage-0",
		login["password"]+"\nCREATE TABLE runs (id INT);\nSHOW TABLES;\nSELECT database();\n", "sh", "-c",
		`read -r MYSQL_PWD; export MYSQL_PWD; exec "$(command -v mysql || command -v mariadb)" --no-defaults --batch --skip-column-names `+
			`--protocol=tcp --host=lineage --user=mlstacks run_lineage`)
	if got := strings.Fields(names); err != nil || !slices.Equal(got, []string{"runs", "run_lineage"}) {
		t.Errorf("as its user: %q, %v", got, err)
	}
}

func (f flavored) registry(t *testing.T) {
	t.Helper()

	base := "http://" + f.output("registry")
	login := f.credentials(t, "images")

	for what, c := range map[string]struct {
		method, path, user, password string
		status                       int
	}{
		"nobody":                  {http.MethodGet, "/v2/", "", "", http.StatusUnauthorized},
		"somebody else":           {http.MethodGet, "/v2/", "ml", "wrong", http.StatusUnauthorized},
		"its user":                {http.MethodGet, "/v2/", login["username"], login["password"], http.StatusOK},
		"its user, with an image": {http.MethodPost, "/v2/app/blobs/uploads/", login["username"], login["password"], http.StatusAccepted},
	} {
		if status, text := request(t, c.method, base+c.path, c.user, c.password, ""); status != c.status {
			t.Errorf("%s gets %d, should be %d: %s", what, status, c.status, text)
		}
	}

	// Builders and pods have the same login, each in its own Secret.
	for _, name := range []string{"images-pull", "builds-registry"} {
		secret, err := f.opened.Secret(t.Context(), flavorsServices, name)
		must(t, err)

		if !strings.Contains(secret[".dockerconfigjson"], login["password"]) {
			t.Errorf("Secret/%s has another login", name)
		}
	}
}

func (f flavored) tracker(t *testing.T) {
	t.Helper()

	address := f.output("tracker") + "/api/2.0/mlflow/experiments/get-by-name?experiment_name=Default"

	for what, c := range map[string]struct {
		user, password string
		status         int
	}{
		"nobody":        {"", "", http.StatusUnauthorized},
		"its user":      {"admin", flavorsPassword, http.StatusOK},
		"somebody else": {"admin", "password1234", http.StatusUnauthorized},
	} {
		if status, text := request(t, http.MethodGet, address, c.user, c.password, ""); status != c.status {
			t.Errorf("%s gets %d, should be %d: %s", what, status, c.status, text)
		}
	}
}

func (f flavored) secret(t *testing.T) {
	t.Helper()

	values, err := f.opened.Secret(t.Context(), flavorsSecrets, "registry")
	must(t, err)

	if len(values) != 1 || values["token"] != flavorsToken {
		t.Errorf("there are %d values, or another token", len(values))
	}
}

// model asks the model, then has it scaled to nothing and up again.
func (f flavored) model(t *testing.T) {
	t.Helper()

	uri := f.output("model")
	deployments := f.dev.AppsV1().Deployments(flavorsServices)

	first, err := deployments.Get(t.Context(), "churn", meta.GetOptions{})
	must(t, err)

	for i, replicas := range []int{1, 0, 2} {
		if i > 0 {
			f.scale(replicas)
		}

		live, err := deployments.Get(t.Context(), "churn", meta.GetOptions{})
		must(t, err)

		if live.UID != first.UID || int(live.Status.ReadyReplicas) != replicas || int(*live.Spec.Replicas) != replicas {
			t.Errorf("of %d replicas there are %d ready; the same Deployment: %v", replicas, live.Status.ReadyReplicas, live.UID == first.UID)
		}

		if replicas == 0 {
			continue
		}

		status, text := request(t, http.MethodPost, uri+"/invocations", "", "", `{"inputs": [[1, 2], [3, 4.5]]}`)

		var answer struct{ Predictions []float64 }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != http.StatusOK || !slices.Equal(answer.Predictions, []float64{3, 7.5}) {
			t.Errorf("with %d replicas the model answers %d: %s", replicas, status, text)
		}
	}

	if again := f.output("model"); again != uri {
		t.Errorf("the address was %s and is %s", uri, again)
	}
}
