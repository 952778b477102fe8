package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// Where the CLI at hand knows identities, as OpenTofu 1.12 does, an import block with one takes over what is there, and a plan
// after it has nothing to do.
func TestIdentity_ImportsByABlockOfTheConfiguration(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	cli := acctest.NewCLI(t, localStore(path, ""))

	succeeds(t, cli, "apply", "-auto-approve")
	must(t, os.Remove(filepath.Join(cli.Dir, "terraform.tfstate")))
	must(t, os.WriteFile(filepath.Join(cli.Dir, "import.tf"), fmt.Appendf(nil, `
import {
  to       = %s
  identity = { flavor = "local", id = %q }
}
`, store, path), 0o600))

	output, err := cli.Run(t, "apply", "-auto-approve")
	if strings.Contains(output, `An argument named "identity" is not expected here`) {
		t.Skip("SKIPPED: this CLI knows of no identities; OpenTofu 1.12 does")
	}

	if err != nil || !strings.Contains(output, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Fatalf("%v\n%s", err, output)
	}

	succeeds(t, cli, "plan", "-detailed-exitcode")
	succeeds(t, cli, "destroy", "-auto-approve")
}
