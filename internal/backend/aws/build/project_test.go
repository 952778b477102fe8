package build_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/build"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

const (
	name     = "images"
	roleName = "images-codebuild"
)

func claim() part.Claim {
	return part.Claim{
		Owner: backend.Owner{Kind: "image_builder", Flavor: "codebuild", Name: "main", Labels: map[string]string{"team": "ml"}}, Was: "main", Fresh: "ONE",
	}
}

// known is the claim of a component that the state has.
func known() part.Claim {
	c := claim()
	c.Known, c.Incarnation = true, "ONE"

	return c
}

func wanted(d *awstest.Double) build.Project {
	s := session.New(d.Login())
	place := policy.Place{Partition: "aws", Region: awstest.Region, Account: d.Account}

	return build.Project{
		Session: s, Name: name, Description: "Builds images.", Settings: build.Settings{
			RoleARN: place.RoleARN("/", roleName), Image: "docker:latest", Compute: "BUILD_GENERAL1_SMALL", Privileged: true, TimeoutMinutes: 60,
		},
		Needs: []part.Part{role.Role{
			Session: s, Name: roleName, Path: "/", Trust: policy.Trust("codebuild.amazonaws.com", d.Account),
			Inline: map[string]policy.Document{"build": policy.CodeBuildRole(place, policy.Build{Project: name})},
		}},
	}
}

func client(d *awstest.Double) *codebuild.Client {
	return codebuild.NewFromConfig(d.Config(awstest.Region))
}

func ensure(t *testing.T, p part.Part, c part.Claim) {
	t.Helper()

	if made, err := p.Ensure(t.Context(), c); err != nil || !made.Exists {
		t.Fatalf("ensure: %+v, %v", made, err)
	}
}

func observe(t *testing.T, p build.Project, c part.Claim) (build.Found, part.Seen) {
	t.Helper()

	seen, err := p.Observe(t.Context(), c)
	if err != nil {
		t.Fatalf("observe: %v", err)
	}

	found, ok := seen.Facts.(build.Found)
	if !ok {
		t.Fatalf("facts are %T", seen.Facts)
	}

	return found, seen
}

func TestProject_IsMadeWithItsRoleInThreeCallsAndReadInThree(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	p := wanted(d)
	ensure(t, p, claim())

	if n := len(d.Calls()); n != 3 {
		t.Errorf("%d calls: %v", n, d.Calls())
	}

	d.Reset()

	found, seen := observe(t, p, known())
	if found.Settings != p.Settings || len(seen.Drift) > 0 || !found.RunsAsWanted {
		t.Errorf("found %+v, drift %v", found, seen.Drift)
	}

	if n := len(d.Calls()); n != 3 {
		t.Errorf("%d calls: %v", n, d.Calls())
	}
}

func TestProject_WaitsUntilItsRoleIsKnown(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	d.Propagate(2)
	ensure(t, wanted(d), claim())

	if n := d.Count("codebuild:CreateProject"); n != 3 {
		t.Errorf("%d attempts", n)
	}
}

func TestProject_DoesNotWaitForWhatIsDenied(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	d.Inject(awstest.Fault{Operation: "codebuild:CreateProject", Code: "AccessDeniedException", Message: "not authorized to perform: codebuild:CreateProject", Times: -1})

	made, err := wanted(d).Ensure(t.Context(), claim())
	if err == nil || !made.Exists || d.Count("codebuild:CreateProject") != 1 {
		t.Errorf("%+v, %v, %d attempts", made, err, d.Count("codebuild:CreateProject"))
	}
}

func TestProject_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	d.Inject(awstest.Fault{Operation: "codebuild:CreateProject", LoseAnswer: true})

	p := wanted(d)
	ensure(t, p, claim())

	if found, seen := observe(t, p, known()); found.Settings != p.Settings || len(seen.Drift) > 0 {
		t.Errorf("found %+v, drift %v", found, seen.Drift)
	}
}

func TestProject_OfSomebodyElseIsRefusedAndKept(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	theirs := wanted(d)

	other := claim()
	other.Name, other.Was, other.Fresh = "others", "others", "TWO"
	ensure(t, theirs, other)

	mine := wanted(d)
	mine.Needs = nil

	made, err := mine.Ensure(t.Context(), claim())
	if !errors.Is(err, backend.ErrForeign) || made.Exists || !strings.Contains(err.Error(), `"others"`) {
		t.Errorf("%+v, %v", made, err)
	}

	if err := mine.Remove(t.Context(), claim()); err != nil {
		t.Error(err)
	}

	other.Incarnation, other.Known = "TWO", true
	observe(t, theirs, other)
}

