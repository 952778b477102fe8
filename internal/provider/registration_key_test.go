package provider_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// keyedHead has the key at the platform, and nowhere else.
const keyedHead = `
variable "zenml" {
  type      = string
  ephemeral = true
}
resource "mlstacks_mlops_platform" "team" {
  name         = "NAME"
  zenml_server = {
    url                = "URL"
    api_key_wo         = var.zenml
    api_key_wo_version = 1
  }
}
`

func TestRegistration_TakesTheKeyOfThePlatform(t *testing.T) {
	t.Parallel()

	s := newRegistrationSceneAs(t, "reg-key", keyedHead, localStack)
	key := s.key(t)

	var more []string

	s.cli.Prepare = func(command *exec.Cmd) { command.Env = append(command.Env, append(more, "TF_VAR_zenml="+key)...) }

	// One process plans and another applies, as with any plan that is saved.
	output, err := s.cli.Run(t, "plan", "-out=plan.bin")
	if err != nil || !acctest.SaysAll("API key is known only while the platform is applied", "ZENML_STORE_API_KEY").MatchString(output) {
		t.Errorf("the plan does not say that the next run lacks the key: %v\n%s", err, output)
	}

	shown, err := s.cli.Run(t, "show", "-json", "plan.bin")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(s.cli.Dir, "plan.json"), []byte(shown), 0o600))
	s.unpack(t, "plan.bin")
	succeeds(t, s.cli, "apply", "plan.bin")
	s.stack(t, s.name)
	s.keepsSecret(t, key)
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	// Terraform hands the key over only with a plan of the platform.
	if output, err := s.cli.Run(t, "destroy", "-auto-approve"); err == nil || !acctest.SaysAll("No API key", "ZENML_STORE_API_KEY").MatchString(output) {
		t.Errorf("it is destroyed without a key, or does not say what it needs: %v\n%s", err, output)
	}

	more = []string{"ZENML_STORE_API_KEY=" + key}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.keepsSecret(t, key)
	s.leavesNothing(t)
}

func TestRegistration_RefusesAWrongKeyOfThePlatform(t *testing.T) {
	t.Parallel()

	const wrong = "ZENKEY_wrong-key-of-tests"

	s := newRegistrationSceneAs(t, "reg-wrong", keyedHead, localStack)
	s.cli.Prepare = func(command *exec.Cmd) { command.Env = append(command.Env, "TF_VAR_zenml="+wrong) }

	s.fails(t, []string{
		`Cannot create mlops platform "reg-wrong"`, "api_key_wo", "= var.zenml", "does not accept the credentials", "Check that the key is of this server",
		"raise api_key_wo_version",
	}, "apply", "-auto-approve")
	s.keepsSecret(t, wrong)
	s.leavesNothing(t)

	// The right one mends it.
	s.cli.Prepare = func(command *exec.Cmd) {
		command.Env = append(command.Env, "TF_VAR_zenml="+s.server.APIKey, "ZENML_STORE_API_KEY="+s.server.APIKey)
	}

	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

func TestRegistration_RefusesAnAddressThatIsNoServer(t *testing.T) {
	t.Parallel()

	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html><body>Welcome to the intranet</body></html>")
	}))
	t.Cleanup(page.Close)

	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	must(t, err)
	must(t, listener.Close())

	for name, c := range map[string]struct {
		url  string
		says []string
	}{
		"a page":  {page.URL, []string{"url", "is no ZenML server", "Welcome to the intranet", "Set url to the address of the server itself, without /api/v1"}},
		"nothing": {"http://" + listener.Addr().String(), []string{"url", "connection refused", "Check"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			configuration := strings.NewReplacer("NAME", "reg-nowhere", "URL", c.url).Replace(keyedHead + localStack)
			cli := acctest.NewCLI(t, configuration)
			cli.Prepare = func(command *exec.Cmd) { command.Env = append(command.Env, "TF_VAR_zenml="+hidden) }

			output, err := cli.Run(t, "apply", "-auto-approve")
			if err == nil || !acctest.SaysAll(append([]string{`Cannot create mlops platform "reg-nowhere"`}, c.says...)...).MatchString(output) {
				t.Errorf("it went through, or says why wrongly: %v\n%s", err, output)
			}

			if !strings.Contains(strings.Join(strings.Fields(output), " "), "server at "+c.url) {
				t.Errorf("it does not say which server:\n%s", output)
			}
		})
	}
}

// key makes a service account that only one test has, and returns its key.
func (s registrationScene) key(t *testing.T) string {
	t.Helper()

	form := url.Values{"username": {s.server.Username}, "password": {s.server.Password}}

	var login struct {
		Token string `json:"access_token"`
	}

	var account struct{ ID string }

	var made struct{ Body struct{ Key string } }

	s.post(t, "login", "", "application/x-www-form-urlencoded", form.Encode(), &login)
	s.post(t, "service_accounts", login.Token, "application/json", `{"name": "`+s.name+`", "active": true}`, &account)
	s.post(t, "service_accounts/"+account.ID+"/api_keys", login.Token, "application/json", `{"name": "`+s.name+`"}`, &made)

	return made.Body.Key
}

func (s registrationScene) post(t *testing.T, path, token, kind, body string, result any) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.URL+"/api/v1/"+path, strings.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Authorization", "Bearer "+token)

	answer, err := http.DefaultClient.Do(request)
	must(t, err)

	defer answer.Body.Close() //nolint:errcheck // only read

	if answer.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %s", path, answer.Status)
	}

	must(t, json.NewDecoder(answer.Body).Decode(result))
}

// unpack writes what is in a plan beside it, so that it is searched for secrets as well.
func (s registrationScene) unpack(t *testing.T, plan string) {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(s.cli.Dir, plan))
	must(t, err)

	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	must(t, err)

	for _, file := range archive.File {
		from, err := file.Open()
		must(t, err)

		text, err := io.ReadAll(from)
		must(t, err)
		must(t, from.Close())
		must(t, os.WriteFile(filepath.Join(s.cli.Dir, "unpacked-"+strings.ReplaceAll(file.Name, "/", "-")+".txt"), text, 0o600))
	}
}
