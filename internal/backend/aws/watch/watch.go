// Package watch has what watches over the resources of a stack in CloudWatch: a log group, a dashboard, and alarms.
package watch

import "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"

// Retentions are the days for which CloudWatch Logs keeps events, besides 0 for ever.
var Retentions = []int64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// Subjects are what is watched.
type Subjects struct {
	// AllPipelines watches every pipeline of the account in the region: ZenML gives each run a pipeline of its own, whose name
	// nobody knows before.
	AllPipelines bool
	// Pipelines are those of SageMaker by their names.
	Pipelines []string
	// Jobs are what the names of training and processing jobs have in them; empty: all jobs of the account in the region.
	Jobs []string
	// Projects are those of CodeBuild.
	Projects []string
}

// Base is what the names of dashboard and alarms begin with, made of that of the log group.
func Base(logGroup string) string { return naming.Derived(naming.ForEKS, logGroup) }
