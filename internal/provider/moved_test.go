package provider_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

const movedBucket = `
moved {
  from = aws_s3_bucket.artifacts
  to   = mlstacks_artifact_store.main
}
resource "mlstacks_artifact_store" "main" {
  name = "main"
  s3   = { bucket = "BUCKET", tls_only = false } # there is none between the test and the double
}
`

// A bucket that hashicorp/aws made, in another region than the login's, changes hands by one block: what is in it stays, as do
// the tags that others put on it. The state is one that hashicorp/aws 5.100.0 wrote.
func TestMoved_BucketIsTakenOverWithWhatIsInIt(t *testing.T) {
	t.Parallel()

	const region = "eu-west-1"

	double := aws.Start(t)
	name := "moved-" + double.Account
	client := s3.NewFromConfig(double.Config(region))
	fill(t, client, name, region)

	cli := acctest.NewCLI(t, strings.ReplaceAll(movedBucket, "BUCKET", name))
	cli.Prepare = func(command *exec.Cmd) { command.Env = append(command.Env, double.Env()...) }
	leave := standIn(t, cli, "hashicorp", "aws")
	storedState(t, cli, "aws_s3_bucket-state.json", "BUCKET", name, "REGION", region)

	output, err := cli.Run(t, "plan")
	if err != nil || !acctest.SaysAll("moved", "aws_s3_bucket.artifacts", "0 to add, 1 to change, 0 to destroy").MatchString(output) {
		t.Fatalf("plan: %v\n%s", err, output)
	}

	if region := regexp.MustCompile(`"region" += .*`).FindString(output); region != "" {
		t.Errorf("the plan moves the bucket to another region: %s", region)
	}

	succeeds(t, cli, "apply", "-auto-approve")
	leave() // nothing in the state is of that provider any more, so that it is needed no longer
	succeeds(t, cli, "plan", "-detailed-exitcode")

	if content := read(t, client, name, "runs/1/model"); content != "weights" {
		t.Errorf("the object is %q now", content)
	}

	tags, err := client.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: &name})
	must(t, err)

	for key, value := range map[string]string{"team": "ml", "mlstacks:name": "main"} {
		if !slices.ContainsFunc(tags.TagSet, func(tag s3types.Tag) bool { return *tag.Key == key && *tag.Value == value }) {
			t.Errorf("the bucket has no tag %s = %s", key, value)
		}
	}

	state, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	must(t, err)

	if strings.Contains(string(state), "hashicorp/aws") {
		t.Error("the state still names the former provider")
	}
}

// fill makes a bucket as somebody else would, with an object in it.
func fill(t *testing.T, client *s3.Client, name, region string) {
	t.Helper()

	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)},
	})
	must(t, err)

	_, err = client.PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{
		Bucket: &name, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: sdk.String("team"), Value: sdk.String("ml")}}},
	})
	must(t, err)

	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: sdk.String("runs/1/model"), Body: strings.NewReader("weights")})
	must(t, err)
}

func read(t *testing.T, client *s3.Client, bucket, key string) string {
	t.Helper()

	object, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	must(t, err)

	content, err := io.ReadAll(object.Body)
	must(t, err)

	return string(content)
}

// storedState makes a state that is kept with the tests the one of a configuration, with texts in it replaced.
func storedState(t *testing.T, cli *acctest.CLI, file string, replace ...string) {
	t.Helper()

	text, err := os.ReadFile(filepath.Join("testdata", "moved", file))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(cli.Dir, "terraform.tfstate"), []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600))
}

// standIn puts something in the place of the provider that a state names. The CLI wants it to be installed, asks it for its
// schema, and for nothing else: so another program of the same protocol does. The function takes it away again.
func standIn(t *testing.T, cli *acctest.CLI, namespace, name string) (leave func()) {
	t.Helper()

	settings := filepath.Join(cli.Dir, "cli.tfrc")

	before, err := os.ReadFile(settings)
	must(t, err)

	found := regexp.MustCompile(`mlstacks/mlstacks" = "(.+)"`).FindStringSubmatch(string(before))
	if found == nil {
		t.Fatalf("no plugin in %s", before)
	}

	dir := filepath.Join(cli.Dir, "stand-in")
	must(t, os.MkdirAll(dir, 0o755))
	must(t, os.Symlink(filepath.Join(found[1], "terraform-provider-mlstacks"), filepath.Join(dir, "terraform-provider-"+name)))

	var more strings.Builder
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		fmt.Fprintf(&more, "dev_overrides {\n    \"%s/%s/%s\" = %q\n", host, namespace, name, dir)
	}

	text := strings.Replace(string(before), "dev_overrides {\n", "dev_overrides {\n"+strings.ReplaceAll(more.String(), "dev_overrides {\n", ""), 1)
	must(t, os.WriteFile(settings, []byte(text), 0o644))

	return func() { must(t, os.WriteFile(settings, before, 0o644)) }
}