func TestProject_DriftIsSeenAndRepaired(t *testing.T) {
	t.Parallel()

	for what, test := range map[string]struct {
		change codebuild.UpdateProjectInput
		found  func(*build.Settings)
		drift  string
	}{
		"timeout": {codebuild.UpdateProjectInput{TimeoutInMinutes: aws.Int32(5)}, func(s *build.Settings) { s.TimeoutMinutes = 5 }, ""},
		"environment": {codebuild.UpdateProjectInput{Environment: &types.ProjectEnvironment{
			Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("other"), ComputeType: types.ComputeTypeBuildGeneral1Large,
		}}, func(s *build.Settings) { s.Image, s.Compute, s.Privileged = "other", "BUILD_GENERAL1_LARGE", false }, ""},
		"machine": {codebuild.UpdateProjectInput{Environment: &types.ProjectEnvironment{
			Type: types.EnvironmentTypeArmContainer, Image: aws.String("docker:latest"), ComputeType: types.ComputeTypeBuildGeneral1Small, PrivilegedMode: aws.Bool(true),
		}}, nil, "builds on ARM_CONTAINER"},
		"role": {
			codebuild.UpdateProjectInput{ServiceRole: aws.String("arn:aws:iam::123456789012:role/other")},
			func(s *build.Settings) { s.RoleARN = "arn:aws:iam::123456789012:role/other" }, "runs as arn:aws:iam::123456789012:role/other",
		},
		"source": {codebuild.UpdateProjectInput{Source: &types.ProjectSource{Type: types.SourceTypeS3, Location: aws.String("b/x")}}, nil, "has a source of its own"},
		"artifacts": {codebuild.UpdateProjectInput{Artifacts: &types.ProjectArtifacts{
			Type: types.ArtifactsTypeS3, Location: aws.String("b"),
		}}, nil, "keeps artifacts"},
		"log": {codebuild.UpdateProjectInput{LogsConfig: &types.LogsConfig{
			CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeDisabled},
		}}, nil, "does not write its log"},
		"tags": {codebuild.UpdateProjectInput{Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}}, nil, `tag team is "x"`},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			d := awstest.Start(t)
			p := wanted(d)
			ensure(t, p, claim())

			change := test.change
			change.Name = aws.String(name)

			if _, err := client(d).UpdateProject(t.Context(), &change); err != nil {
				t.Fatal(err)
			}

			want := p.Settings
			if test.found != nil {
				test.found(&want)
			}

			found, seen := observe(t, p, known())
			if found.Settings != want || test.drift != "" && !strings.Contains(strings.Join(seen.Drift, "\n"), test.drift) {
				t.Errorf("found %+v, drift %v", found, seen.Drift)
			}

			ensure(t, p, known())

			if found, seen := observe(t, p, known()); found.Settings != p.Settings || len(seen.Drift) > 0 {
				t.Errorf("after the repair: %+v, drift %v", found, seen.Drift)
			}
		})
	}
}

func TestProject_KeepsWhatOthersAdd(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	p := wanted(d)
	ensure(t, p, claim())

	_, seen := observe(t, p, known())

	tags := []types.Tag{{Key: aws.String("theirs"), Value: aws.String("x")}}
	for key, value := range seen.Tags {
		tags = append(tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
	}

	variables := []types.EnvironmentVariable{{Name: aws.String("PROXY"), Value: aws.String("proxy:3128")}}

	if _, err := client(d).UpdateProject(t.Context(), &codebuild.UpdateProjectInput{Name: aws.String(name), Tags: tags, Environment: &types.ProjectEnvironment{
		Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("x"), ComputeType: types.ComputeTypeBuildGeneral1Small, EnvironmentVariables: variables,
	}}); err != nil {
		t.Fatal(err)
	}

	next := known()
	next.Labels, next.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	ensure(t, p, next)

	if _, seen := observe(t, p, next); seen.Tags["theirs"] != "x" || seen.Tags["team"] != "" || seen.Tags["stage"] != "prod" || len(seen.Drift) > 0 {
		t.Errorf("tags are %v, drift %v", seen.Tags, seen.Drift)
	}

	answer, err := client(d).BatchGetProjects(t.Context(), &codebuild.BatchGetProjectsInput{Names: []string{name}})
	if err != nil || len(answer.Projects[0].Environment.EnvironmentVariables) != 1 {
		t.Errorf("projects are %+v, %v", answer.Projects, err)
	}
}

func TestProject_RoleThatIsDeletedByHandIsMadeAgain(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	p := wanted(d)
	ensure(t, p, claim())

	c := iam.NewFromConfig(d.Config(awstest.Region))
	if _, err := c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: aws.String(roleName), PolicyName: aws.String("build")}); err != nil {
		t.Fatal(err)
	}

	if _, err := c.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String(roleName)}); err != nil {
		t.Fatal(err)
	}

	if _, seen := observe(t, p, known()); !slices.Equal(seen.Drift, []string{`role "images-codebuild" does not exist`}) {
		t.Errorf("drift is %v", seen.Drift)
	}

	ensure(t, p, known())

	if _, seen := observe(t, p, known()); len(seen.Drift) > 0 {
		t.Errorf("drift is %v", seen.Drift)
	}
}

func TestProject_LeavesNothing(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	p := wanted(d)
	ensure(t, p, claim())

	for range 2 {
		if err := p.Remove(t.Context(), known()); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := p.Observe(t.Context(), known()); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}

	if _, err := p.Needs[0].Observe(t.Context(), known()); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe the role: %v", err)
	}
}

func TestProject_ThatCannotBeAskedIsNotGone(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	p := wanted(d)
	ensure(t, p, claim())
	d.Inject(awstest.Fault{Operation: "codebuild:*", HTML: true, Status: 404, Times: -1})

	if _, err := p.Observe(t.Context(), known()); err == nil || errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}

	if err := p.Remove(t.Context(), known()); err == nil {
		t.Error("remove claims to have succeeded")
	}
}
