package charts

import (
	"fmt"
	"testing"
)

// env is a variable of the server's container; nil where it has none of that name.
func env(objects []values, name string) values {
	for _, container := range list(find(objects, "Deployment", "demo"), "spec", "template", "spec", "containers") {
		for _, each := range list(container, "env") {
			if text(each, "name") == name {
				return each.(values) //nolint:errcheck,forcetypeassert // text has looked into it
			}
		}
	}

	return nil
}

func TestZenML_KeepsItsRecordsOnAVolumeOrInADatabaseWhoseAddressIsSecret(t *testing.T) {
	t.Parallel()

	for _, each := range []struct {
		given  values
		volume bool
		secret string
	}{
		{values{}, true, ""},
		{values{"store": values{"type": "mysql"}}, false, "demo"},
		{values{"store": values{"type": "mysql"}, "existingSecret": "mine"}, false, "mine"},
		{values{"store": values{"type": "mysql", "existingSecret": "db"}, "existingSecret": "mine"}, false, "db"},
	} {
		all, err := render(load(t, ZenML), each.given)
		if err != nil {
			t.Fatal(err)
		}

		mounted := false
		for _, volume := range list(find(all, "Deployment", "demo"), "spec", "template", "spec", "volumes") {
			mounted = mounted || text(volume, "persistentVolumeClaim", "claimName") == "demo"
		}

		if claimed := find(all, "PersistentVolumeClaim", "demo") != nil; claimed != each.volume || mounted != each.volume {
			t.Errorf("%v: claimed is %v, mounted is %v", each.given, claimed, mounted)
		}

		address := env(all, "ZENML_STORE_URL")
		if text(address, "valueFrom", "secretKeyRef", "name") != each.secret || (text(address, "value") != "") != each.volume {
			t.Errorf("%v: the database is at %v", each.given, address)
		}
	}
}

// ZenML reads the key only beside the type, and without the key it writes secrets down as they are.
func TestZenML_EncryptsSecretsThatItKeepsItself(t *testing.T) {
	t.Parallel()

	for kind, encrypted := range map[string]bool{"": true, "sql": true, "aws": false} {
		given := values{}
		if kind != "" {
			given = values{"env": values{"ZENML_SECRETS_STORE_TYPE": kind}}
		}

		all, err := render(load(t, ZenML), given)
		if err != nil {
			t.Fatal(err)
		}

		key := text(env(all, "ZENML_SECRETS_STORE_ENCRYPTION_KEY"), "valueFrom", "secretKeyRef", "key")
		if got := key == "encryption-key"; got != encrypted {
			t.Errorf("store %q: key is %q", kind, key)
		}

		if got, want := text(env(all, "ZENML_SECRETS_STORE_TYPE"), "value"), max(kind, "sql"); kind != "aws" && got != want {
			t.Errorf("store %q: type is %q", kind, got)
		}
	}
}

func TestZenML_MayTakeLongToMigrateAndIsAliveWhenItAnswers(t *testing.T) {
	t.Parallel()

	for seconds, tries := range map[int]int{0: 900, 60: 30} {
		given := values{}
		if seconds > 0 {
			given = values{"startupSeconds": seconds}
		}

		all, err := render(load(t, ZenML), given)
		if err != nil {
			t.Fatal(err)
		}

		for _, container := range list(find(all, "Deployment", "demo"), "spec", "template", "spec", "containers") {
			if got := fmt.Sprint(at(container, "startupProbe", "failureThreshold")); got != fmt.Sprint(tries) {
				t.Errorf("with %d s it is asked %s times", seconds, got)
			}

			for probe, path := range map[string]string{"startupProbe": "/ready", "readinessProbe": "/ready", "livenessProbe": "/health"} {
				if got := text(container, probe, "httpGet", "path"); got != path {
					t.Errorf("%s asks %s", probe, got)
				}
			}
		}
	}
}

// Two pods of different versions on one database would be one too many.
func TestZenML_IsNeverThereTwice(t *testing.T) {
	t.Parallel()

	for _, store := range []string{"sqlite", "mysql"} {
		all, err := render(load(t, ZenML), values{"store": values{"type": store}})
		if err != nil {
			t.Fatal(err)
		}

		server := find(all, "Deployment", "demo")
		if at(server, "spec", "replicas") != 1 || text(server, "spec", "strategy", "type") != "Recreate" {
			t.Errorf("on %s: %v", store, at(server, "spec", "strategy"))
		}
	}
}
