package live_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

// token logs in to a server; without success it is empty.
func (z *served) token(t *testing.T, server, username, password string) string {
	t.Helper()

	form := url.Values{"username": {username}, "password": {password}}
	resp, err := http.PostForm(z.output(server)+"/api/v1/login", form) //nolint:noctx // the test's own server, with the test's time
	must(t, err)

	defer resp.Body.Close() //nolint:errcheck // nothing is written

	var granted struct {
		Token string `json:"access_token"`
	}

	if resp.StatusCode == http.StatusOK {
		must(t, json.NewDecoder(resp.Body).Decode(&granted))
	}

	return granted.Token
}

// ask sends a request to a server, as whoever its Secret lets in, and wants success.
func (z *served) ask(t *testing.T, server, method, path, body string) string {
	t.Helper()

	secret, err := z.opened.Secret(t.Context(), zenMLNamespace, server+"-credentials")
	must(t, err)

	request, err := http.NewRequestWithContext(t.Context(), method, z.output(server)+"/api/v1/"+path, strings.NewReader(body))
	must(t, err)

	request.Header.Set("Authorization", "Bearer "+z.token(t, server, secret["username"], secret["password"]))
	request.Header.Set("Content-Type", "application/json")

	resp, err := http.DefaultClient.Do(request)
	must(t, err)

	defer resp.Body.Close() //nolint:errcheck // nothing is written

	text, err := io.ReadAll(resp.Body)
	must(t, err)

	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s of %s: %s: %s", method, path, server, resp.Status, text)
	}

	return string(text)
}

// encrypted puts a secret into both servers, and reads what one has written.
func (z *served) encrypted(t *testing.T) {
	t.Helper()

	for _, server := range []string{"zenml", "team"} {
		z.ask(t, server, http.MethodPost, "secrets", `{"name": "probe", "values": {"token": "`+zenMLValue+`"}}`)
	}

	const look = `import base64, sqlite3
for (value,) in sqlite3.connect("/data/zenml.db").execute('SELECT "values" FROM secret'):
    print("secret", value, base64.b64decode(value, validate=False))`

	pods, err := z.dev.CoreV1().Pods(zenMLNamespace).List(t.Context(), meta.ListOptions{LabelSelector: "app.kubernetes.io/instance=zenml"})
	must(t, err)

	if len(pods.Items) != 1 {
		t.Fatalf("it has %d pods", len(pods.Items))
	}

	written, err := clustered.Site{Cluster: z.opened, Namespace: zenMLNamespace}.Run(t.Context(), pods.Items[0].Name, "", "python3", "-c", look)
	if err != nil || strings.Count(written, "secret") != 1 || strings.Contains(written, zenMLValue) {
		t.Errorf("the database has: %s (%v)", written, err)
	}
}

// remembered checks that the secret is still there, and can be read.
func (z *served) remembered(t *testing.T) {
	t.Helper()

	var page struct{ Items []struct{ ID string } }

	must(t, json.Unmarshal([]byte(z.ask(t, "zenml", http.MethodGet, "secrets", "")), &page))

	if len(page.Items) != 1 {
		t.Fatalf("there are %d secrets", len(page.Items))
	}

	if one := z.ask(t, "zenml", http.MethodGet, "secrets/"+page.Items[0].ID, ""); !strings.Contains(one, zenMLValue) {
		t.Error("the secret has lost its value")
	}
}

func (z *served) pod(t *testing.T) string {
	t.Helper()

	pods, err := z.dev.CoreV1().Pods(zenMLNamespace).List(t.Context(), meta.ListOptions{LabelSelector: "app.kubernetes.io/instance=zenml"})
	must(t, err)

	for _, pod := range pods.Items {
		if pod.DeletionTimestamp == nil {
			return pod.Name
		}
	}

	t.Fatal("it has no pod")

	return ""
}
