package live_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What was made elsewhere, or lost with its state, is imported by the lines that the documentation has. The plan after that
// shows what cannot be read from the objects, and nothing is replaced.
func TestAWS_ImportTakesOverEveryComponent(t *testing.T) {
	t.Parallel()

	a := inAWS(t, awsExample(t, "aws-sagemaker"))
	a.apply()

	identifiers := map[string]string{
		bucketAddress: "s3/" + a.bucket(), repositoryAddress: "ecr/acme/ml", pipelinesAddress: "sagemaker/pipelines", trainingAddress: "sagemaker/training",
		buildsAddress: "codebuild/builds", vaultAddress: "aws/secrets", awsStackAddress: "aws",
	}
	addresses := slices.Sorted(maps.Keys(identifiers))

	a.does(append([]string{"state", "rm"}, addresses...)...)
	a.calls()

	for _, address := range addresses {
		a.does("import", address, identifiers[address])
	}

	p := a.plan()

	if calls := a.calls(); slices.ContainsFunc(calls, writes) {
		t.Errorf("imports have written: %v", calls)
	}

	for _, address := range addresses {
		if does := p.of(address); does != "nothing" && does != "update" {
			t.Errorf("%s: %s", address, does)
		}
	}

	// References and labels are in no object, so that the first update brings them in; and what the policies are to say follows
	// from the references.
	changed := slices.DeleteFunc(p.changed(), func(line string) bool {
		return strings.HasPrefix(line, awsStackAddress) || strings.Contains(line, `: policy "`)
	})

	if !slices.Equal(changed, []string{
		bucketAddress + ".labels_all",
		repositoryAddress + ".labels_all",
		buildsAddress + ".codebuild.artifact_store",
		buildsAddress + ".codebuild.container_registry",
		buildsAddress + ".codebuild.project",
		buildsAddress + ".labels_all",
		pipelinesAddress + ".labels_all",
		pipelinesAddress + ".sagemaker.artifact_store",
		pipelinesAddress + ".sagemaker.container_registry",
		vaultAddress + ".labels_all",
		trainingAddress + ".labels_all",
		trainingAddress + ".sagemaker.artifact_store",
		trainingAddress + ".sagemaker.container_registry",
	}) {
		t.Errorf("after the import the plan changes %q", changed)
	}

	a.apply()
	a.settled()
	a.leavesNothing()
}
