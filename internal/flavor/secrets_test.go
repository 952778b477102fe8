package flavor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type object = map[string]any

const password = "hunter2"

// record makes a flavor that takes some fields over from ZenML's facts.
func record(kind, name, uri string, fields ...string) (flavor.Kind, flavor.Flavor) {
	taken := map[string]string{}
	for _, field := range fields {
		taken[field] = "A field."
	}

	return flavor.Kind{Name: kind, ZenML: true}, flavor.External(flavor.Meta{Name: "x", ZenML: name, URI: uri, Fields: taken}, nil)
}

// refused lists the paths of what a flavor refuses, and holds the messages to silence about the value.
func refused(t *testing.T, kind flavor.Kind, f flavor.Flavor, v flavor.Values) []string {
	t.Helper()

	paths := []string{}

	for _, p := range f.Check(kind, flavor.Subject{Values: v}) {
		paths = append(paths, strings.Join(p.Path, "."))

		if text := fmt.Sprint(p); strings.Contains(text, password) {
			t.Errorf("the message repeats the value: %s", text)
		}

		if !strings.HasPrefix(p.Detail, "x."+strings.Join(p.Path, ".")+": ") {
			t.Errorf("the message does not begin with the path %v: %s", p.Path, p.Detail)
		}
	}

	return paths
}

func TestCheck_RefusesALoginInTheAddress(t *testing.T) {
	t.Parallel()

	kind, f := record("log_store", "otel", "endpoint", "endpoint")

	for address, want := range map[any]bool{
		nil:                                    false,
		zenml.Unknown{}:                        false,
		"":                                     false,
		"https://otel.example.com:4318/v1/a@b": false,
		"https://otel.example.com/?to=a@b.com": false,
		"{{otel.endpoint}}":                    false,
		"sqlite:////srv/ml/a:b@c.db":           false,
		"git@git.example.com:ml/churn@v1.git":  false,
		"abfs://container@account.dfs.core.windows.net/x": false,
		"ssh://git@git.example.com:2222/x":                false,
		"otel.example.com:4318":                           false,
		"https://" + password + "@otel.example.com":       true,
		"https://ci:" + password + "@otel.example.com":    true,
		"HTTPS://ci:" + password + "@otel.example.com":    true,
		"https://:" + password + "@otel.example.com":      true,
		"https://ci:" + password + "@b@otel.example.com":  true,
		"https://ci@corp:" + password + "@example.com":    true,
		"postgresql+psycopg2://ci:" + password + "@db/ml": true,
		"ci:" + password + "@registry.example.com/acme":   true,
	} {
		want := map[bool][]string{true: {"endpoint"}, false: {}}[want]
		if got := refused(t, kind, f, flavor.Values{"endpoint": address}); !slices.Equal(got, want) {
			t.Errorf("%v: refused is %v, want %v", address, got, want)
		}
	}
}

func TestCheck_UserWithoutPasswordMayBeInAnAddressThatZenMLDoesNotUse(t *testing.T) {
	t.Parallel()

	f := flavor.External(flavor.Meta{Name: "x", URI: "url"}, nil)

	for url, want := range map[string]int{
		"https://acme@dev.azure.com/acme/ml/_git/churn":     0,
		"https://ci:" + password + "@git.example.com/a.git": 1,
	} {
		if got := refused(t, flavor.Kind{Name: "code_repository"}, f, flavor.Values{"url": url}); len(got) != want {
			t.Errorf("%s: refused is %v", url, got)
		}
	}
}

func TestCheck_SaysWhereALoginBelongs(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		kind, zenml, uri string
		fields           []string
		says             []string
	}{
		"secrets and reference": {"experiment_tracker", "trackio", "server_url", []string{"server_url", "hf_token"}, []string{"hf_token_wo", `"{{name.key}}"`}},
		"named secret":          {"container_registry", "default", "uri", []string{"uri", "authentication_secret"}, []string{"authentication_secret"}},
		"nothing":               {"", "", "url", nil, []string{"credential helper"}},
	} {
		kind, f := record(c.kind, c.zenml, c.uri, c.fields...)

		problems := f.Check(kind, flavor.Subject{Values: flavor.Values{c.uri: "https://ci:" + password + "@example.com"}})
		if len(problems) != 1 {
			t.Errorf("%s: %d problems", name, len(problems))

			continue
		}

		for _, text := range c.says {
			if !strings.Contains(problems[0].Detail, text) {
				t.Errorf("%s: nothing of %s: %s", name, text, problems[0].Detail)
			}
		}

		if reference := strings.Contains(problems[0].Detail, "{{"); reference != slices.Contains(c.says, `"{{name.key}}"`) {
			t.Errorf("%s: a reference is no way out here: %s", name, problems[0].Detail)
		}
	}
}

