package secretsmanager

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var secretsOwner = disk.Owner{Kind: "secrets_manager", Flavor: "local_file", Name: "main"}

func secretsFile(t *testing.T) disk.Object {
	t.Helper()

	object := disk.Object{
		Path: filepath.Join(t.TempDir(), "new", "secrets.json"), Mode: 0o600, ParentMode: 0o700, Content: []byte("{}\n"), Vacant: holdsNoSecret,
	}
	if _, err := object.Claim(secretsOwner); err != nil {
		t.Fatal(err)
	}

	return object
}

func version(number int64, secrets map[string]string) localFileConfig {
	return localFileConfig{Mode: owned.PrivateMode, Secrets: secrets, SecretsVersion: &number}
}

func content(t *testing.T, object disk.Object) string {
	t.Helper()

	text, err := os.ReadFile(object.Path)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

func TestLocalFile_WritesSecretsWhenTheVersionChanges(t *testing.T) {
	t.Parallel()

	object := secretsFile(t)
	one := version(1, map[string]string{"b": "first", "a": "x"})

	if err := writeSecrets(object, nil, one); err != nil {
		t.Fatal(err)
	}

	if names := nameSecrets(object)["names"]; names != `["a","b"]` {
		t.Errorf("names are %s", names)
	}

	same := version(1, map[string]string{"b": "second"})
	if err := writeSecrets(object, &one, same); err != nil || content(t, object) != "{\n  \"a\": \"x\",\n  \"b\": \"first\"\n}\n" {
		t.Errorf("the same version was written: %s, %v", content(t, object), err)
	}

	if err := writeSecrets(object, &one, version(2, map[string]string{"b": "second"})); err != nil || content(t, object) != "{\n  \"b\": \"second\"\n}\n" {
		t.Errorf("a new version was not written: %s, %v", content(t, object), err)
	}

	for path, mode := range map[string]os.FileMode{object.Path: 0o600, filepath.Dir(object.Path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("mode of %s: %v, %v", path, info.Mode(), err)
		}
	}

	if err := object.Release(secretsOwner, false); !errors.Is(err, disk.ErrHoldsData) {
		t.Errorf("deleted secrets: %v", err)
	}
}

func TestLocalFile_KeepsSecretsThatOthersPutThere(t *testing.T) {
	t.Parallel()

	object := secretsFile(t)
	if err := object.Write([]byte(`{"theirs":"x"}`)); err != nil {
		t.Fatal(err)
	}

	none := localFileConfig{Mode: owned.PrivateMode}

	if err := writeSecrets(object, &none, none); err != nil || content(t, object) != `{"theirs":"x"}` {
		t.Errorf("changed without being told: %v", err)
	}

	var fault *flavor.AttributeError
	if err := writeSecrets(object, &none, version(1, map[string]string{"ours": "y"})); !errors.As(err, &fault) || fault.Attribute[0] != "secrets_wo" {
		t.Errorf("overwrote: %v", err)
	}

	if err := writeSecrets(object, &none, version(1, map[string]string{"ours": "y", "theirs": "z"})); err != nil {
		t.Error(err)
	}
}

func TestLocalFile_TakesWhatItCannotReadForSecrets(t *testing.T) {
	t.Parallel()

	object := secretsFile(t)
	if err := object.Write([]byte("password=x")); err != nil {
		t.Fatal(err)
	}

	if names := nameSecrets(object); names != nil {
		t.Errorf("names are %v", names)
	}

	if err := object.Release(secretsOwner, false); !errors.Is(err, disk.ErrHoldsData) {
		t.Errorf("deleted: %v", err)
	}
}
