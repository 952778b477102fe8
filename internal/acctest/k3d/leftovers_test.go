package k3d_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

func TestLeftovers_NamesWhatIsLeftOfACluster(t *testing.T) {
	t.Parallel()
	k3d.Require(t)

	docker := func(arguments ...string) string {
		t.Helper()

		output, err := exec.CommandContext(t.Context(), "docker", arguments...).CombinedOutput()
		if err != nil {
			t.Fatalf("docker %s: %v: %s", strings.Join(arguments, " "), err, output)
		}

		return strings.TrimSpace(string(output))
	}

	name := k3d.NewName()
	if left := k3d.Leftovers(t, name); len(left) > 0 {
		t.Errorf("Leftovers of no cluster = %q", left)
	}

	anonymous := docker("volume", "create")
	docker("volume", "create", "k3d-"+name+"-images")

	left := k3d.Leftovers(t, name, anonymous)
	if want := []string{"volume k3d-" + name + "-images", "volume " + anonymous}; !slices.Equal(left, want) {
		t.Errorf("Leftovers = %q, want %q", left, want)
	}

	docker("volume", "rm", anonymous, "k3d-"+name+"-images")

	if left := k3d.Leftovers(t, name, anonymous); len(left) > 0 {
		t.Errorf("Leftovers after the removal = %q", left)
	}
}

func TestImport_FailsWhereNothingIsImported(t *testing.T) {
	t.Parallel()
	images := k3d.Require(t)

	if err := k3d.Import(t.Context(), k3d.NewName(), images.Model); err == nil || !strings.Contains(err.Error(), "no running node") {
		t.Errorf("Import into a cluster that is not there = %v", err)
	}
}

func TestVolumes_FindsTheAnonymousOnes(t *testing.T) {
	t.Parallel()

	cluster := k3d.Shared(t, k3d.Require(t).Busybox)
	if volumes := k3d.Volumes(t, cluster.Name); len(volumes) < 2 {
		t.Errorf("Volumes of a running cluster = %q, want those of its node", volumes)
	}

	if err := k3d.Import(t.Context(), cluster.Name, "mlstacks-test/none:1"); err == nil {
		t.Error("Import of an image that is not there succeeds")
	}
}
