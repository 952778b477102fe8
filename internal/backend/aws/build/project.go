// Package build makes projects of CodeBuild that build images.
package build

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Settings are how a project builds.
type Settings struct {
	// RoleARN is the role that builds run as.
	RoleARN string
	// Image is the one that builds run in.
	Image string
	// Compute is the type of machine, such as BUILD_GENERAL1_SMALL.
	Compute string
	// Privileged lets builds run a Docker daemon.
	Privileged bool
	// TimeoutMinutes ends a build; 5 to 2160.
	TimeoutMinutes int32
}

// Found is what a project is like: the facts that Observe gives.
type Found struct {
	Settings

	// Name is the project's own.
	Name string
	// RunsAsWanted says that builds run as the role that they should.
	RunsAsWanted bool
	// Needs are what was seen of what the project needs, in its order; what is missing has no Facts.
	Needs []part.Seen
}

// Project is a project as a component wants it. It has no source: whoever starts a build brings one.
type Project struct {
	Session     *session.Session
	Name        string
	Settings    Settings
	Description string
	// Needs are made before the project and removed after it, such as its role.
	Needs []part.Part
}

var _ part.Part = Project{}

// What names the project.
func (p Project) What() string { return fmt.Sprintf("CodeBuild project %q", p.Name) }

func (p Project) object() part.Object[*codebuild.Client, types.Project] {
	return part.Object[*codebuild.Client, types.Project]{
		What: p.What(), Session: p.Session, Open: p.Session.CodeBuild,
		Get: part.Tagged(p.get, func(live types.Project) map[string]string { return tagMap(live.Tags) }),
	}
}

// Ensure makes the project, or brings it to what is wanted.
func (p Project) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	var made part.Made

	for _, one := range p.Needs {
		more, err := one.Ensure(ctx, claim)
		made.Exists = made.Exists || more.Exists
		made.Notices = append(made.Notices, more.Notices...)

		if err != nil {
			return made, err
		}
	}

	own, err := p.object().Ensure(ctx, claim, p.create, p.change)
	made.Exists = made.Exists || own.Exists

	return made, err
}

func (p Project) create(ctx context.Context, client *codebuild.Client, claim part.Claim) (bool, error) {
	err := session.Settled(ctx, isNewRole, func() error {
		_, err := client.CreateProject(ctx, &codebuild.CreateProjectInput{
			Name: aws.String(p.Name), Description: aws.String(p.Description), ServiceRole: aws.String(p.Settings.RoleARN),
			Source: source(), Artifacts: artifacts(), Environment: p.environment(nil), LogsConfig: logs(nil),
			TimeoutInMinutes: aws.Int32(p.Settings.TimeoutMinutes), Tags: tagList(p.Session.Tags(claim.Marks())),
		})

		return err
	})

	switch {
	case session.Is(err, "ResourceAlreadyExistsException"):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create CodeBuild project %q", p.Name)
	}

	return true, nil
}

// isNewRole says that the role was made just now and is not known to CodeBuild yet.
func isNewRole(err error) bool {
	return session.Is(err, "InvalidInputException") && session.Says(err, "ot authorized to perform")
}

// change brings a project that exists to what is wanted, in one call. What others have set beside that stays.
func (p Project) change(ctx context.Context, client *codebuild.Client, claim part.Claim, live types.Project, tags map[string]string) error {
	merged, retagged := session.Retagged(tags, claim.Former, p.Session.Tags(claim.Marks()))
	if !retagged && settingsOf(live) == p.Settings && len(p.differences(live)) == 0 && aws.ToString(live.Description) == p.Description {
		return nil
	}

	err := session.Settled(ctx, isNewRole, func() error {
		_, err := client.UpdateProject(ctx, &codebuild.UpdateProjectInput{
			Name: aws.String(p.Name), Description: aws.String(p.Description), ServiceRole: aws.String(p.Settings.RoleARN),
			Source: source(), Artifacts: artifacts(), Environment: p.environment(live.Environment), LogsConfig: logs(live.LogsConfig),
			TimeoutInMinutes: aws.Int32(p.Settings.TimeoutMinutes), Tags: tagList(merged),
		})

		return err
	})

	return session.Worded(err, "change CodeBuild project %q", p.Name)
}

// Observe looks at the project and at what it needs; the facts are a Found.
func (p Project) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := p.object().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	found := Found{Settings: settingsOf(live), Name: p.Name, RunsAsWanted: aws.ToString(live.ServiceRole) == p.Settings.RoleARN}
	seen.Drift = append(seen.Drift, p.differences(live)...)

	if len(p.Needs) > 0 && !found.RunsAsWanted {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s runs as %s, should as %s", p.What(), found.RoleARN, p.Settings.RoleARN))
	}

	for _, one := range p.Needs {
		needed, err := one.Observe(ctx, claim)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			seen.Drift = append(seen.Drift, one.What()+" does not exist")
		case errors.Is(err, backend.ErrForeign):
			seen.Drift = append(seen.Drift, err.Error())
		case err != nil:
			return seen, err
		}

		seen.Drift = append(seen.Drift, needed.Drift...)
		found.Needs = append(found.Needs, needed)
	}

	seen.Facts = found

	return seen, nil
}

// Remove deletes the project, and then what it needed.
func (p Project) Remove(ctx context.Context, claim part.Claim) error {
	if err := p.object().Remove(ctx, claim, p.delete); err != nil {
		return err
	}

	for _, one := range slices.Backward(p.Needs) {
		if err := one.Remove(ctx, claim); err != nil {
			return err
		}
	}

	return nil
}

func (p Project) delete(ctx context.Context, client *codebuild.Client, _ types.Project) error {
	_, err := client.DeleteProject(ctx, &codebuild.DeleteProjectInput{Name: aws.String(p.Name)})

	return session.Worded(err, "delete CodeBuild project %q", p.Name)
}

// get reads the project. AWS names those that it does not have.
func (p Project) get(ctx context.Context, client *codebuild.Client) (types.Project, error) {
	answer, err := client.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: []string{p.Name}})

	switch {
	case err != nil:
		return types.Project{}, session.Worded(err, "read CodeBuild project %q", p.Name)
	case len(answer.Projects) > 0:
		return answer.Projects[0], nil
	case slices.Contains(answer.ProjectsNotFound, p.Name):
		return types.Project{}, fmt.Errorf("%s %w", p.What(), backend.ErrNotFound)
	default:
		return types.Project{}, fmt.Errorf("read CodeBuild project %q: AWS neither has it nor says that it does not", p.Name)
	}
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func tagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}
