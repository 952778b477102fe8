package coderepository

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const gitLabHost = "gitlab.com"

var (
	gitLabGroup   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`)
	gitLabProject = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_.-]*$`)
)

// GitLab is a project on GitLab or a GitLab server of one's own.
var GitLab = flavor.External(flavor.Meta{
	Name:    "gitlab",
	Summary: "A project on GitLab or a GitLab server of your own.",
	Runs:    flavor.Elsewhere,
	View:    pageOf(gitLabHost, "group", "project"),
}, map[string]schema.Attribute{
	"group":   name("Group or user that the project belongs to; subgroups after a slash.", gitLabGroup, "must be the path of a group, such as ml or ml/churn"),
	"project": name("Path of the project, without its group.", gitLabProject, "must be the path of a project without its group"),
	"host":    host("GitLab", gitLabHost),
})
