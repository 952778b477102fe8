package build

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
)

// buildspec is what a build does that nobody gives anything to do. A project without a source needs one.
const buildspec = `version: 0.2
phases:
  build:
    commands:
      - echo "Whoever starts a build of this project says what is to be done."
`

// source is none.
func source() *types.ProjectSource {
	return &types.ProjectSource{Type: types.SourceTypeNoSource, Buildspec: aws.String(buildspec)}
}

// artifacts are none.
func artifacts() *types.ProjectArtifacts {
	return &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts}
}

// environment is the one of the settings; what else stands in the one that is there stays.
func (p Project) environment(live *types.ProjectEnvironment) *types.ProjectEnvironment {
	wanted := types.ProjectEnvironment{}
	if live != nil {
		wanted = *live
	}

	wanted.Type = types.EnvironmentTypeLinuxContainer // as ZenML has it, too
	wanted.ComputeType = types.ComputeType(p.Settings.Compute)
	wanted.Image = aws.String(p.Settings.Image)
	wanted.PrivilegedMode = aws.Bool(p.Settings.Privileged)

	return &wanted
}

func kindOf(live *types.ProjectEnvironment) types.EnvironmentType {
	if live == nil {
		return ""
	}

	return live.Type
}

// logs go to the group that has the project's name; where else they go stays.
func logs(live *types.LogsConfig) *types.LogsConfig {
	wanted := types.LogsConfig{}
	if live != nil {
		wanted = *live
	}

	wanted.CloudWatchLogs = &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeEnabled}

	return &wanted
}

func settingsOf(live types.Project) Settings {
	found := Settings{RoleARN: aws.ToString(live.ServiceRole), TimeoutMinutes: aws.ToInt32(live.TimeoutInMinutes)}

	if e := live.Environment; e != nil {
		found.Image, found.Compute, found.Privileged = aws.ToString(e.Image), string(e.ComputeType), aws.ToBool(e.PrivilegedMode)
	}

	return found
}

// differences says, a line each, what differs from what is wanted and is no setting.
func (p Project) differences(live types.Project) []string {
	var lines []string

	if live.Source == nil || live.Source.Type != types.SourceTypeNoSource {
		lines = append(lines, p.What()+" has a source of its own, should have none")
	}

	if live.Artifacts == nil || live.Artifacts.Type != types.ArtifactsTypeNoArtifacts {
		lines = append(lines, p.What()+" keeps artifacts, should keep none")
	}

	if has := kindOf(live.Environment); has != types.EnvironmentTypeLinuxContainer {
		lines = append(lines, fmt.Sprintf("%s builds on %s, should on %s", p.What(), has, types.EnvironmentTypeLinuxContainer))
	}

	if l := live.LogsConfig; l != nil && l.CloudWatchLogs != nil &&
		(l.CloudWatchLogs.Status == types.LogsConfigStatusTypeDisabled || aws.ToString(l.CloudWatchLogs.GroupName) != "") {
		lines = append(lines, p.What()+" does not write its log to the group of its own name")
	}

	return lines
}
