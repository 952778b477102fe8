package kube_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: CURRENT
clusters:
- {name: c, cluster: {server: "https://one.example:6443", certificate-authority: ca.crt}}
- {name: d, cluster: {server: "https://two.example:6443"}}
users:
- {name: u, user: {token: s3cr3t}}
contexts:
- {name: one, context: {cluster: c, user: u}}
- {name: two, context: {cluster: d, user: u}}
`

func TestFromFile_ReadsAndNeverWrites(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("KUBECONFIG", "")

	write := func(path, current string) string {
		t.Helper()

		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "ca.crt"), nil, 0o600); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte(strings.Replace(kubeconfig, "CURRENT", current, 1)), 0o400); err != nil {
			t.Fatal(err)
		}

		return path
	}

	_, err := kube.FromFile("", "")
	contains(t, err, filepath.Join(home, ".kube", "config"), "no such file")

	usual := write(filepath.Join(home, ".kube", "config"), "two")
	other := write(filepath.Join(home, "other"), "")

	for _, c := range []struct{ path, context, host, says string }{
		{"", "", "https://two.example:6443", ""},
		{"", "one", "https://one.example:6443", ""},
		{"~/other", "two", "https://two.example:6443", ""},
		{other, "one", "https://one.example:6443", ""},
		{usual, "three", "", `there is no context "three"; it has one, two`},
		{other, "", "", "no context is named and none is current; it has one, two"},
		{"~/absent", "", "", filepath.Join(home, "absent")},
	} {
		config, err := kube.FromFile(c.path, c.context)
		if c.says != "" {
			contains(t, err, c.says)

			continue
		}

		if err != nil || config.Host != c.host || config.BearerToken != "s3cr3t" {
			t.Errorf("%+v: %v", c, err)

			continue
		}

		if c.context == "one" && c.path == "" && config.CAFile != filepath.Join(filepath.Dir(usual), "ca.crt") {
			t.Errorf("certificate is sought in %s", config.CAFile)
		}
	}

	t.Setenv("KUBECONFIG", other+string(filepath.ListSeparator)+usual)

	if config, err := kube.FromFile("", ""); err != nil || config.Host != "https://two.example:6443" {
		t.Errorf("merged: %v", err)
	}
}