// Each key is one below an option that takes any keys.
func TestCheck_RefusesPlainTextUnderTheKeysOfSecrets(t *testing.T) {
	t.Parallel()

	kind, f := record("log_store", "otel", "endpoint", "endpoint")

	check := func(key string, value any) []string {
		return refused(t, kind, f, flavor.Values{"settings": object{"headers": object{key: value}}})
	}

	for _, key := range []string{
		"authorization", "Authorization", "Proxy-Authorization", "token", "HF_TOKEN", "x-auth-token", "accessToken", "secret", "client_secret",
		"clientSecret", "password", "PGPASSWORD", "passphrase", "api_key", "api-key", "apiKey", "APIKey", "X-API-KEY", "apikey", "DD-APPLICATION-KEY",
		"credential", "credentials", "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "aws_session_token", "private_key", "account_key",
		"fs.azure.account.key.acme.dfs.core.windows.net", "token_prod", "secret_key",
	} {
		if got := check(key, password); !slices.Equal(got, []string{"settings.headers." + key}) {
			t.Errorf("%s is not refused: %v", key, got)
		}

		for _, value := range []any{
			nil, "", " ", true, int64(7), 0.5,
			zenml.Unknown{},
			"true", "{{name.key}}", "{{ name.key }}", "{{secrets/scope/key}}",
			"Bearer {{ var.value.key }}", "$HF_TOKEN", "${HF_TOKEN}", "${env:HF_TOKEN}", "arn:aws:secretsmanager:eu-central-1:1:secret:x",
			"projects/acme/secrets/x/versions/1",
		} {
			if got := check(key, value); len(got) > 0 {
				t.Errorf("%s = %v is refused", key, value)
			}
		}
	}

	for _, key := range []string{
		"x", "author", "key", "monkey", "keyboard", "public_key", "tokenizer", "TOKENIZERS_PARALLELISM", "max_tokens", "stop_tokens", "pad_token",
		"eos_token", "secret_name", "secretName", "secret_name_prefix", "secret_version", "token_url", "token_uri", "password_file",
		"authentication_secret", "image_pull_secret", "imagePullSecrets", "secret_mounts", "secretKeyRef", "secret_ref", "aws_access_key_id",
		"token_type", "secret_scope", "credentials_path", "credentials_provider", "authorization_mode", "secrets", "ssh_key_path",
		"fs.azure.account.auth.type.acme.dfs.core.windows.net",
	} {
		if got := check(key, "acme"); len(got) > 0 {
			t.Errorf("%s is refused", key)
		}
	}

	for key, value := range map[string]any{"MAX_TOKEN": "512", "mask_token": "[MASK]", "token": "<pad>"} {
		if got := check(key, value); len(got) > 0 {
			t.Errorf("%s = %v is refused", key, value)
		}
	}
}

