package policy

// AppRunnerAccess is for the role with which App Runner pulls images from repositories, which are given by their ARNs.
func AppRunnerAccess(repositories []string) Document {
	if len(repositories) == 0 {
		return document()
	}

	return document(permit("RegistryPull", of("ecr", append([]string{"DescribeImages"}, pull...)...), repositories...), login())
}

// AppRunnerInstance is for the role that services run as: they read the secrets whose names begin with a prefix.
func AppRunnerInstance(place Place, secretPrefix string) Document {
	return document(permit("Secrets", of("secretsmanager", "GetSecretValue"), place.secrets(secretPrefix)))
}

// Deployer is what deploying to App Runner needs.
type Deployer struct {
	// ServicePrefix is what the services' names begin with, which may be empty.
	ServicePrefix string
	// SecretPrefix is what the names of their secrets begin with; without it there are no secrets.
	SecretPrefix string
	// AccessRole and InstanceRole are the ARNs of the roles that services get.
	AccessRole, InstanceRole string
}

// AppRunnerClient is for whoever deploys pipelines to App Runner.
func AppRunnerClient(place Place, deployer Deployer) Document {
	const service = "apprunner.amazonaws.com"

	scaling := place.arn("apprunner", "autoscalingconfiguration/*/*/*")

	return document(
		permit("Services", of("apprunner", "CreateService", "DescribeService", "UpdateService", "DeleteService", "TagResource"),
			place.arn("apprunner", "service/"+deployer.ServicePrefix+"*/*"), scaling),
		permit("Scaling", of("apprunner", "CreateAutoScalingConfiguration", "DescribeAutoScalingConfiguration", "DeleteAutoScalingConfiguration"), scaling),
		permit("Secrets", of("secretsmanager", "CreateSecret", "DescribeSecret", "UpdateSecret", "DeleteSecret", "TagResource"),
			place.secrets(deployer.SecretPrefix)),
		permit("Logs", of("logs", "DescribeLogStreams", "GetLogEvents"), place.arn("logs", "log-group:/aws/apprunner/"+deployer.ServicePrefix+"*")),
		passRole("PassAccessRole", place, deployer.AccessRole, "build.apprunner.amazonaws.com"),
		passRole("PassInstanceRole", place, deployer.InstanceRole, "tasks.apprunner.amazonaws.com"),
		serviceLinkedRole(place, service, "AWSServiceRoleForAppRunner"),
	)
}

// serviceLinkedRole lets a service make the role that it needs once in an account.
func serviceLinkedRole(place Place, service, role string) Statement {
	return permit("ServiceLinkedRole", of("iam", "CreateServiceLinkedRole"), place.identity("role/aws-service-role/"+service+"/"+role)).
		when("StringEquals", "iam:AWSServiceName", service)
}
