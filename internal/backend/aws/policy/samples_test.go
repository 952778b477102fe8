package policy

import "strings"

// places are one of each kind of partition.
var places = []Place{
	{"aws", "eu-west-1", "123456789012"},
	{"aws-cn", "cn-north-1", "123456789012"},
	{"aws-us-gov", "us-gov-west-1", "123456789012"},
}

// samples call every function of this package that makes a document or a statement; a test sees to it that none is missing. Each
// is called with everything, and with as little as it takes.
func samples(at Place) map[string][]Document {
	var (
		key          = at.arn("kms", "key/12345678-1234-1234-1234-123456789012")
		full         = Bucket{Name: "ml-artifacts", Prefix: "/team/", Key: key}
		plain        = Bucket{Name: "ml-artifacts"}
		repositories = []string{at.RepositoryARN("zenml"), at.RepositoryARN("team/base"), elsewhere(at)}
		role         = at.RoleARN("/ml/", "runtime")
		runtime      = Runtime{Role: role, Bucket: full, Repositories: repositories, Subnets: []string{"subnet-1", "subnet-2"}, SecurityGroups: []string{"sg-1"}}
		deployer     = Deployer{ServicePrefix: "zenml-", SecretPrefix: "zenml-", AccessRole: role, InstanceRole: role}
	)

	return map[string][]Document{
		"ArtifactClient":              {ArtifactClient(at, full), ArtifactClient(at, plain), ArtifactClient(at, Bucket{})},
		"PodStore":                    {PodStore(at, full)},
		"RegistryPush":                {RegistryPush(repositories), RegistryPush(nil)},
		"RegistryPull":                {RegistryPull(repositories), RegistryPull(nil)},
		"SageMakerRuntime":            {SageMakerRuntime(at, runtime), SageMakerRuntime(at, Runtime{Role: role})},
		"SageMakerOrchestratorClient": {SageMakerOrchestratorClient(at, role)},
		"SageMakerStepOperatorClient": {SageMakerStepOperatorClient(at, role)},
		"SageMakerSchedulerClient":    {SageMakerSchedulerClient(at, role)},
		"SageMakerScheduler":          {SageMakerScheduler(at), SageMakerScheduler(at, "Daily", "weekly")},
		"ModelPackageGroupClient":     {ModelPackageGroupClient(at, "Models"), ModelPackageGroupClient(at, "")},
		"FeatureStoreRole":            {FeatureStoreRole(at, full), FeatureStoreRole(at, Bucket{})},
		"FeatureStoreClient":          {FeatureStoreClient(at, role, ""), FeatureStoreClient(at, role, "Team")},
		"CodeBuildRole": {
			CodeBuildRole(at, Build{Project: "builder", Bucket: full, Repositories: repositories, LogGroup: "/builds"}),
			CodeBuildRole(at, Build{Project: "builder"}),
		},
		"CodeBuildClient":   {CodeBuildClient(at.ProjectARN("builder"))},
		"SecretsClient":     {SecretsClient(at, "zenml/", key), SecretsClient(at, "zenml/", ""), SecretsClient(at, "", key)},
		"AppRunnerAccess":   {AppRunnerAccess(repositories), AppRunnerAccess(nil)},
		"AppRunnerInstance": {AppRunnerInstance(at, "zenml-"), AppRunnerInstance(at, "")},
		"AppRunnerClient":   {AppRunnerClient(at, deployer), AppRunnerClient(at, Deployer{AccessRole: role, InstanceRole: role})},
		"SkyPilotAWS":       {SkyPilotAWS(at, SkyPilot{Regions: []string{at.Region}, Ports: true, Bucket: full}), SkyPilotAWS(at, SkyPilot{})},
		"Trust":             {Trust(sageMakerService, at.Account), Trust("codebuild.amazonaws.com", at.Account), Trust("build.apprunner.amazonaws.com", at.Account)},
		"TrustEKSCluster":   {TrustEKSCluster()},
		"TrustEKSNode":      {TrustEKSNode()},
		"TrustPodIdentity":  {TrustPodIdentity()},
		"TLSOnly":           {{Version: Version, Statement: []Statement{TLSOnly(at.BucketARN("ml-artifacts"))}}},
		"Join":              {Join(ArtifactClient(at, full), RegistryPush(repositories), SageMakerOrchestratorClient(at, role), SageMakerSchedulerClient(at, role))},
	}
}

// elsewhere is a repository in another account.
func elsewhere(at Place) string {
	return strings.Replace(at.RepositoryARN("shared"), at.Account, "210987654321", 1)
}