func TestCheck_FindsSecretsAtAnyDepth(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		kind, zenml string
		fields      []string
		v           flavor.Values
		want        []string
	}{
		"attribute that is a map": {"log_store", "otel", []string{"headers"}, flavor.Values{"headers": object{"authorization": password}}, []string{"headers.authorization"}},
		"deep":                    {"artifact_store", "b2", nil, flavor.Values{"settings": object{"client_kwargs": object{"a": []any{object{"aws_secret_access_key": password}}}}}, []string{"settings.client_kwargs.a.0.aws_secret_access_key"}},
		"list":                    {"artifact_store", "b2", nil, flavor.Values{"settings": object{"client_kwargs": object{"passwords": []any{"", password}, "password": []any{"", password}}}}, []string{"settings.client_kwargs.password.1"}},
		"object of the name":      {"artifact_store", "b2", nil, flavor.Values{"settings": object{"client_kwargs": object{"credentials": object{"type": "x", "private_key": password}}}}, []string{"settings.client_kwargs.credentials.private_key"}},
		"pair":                    {"orchestrator", "kubernetes", nil, flavor.Values{"settings": object{"pod_settings": object{"env": []any{object{"name": "A", "value": "b"}, object{"name": "HF_TOKEN", "value": password}}}}}, []string{"settings.pod_settings.env.1.value"}},
		"JSON":                    {"log_store", "otel", nil, flavor.Values{"settings": object{"headers": `{"authorization": "` + password + `"}`}}, []string{"settings.headers.authorization"}},
		"no JSON":                 {"log_store", "otel", nil, flavor.Values{"settings": object{"headers": `{"authorization": `}}, nil},
		"settings in settings":    {"experiment_tracker", "wandb", nil, flavor.Values{"settings": object{"settings": object{"api_key": password}}}, []string{"settings.settings.api_key"}},
		"login in an address":     {"orchestrator", "vm_azure", nil, flavor.Values{"settings": object{"envs": object{"PIP_INDEX_URL": "https://ci:" + password + "@pypi.example.com", "HTTP_PROXY": "http://proxy:3128", "X": "https://${USER}:${PASSWORD}@example.com"}}}, []string{"settings.envs.PIP_INDEX_URL"}},
		"address that is no uri":  {"orchestrator", "databricks", []string{"host"}, flavor.Values{"host": "https://ci:" + password + "@acme.cloud.databricks.com"}, []string{"host"}},
		"unknown":                 {"log_store", "otel", nil, flavor.Values{"settings": zenml.Unknown{}}, nil},
		"unknown option":          {"log_store", "otel", nil, flavor.Values{"settings": object{"headers": zenml.Unknown{}}}, nil},
		"secret by the facts":     {"experiment_tracker", "mlflow", nil, flavor.Values{"settings": object{"tracking_password": password, "tracking_token": "{{mlflow.token}}"}}, []string{"settings.tracking_password"}},
		"no secret by the facts": {"deployer", "aws", nil, flavor.Values{"settings": object{
			"secret_name_prefix": "acme", "encryption_kms_key": "arn:aws:kms:x", "use_secrets_manager": true, "generate_auth_key": true,
		}}, nil},
		"no secret by the facts, deeper": {"step_operator", "runai", nil, flavor.Values{"settings": object{
			"secret_mounts": []any{object{"name": "x", "secret": "acme", "mount_path": "/x"}},
			"s3_mounts":     []any{object{"access_key_secret": "acme", "secret_key_of_secret_key": "key"}},
		}}, nil},
		"names of a cluster": {"sandbox", "kubernetes", nil, flavor.Values{"settings": object{
			"automount_service_account_token": false,
			"pod_settings": object{
				"image_pull_secrets": []any{"acme"},
				"volumes":            []any{object{"name": "x", "secret": object{"secretName": "acme"}}},
				"env":                []any{object{"name": "HF_TOKEN", "valueFrom": object{"secretKeyRef": object{"name": "acme", "key": "token"}}}},
			},
		}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			kind, f := record(c.kind, c.zenml, "", c.fields...)
			if got := refused(t, kind, f, c.v); !slices.Equal(got, append([]string{}, c.want...)) {
				t.Errorf("refused is %v, want %v", got, c.want)
			}
		})
	}
}

// ZenML resolves references only where they are all of an option.
func TestCheck_OffersAReferenceOnlyWhereZenMLResolvesIt(t *testing.T) {
	t.Parallel()

	kind, f := record("experiment_tracker", "mlflow", "", "tracking_token")

	whole := f.Check(kind, flavor.Subject{Values: flavor.Values{"settings": object{"tracking_password": password}}})
	if len(whole) != 1 || !strings.Contains(whole[0].Detail, `Write "{{name.key}}" for a secret that ZenML holds.`) {
		t.Errorf("all of an option: %v", whole)
	}

	deeper := f.Check(kind, flavor.Subject{Values: flavor.Values{"settings": object{"tags": object{"token": password}}}})
	if len(deeper) != 1 || strings.Contains(deeper[0].Detail, "Write") || !strings.Contains(deeper[0].Detail, "tracking_token_wo") {
		t.Errorf("below an option: %v", deeper)
	}
}

func TestCheck_SettingsMayHaveAnOptionOfTheirOwnName(t *testing.T) {
	t.Parallel()

	kind, f := record("experiment_tracker", "wandb", "", "entity")
	if got := refused(t, kind, f, flavor.Values{"settings": object{"settings": object{"silent": true}, "entity": "acme"}}); !slices.Equal(got, []string{"settings.entity"}) {
		t.Errorf("refused is %v", got)
	}
}
