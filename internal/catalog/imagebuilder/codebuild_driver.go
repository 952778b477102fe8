package imagebuilder

import (
	"context"
	"fmt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/build"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const (
	codeBuildPurpose = "codebuild"
	codeBuildService = "codebuild.amazonaws.com"
)

// plannedGroup is the log group that the component looks after, as far as it is known; "" for none.
func plannedGroup(days, project any) any {
	switch days := days.(type) {
	case int64:
		if days == 0 {
			return ""
		}

		return flavor.Map(project, func(name string) any { return build.GroupName(name) })
	case nil:
		return ""
	default:
		return zenml.Unknown{}
	}
}

var codeBuildDriver = amazon.Driver[codeBuildConfig]{
	Partial: func(cfg codeBuildConfig) bool { return cfg.Store == nil },
	Flavor:  "codebuild",
	Named:   "project",
	ID:      codeBuildID,
	Region:  func(cfg codeBuildConfig) string { return cfg.Region },
	Parts:   codeBuildParts,
	Learn:   codeBuildLearn,
	Adopt:   codeBuildAdopt,
	Outputs: codeBuildOutputs,
}

func codeBuildID(in flavor.Input, cfg codeBuildConfig) string {
	switch {
	case cfg.Project != nil && *cfg.Project != "":
		return *cfg.Project
	case in.Name == "":
		return ""
	default:
		return projectOf("", in.Name)
	}
}

// codeBuildAdopt begins an import with what a project is by default, so that what cannot be read from it is no change.
func codeBuildAdopt(string) codeBuildConfig {
	return codeBuildConfig{Grants: amazon.DefaultGrants(), Implicit: true, Variables: map[string]string{}}
}

// codeBuildParts are the project with its role, which the component is known by, and what stands beside it.
func codeBuildParts(ctx context.Context, site amazon.Site, project string, cfg codeBuildConfig) ([]part.Part, error) {
	// A project that was imported under no name of the configuration's keeps its own.
	if wanted := codeBuildID(site.Input, cfg); cfg.Project != nil && wanted != "" && wanted != project {
		return nil, &flavor.AttributeError{
			Attribute: []string{"project"}, Err: fmt.Errorf("the component is the project %q, and the configuration names %q", project, wanted),
			Fix: fmt.Sprintf("Set project = %q.", project),
		}
	}

	granted, err := cfg.Grant(ctx, site, project)
	if err != nil {
		return nil, err
	}

	bucket := amazon.Bucket(cfg.Store)
	if cfg.KMSKey != "" {
		bucket.Key = cfg.KMSKey
	}

	runs := granted.Role(codeBuildPurpose, "Runs the builds of the CodeBuild project "+project+".", policy.Trust(codeBuildService, granted.Place.Account),
		map[string]policy.Document{"build": policy.CodeBuildRole(granted.Place, policy.Build{
			Project: project, Bucket: bucket, Repositories: amazon.Repositories(cfg.Registry),
		})})

	one := build.Project{
		Session: site.Session, Name: project, Description: "Builds images for ZenML.", Settings: build.Settings{
			RoleARN: cfg.RoleARN, Image: cfg.Image, Compute: cfg.Compute, Privileged: cfg.Privileged,
			TimeoutMinutes: int32(cfg.Timeout), //nolint:gosec // at most 2160
		},
	}
	if cfg.RoleARN == "" {
		one.Settings.RoleARN = granted.RoleARN(codeBuildPurpose)
		one.Needs = []part.Part{runs}
	}

	client := granted.Client(codeBuildPurpose, "For who starts builds in the CodeBuild project "+project+".", policy.CodeBuildClient(granted.Place.ProjectARN(project)))
	group := build.Group{
		Session: site.Session, Place: granted.Place, Project: project,
		RetentionDays: int32(cfg.LogRetention), //nolint:gosec // a number of CloudWatch's
	}

	list := amazon.List(site).Add(true, outputProject, one)
	if cfg.RoleARN != "" {
		list.Add(false, amazon.OutputRoleName, runs)
	}

	list.Add(cfg.ClientPolicy, amazon.OutputClientPolicy, client)

	switch {
	case cfg.LogRetention > 0:
		list.Add(true, outputLogGroup, group)
	case site.Input.Outputs[outputLogGroup] != "":
		list.Add(true, outputLogGroup, build.Released{Group: group})
	}

	return list.Parts(), nil
}

// codeBuildLearn shows what differs on its attribute.
func codeBuildLearn(cfg *codeBuildConfig, seen []part.Seen) {
	found, ok := seen[0].Facts.(build.Found)
	if !ok {
		return
	}

	// Which role an own one was exchanged for is no attribute, but for an import: nothing says yet that there is an own one.
	if imported := cfg.Timeout == 0; cfg.RoleARN != "" || imported && !found.RunsAsWanted {
		cfg.RoleARN = found.RoleARN
	}

	cfg.Image, cfg.Compute, cfg.Privileged, cfg.Timeout = found.Image, found.Compute, found.Privileged, int64(found.TimeoutMinutes)
	cfg.Learned(found.Needs)

	if owner, _ := session.Owner(seen[0].Tags); cfg.Project == nil && projectOf("", owner.Name) != found.Name {
		cfg.Project = &found.Name
	}

	for _, one := range seen[1:] {
		if days, ok := one.Facts.(int32); ok {
			cfg.LogRetention = int64(days)
		}
	}
}

func codeBuildOutputs(ctx context.Context, site amazon.Site, project string, cfg codeBuildConfig) (map[string]string, error) {
	granted, err := cfg.Grant(ctx, site, project)
	if err != nil {
		return nil, err
	}

	outputs := map[string]string{
		outputProject: project, outputProjectARN: granted.Place.ProjectARN(project), outputLogGroup: "",
		amazon.OutputRole: cfg.RoleARN, amazon.OutputRoleName: "", amazon.OutputClientPolicy: granted.ClientARN(codeBuildPurpose),
		amazon.OutputRegion: site.Region, amazon.OutputAccount: granted.Place.Account,
	}

	if cfg.RoleARN == "" {
		outputs[amazon.OutputRole], outputs[amazon.OutputRoleName] = granted.RoleARN(codeBuildPurpose), granted.RoleName(codeBuildPurpose)
	}

	if cfg.LogRetention > 0 {
		outputs[outputLogGroup] = build.GroupName(project)
	}

	return outputs, nil
}
