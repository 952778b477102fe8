package policy

// Build is what a CodeBuild project needs that builds images.
type Build struct {
	// Project is its name.
	Project string
	// Bucket holds the build contexts.
	Bucket Bucket
	// Repositories are the ARNs of those that images are pushed to.
	Repositories []string
	// LogGroup is the name of the log group; CodeBuild's own for the project when empty.
	LogGroup string
}

// CodeBuildRole is for the role that builds run as: it reads the context, pushes the image and writes its log.
func CodeBuildRole(place Place, build Build) Document {
	group := build.LogGroup
	if group == "" {
		group = "/aws/codebuild/" + build.Project
	}

	own := []Statement{
		permit("Logs", of("logs", "CreateLogGroup", "CreateLogStream", "PutLogEvents"),
			place.arn("logs", "log-group:"+group), place.arn("logs", "log-group:"+group+":*")),
		use(build.Bucket.Key),
	}

	if build.Bucket.Name != "" {
		own = append(own,
			permit("BuildContext", of("s3", "GetObject", "GetObjectVersion"), objectsIn(place, build.Bucket)),
			permit("BuildContextBucket", of("s3", "GetBucketLocation"), place.BucketARN(build.Bucket.Name)),
			listed("BuildContextList", place, build.Bucket, "ListBucket"))
	}

	if len(build.Repositories) > 0 {
		own = append(own, permit("RegistryPush", of("ecr", push...), build.Repositories...), login())
	}

	return document(own...)
}

// CodeBuildClient is for whoever has images built by one project, which is given by its ARN.
func CodeBuildClient(project string) Document {
	return document(permit("Build", of("codebuild", "StartBuild", "BatchGetBuilds", "StopBuild"), project))
}
