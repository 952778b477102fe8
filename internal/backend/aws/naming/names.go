package naming

import "regexp"

// word is a class of characters that several services share.
var (
	alphanumericDash  = regexp.MustCompile(`^[A-Za-z0-9-]$`)
	alphanumericBoth  = regexp.MustCompile(`^[A-Za-z0-9_-]$`)
	iamChar           = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]$`)
	beginsWithEither  = regexp.MustCompile(`^[A-Za-z0-9]`)
	betweenLettersAnd = regexp.MustCompile(`^[A-Za-z0-9](-*[A-Za-z0-9])*$`)
)

const (
	iamAllowed       = "letters, digits and _+=,.@-"
	sageMakerAllowed = "letters, digits and hyphens, and begins and ends with a letter or digit"
	projectAllowed   = "letters, digits, hyphens and underscores, and begins with a letter or digit"
)

var (
	repository = rule{
		what: "Repository name", min: 2, max: 256,
		char:  regexp.MustCompile(`^[a-z0-9._/-]$`),
		shape: regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`),
		allowed: "lower-case letters and digits, with hyphens or a single dot, underscore or slash, or two underscores, between them, " +
			"and begins and ends with a letter or digit",
	}
	role             = rule{what: "Role name", min: 1, max: 64, char: iamChar, allowed: iamAllowed}
	policyName       = rule{what: "Policy name", min: 1, max: 128, char: iamChar, allowed: iamAllowed}
	rolePath         = rule{what: "Role path", min: 1, max: 512, char: regexp.MustCompile(`^[A-Za-z0-9.,+@=_/-]$`), shape: regexp.MustCompile(`^(/[A-Za-z0-9.,+@=_-]+)*/$`), allowed: "letters, digits and .,+@=_- between slashes, begins and ends with a slash, and has no two slashes in a row"}
	pipeline         = rule{what: "Pipeline name", min: 1, max: 256, char: alphanumericDash, shape: betweenLettersAnd, allowed: sageMakerAllowed}
	modelGroup       = rule{what: "Model package group name", min: 1, max: 63, char: alphanumericDash, shape: betweenLettersAnd, allowed: sageMakerAllowed}
	sageMaker        = rule{what: "SageMaker name", min: 1, max: 63, char: alphanumericDash, shape: betweenLettersAnd, allowed: sageMakerAllowed}
	featureGroup     = rule{what: "Feature group name", min: 1, max: 64, char: alphanumericBoth, shape: regexp.MustCompile(`^[A-Za-z0-9]([_-]*[A-Za-z0-9])*$`), allowed: "letters, digits, hyphens and underscores, and begins and ends with a letter or digit"}
	codeBuildProject = rule{what: "CodeBuild project name", min: 2, max: 150, char: alphanumericBoth, shape: beginsWithEither, allowed: projectAllowed}
	eksCluster       = rule{what: "EKS cluster name", min: 1, max: 100, char: alphanumericBoth, shape: beginsWithEither, allowed: projectAllowed}
	appRunner        = rule{what: "App Runner service name", min: 4, max: 40, char: alphanumericBoth, shape: beginsWithEither, allowed: projectAllowed}
	schedule         = rule{what: "Schedule name", min: 1, max: 64, char: regexp.MustCompile(`^[A-Za-z0-9_.-]$`), allowed: "letters, digits, hyphens, underscores and dots"}
)

// Repository judges the name of an ECR repository, which may have slashes.
func Repository(name string) string { return repository.judge(name) }

// Role judges the name of an IAM role, without its path.
func Role(name string) string { return role.judge(name) }

// RolePath judges the path of an IAM role: "/" or "/…/". It is narrower than what AWS takes for roles, so that policies can
// stand on the same path.
func RolePath(path string) string { return rolePath.judge(path) }

// Policy judges the name of an IAM policy, inline or managed, and that of an instance profile.
func Policy(name string) string { return policyName.judge(name) }

// Pipeline judges the name of a SageMaker pipeline.
func Pipeline(name string) string { return pipeline.judge(name) }

// ModelPackageGroup judges the name of a SageMaker model package group.
func ModelPackageGroup(name string) string { return modelGroup.judge(name) }

// SageMaker judges the name of anything else in SageMaker: a job, a domain, a model or an endpoint.
func SageMaker(name string) string { return sageMaker.judge(name) }

// FeatureGroup judges the name of a SageMaker feature group, the one that may have underscores.
func FeatureGroup(name string) string { return featureGroup.judge(name) }

// CodeBuildProject judges the name of a CodeBuild project.
func CodeBuildProject(name string) string { return codeBuildProject.judge(name) }

// EKSCluster judges the name of an EKS cluster.
func EKSCluster(name string) string { return eksCluster.judge(name) }

// AppRunnerService judges the name of an App Runner service.
func AppRunnerService(name string) string { return appRunner.judge(name) }

// Schedule judges the name of a schedule of EventBridge Scheduler.
func Schedule(name string) string { return schedule.judge(name) }
