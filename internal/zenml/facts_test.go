package zenml_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The embedded facts are those of the ZenML that the tests run: `make zenml-facts` writes them afresh.
func TestFacts_AreThoseOfTheInstalledZenML(t *testing.T) {
	t.Parallel()

	python := os.Getenv("MLSTACKS_TEST_ZENML_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: MLSTACKS_TEST_ZENML_PYTHON does not name a Python with ZenML; `make test` sets one up")
	}

	check := exec.CommandContext(t.Context(), python, filepath.Join("facts", "generate.py"), "--check")
	check.Env = append(os.Environ(), "ZENML_CONFIG_PATH="+t.TempDir(), "ZENML_ANALYTICS_OPT_IN=false")

	if output, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
