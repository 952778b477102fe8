// Package build makes projects of CodeBuild that build images.
package build

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// Ensure makes the project, or brings it to what is wanted.
func (p Project) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := p.Session.CodeBuild(ctx)
	if err != nil {
		return part.Made{}, err
	}

	var made part.Made

	for _, one := range p.Needs {
		more, err := one.Ensure(ctx, claim)
		made.Exists = made.Exists || more.Exists
		made.Notices = append(made.Notices, more.Notices...)

		if err != nil {
			return made, err
		}
	}

	wanted := p.Session.Tags(claim.Marks())

	exists, err := p.ensure(ctx, client, claim, wanted)
	made.Exists = made.Exists || exists

	return made, err
}

func (p Project) ensure(ctx context.Context, client *codebuild.Client, claim part.Claim, wanted map[string]string) (exists bool, err error) {
	if claim.Known {
		if exists, err := p.change(ctx, client, claim, wanted); !errors.Is(err, backend.ErrNotFound) {
			return exists, err
		}
	}

	err = session.Settled(ctx, isNewRole, func() error {
		_, err := client.CreateProject(ctx, &codebuild.CreateProjectInput{
			Name: aws.String(p.Name), Description: aws.String(p.Description), ServiceRole: aws.String(p.Settings.RoleARN),
			Source: source(), Artifacts: artifacts(), Environment: p.environment(nil), LogsConfig: logs(nil),
			TimeoutInMinutes: aws.Int32(p.Settings.TimeoutMinutes), Tags: tagList(wanted),
		})

		return err
	})

	switch {
	case session.Is(err, "ResourceAlreadyExistsException"):
		return p.change(ctx, client, claim, wanted)
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
func (p Project) change(ctx context.Context, client *codebuild.Client, claim part.Claim, wanted map[string]string) (exists bool, err error) {
	live, err := p.get(ctx, client)
	if err != nil {
		return false, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return false, err
	}

	merged, retagged := session.Retagged(tags, claim.Former, wanted)
	if !retagged && settingsOf(live) == p.Settings && len(p.differences(live)) == 0 && aws.ToString(live.Description) == p.Description {
		return true, nil
	}

	err = session.Settled(ctx, isNewRole, func() error {
		_, err := client.UpdateProject(ctx, &codebuild.UpdateProjectInput{
			Name: aws.String(p.Name), Description: aws.String(p.Description), ServiceRole: aws.String(p.Settings.RoleARN),
			Source: source(), Artifacts: artifacts(), Environment: p.environment(live.Environment), LogsConfig: logs(live.LogsConfig),
			TimeoutInMinutes: aws.Int32(p.Settings.TimeoutMinutes), Tags: tagList(merged),
		})

		return err
	})

	return true, session.Worded(err, "change CodeBuild project %q", p.Name)
}

// Observe looks at the project and at what it needs; the facts are a Found.
func (p Project) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := p.Session.CodeBuild(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, err := p.get(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return part.Seen{}, err
	}

	found := Found{Settings: settingsOf(live), Name: p.Name, RunsAsWanted: aws.ToString(live.ServiceRole) == p.Settings.RoleARN}
	seen := part.Seen{Tags: tags}
	seen.Drift = append(session.Differences(tags, p.Session.Tags(claim.Owner)), p.differences(live)...)

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
	client, err := p.Session.CodeBuild(ctx)
	if err != nil {
		return err
	}

	live, err := p.get(ctx, client)

	switch {
	case errors.Is(err, backend.ErrNotFound):
	case err != nil:
		return err
	case claim.Owns(tagMap(live.Tags)):
		if _, err := client.DeleteProject(ctx, &codebuild.DeleteProjectInput{Name: aws.String(p.Name)}); err != nil {
			return session.Worded(err, "delete CodeBuild project %q", p.Name)
		}
	}

	for _, one := range slices.Backward(p.Needs) {
		if err := one.Remove(ctx, claim); err != nil {
			return err
		}
	}

	return nil
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
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if strings.HasPrefix(key, "aws:") {
			continue // AWS puts it there, and lets nobody else
		}

		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}

	return list
}

func tagMap(list []types.Tag) map[string]string {
	tags := make(map[string]string, len(list))
	for _, tag := range list {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}

	return tags
}
