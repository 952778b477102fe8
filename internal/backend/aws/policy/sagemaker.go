package policy

const sageMakerService = "sagemaker.amazonaws.com"

// Runtime is what jobs of SageMaker need.
type Runtime struct {
	// Role is the ARN of the role that the jobs run as: pipelines hand it on to the jobs of their steps.
	Role   string
	Bucket Bucket
	// Repositories are the ARNs of those with the jobs' images.
	Repositories []string
	// Subnets and SecurityGroups are the IDs of those that the jobs run in; without subnets they run in no VPC of yours.
	Subnets, SecurityGroups []string
}

// SageMakerRuntime is for the role that SageMaker's jobs and pipelines run as.
func SageMakerRuntime(place Place, runtime Runtime) Document {
	steps := document(
		permit("Logs", of("logs", "CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents"),
			place.arn("logs", "log-group:/aws/sagemaker/*")),
		permit("Metrics", of("cloudwatch", "PutMetricData"), "*").
			when("StringEquals", "cloudwatch:namespace", "/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"),
		permit("PipelineSteps", jobActions("TrainingJob"), place.arn("sagemaker", "training-job/*")),
		permit("PipelineProcessing", jobActions("ProcessingJob"), place.arn("sagemaker", "processing-job/*")),
		permit("PipelineTags", of("sagemaker", "AddTags"), place.arn("sagemaker", "training-job/*"), place.arn("sagemaker", "processing-job/*")),
		passRole("PassItself", place, runtime.Role, sageMakerService),
		// SageMaker follows the jobs of a pipeline's steps through this rule, which it names itself.
		permit("ManagedRules", of("events", "PutRule", "PutTargets", "DescribeRule"),
			place.arn("events", "rule/SageMakerPipelineExecutionEventsStepStatusRule")),
		// The volumes of a job are encrypted by a grant that the job's role gives to AWS.
		permit("KeyGrants", of("kms", "CreateGrant"), runtime.Bucket.Key).when("Bool", "kms:GrantIsForAWSResource", "true"),
	)

	return Join(ArtifactClient(place, runtime.Bucket), RegistryPull(runtime.Repositories), steps, network(place, runtime.Subnets, runtime.SecurityGroups))
}

// network lets jobs have their interfaces in the user's VPC.
func network(place Place, subnets, groups []string) Document {
	if len(subnets) == 0 {
		return document()
	}

	interfaces := place.arn("ec2", "network-interface/*")
	within := []string{interfaces}

	for _, subnet := range subnets {
		within = append(within, place.arn("ec2", "subnet/"+subnet))
	}

	for _, group := range groups {
		within = append(within, place.arn("ec2", "security-group/"+group))
	}

	return document(
		permit("NetworkCreate", of("ec2", "CreateNetworkInterface"), within...),
		permit("NetworkInterfaces", of("ec2", "CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DeleteNetworkInterfacePermission"), interfaces),
		permit("NetworkLook", of("ec2", "DescribeNetworkInterfaces", "DescribeVpcs", "DescribeDhcpOptions", "DescribeSubnets",
			"DescribeSecurityGroups"), "*"),
	)
}

// SageMakerOrchestratorClient is for whoever runs ZenML's pipelines on SageMaker; dynamic pipelines start jobs directly. The
// names of pipelines and jobs are ZenML's, one for each run, so that only the account and the region limit them.
func SageMakerOrchestratorClient(place Place, runtimeRole string) Document {
	pipelines, training, processing := place.arn("sagemaker", "pipeline/*"), place.arn("sagemaker", "training-job/*"), place.arn("sagemaker", "processing-job/*")

	return document(
		permit("Pipelines", of("sagemaker", "CreatePipeline", "UpdatePipeline", "DescribePipeline", "DeletePipeline", "StartPipelineExecution",
			"DescribePipelineExecution", "StopPipelineExecution", "ListPipelineExecutionSteps"), pipelines),
		permit("Jobs", jobActions("TrainingJob"), training),
		permit("ProcessingJobs", jobActions("ProcessingJob"), processing),
		permit("Tags", of("sagemaker", "AddTags", "ListTags"), pipelines, training, processing),
		permit("StudioLink", of("sagemaker", "ListDomains"), "*"),
		permit("JobLogs", of("logs", "DescribeLogStreams", "GetLogEvents"),
			place.arn("logs", "log-group:/aws/sagemaker/TrainingJobs*"), place.arn("logs", "log-group:/aws/sagemaker/ProcessingJobs*")),
		passRole("PassRuntimeRole", place, runtimeRole, sageMakerService),
	)
}

// SageMakerStepOperatorClient is for whoever runs single steps of ZenML's pipelines as training jobs.
func SageMakerStepOperatorClient(place Place, runtimeRole string) Document {
	training := place.arn("sagemaker", "training-job/*")

	return document(
		permit("Jobs", jobActions("TrainingJob"), training),
		permit("Tags", of("sagemaker", "AddTags"), training),
		permit("JobLogs", of("logs", "DescribeLogStreams", "GetLogEvents"), place.arn("logs", "log-group:/aws/sagemaker/TrainingJobs*")),
		passRole("PassRuntimeRole", place, runtimeRole, sageMakerService),
	)
}

// SageMakerSchedulerClient adds schedules to what a client of the orchestrator may do.
func SageMakerSchedulerClient(place Place, schedulerRole string) Document {
	return document(
		permit("Schedules", of("scheduler", "CreateSchedule", "UpdateSchedule", "GetSchedule", "DeleteSchedule"),
			place.arn("scheduler", "schedule/default/*")),
		passRole("PassSchedulerRole", place, schedulerRole, "scheduler.amazonaws.com"),
	)
}

// SageMakerScheduler is for the role that EventBridge Scheduler takes on: it may start pipelines and nothing else. Without names,
// which ZenML gives to pipelines, it may start any of the account and region.
func SageMakerScheduler(place Place, pipelines ...string) Document {
	if len(pipelines) == 0 {
		pipelines = []string{"*"}
	}

	var arns []string
	for _, name := range pipelines {
		arns = append(arns, place.named("pipeline", name, "")...)
	}

	return document(permit("StartPipelines", of("sagemaker", "StartPipelineExecution"), arns...))
}

func jobActions(job string) []string {
	return of("sagemaker", "Create"+job, "Describe"+job, "Stop"+job)
}
