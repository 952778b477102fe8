package policy

// ModelPackageGroupClient is for whoever registers the versions of models in one group of SageMaker's model registry.
func ModelPackageGroupClient(place Place, group string) Document {
	if group == "" {
		return document()
	}

	groups, packages := place.named("model-package-group", group, ""), place.named("model-package", group, "/*")
	both := append(append([]string{}, groups...), packages...)

	return document(
		permit("ModelGroup", of("sagemaker", "DescribeModelPackageGroup"), groups...),
		// Listing and creating are held against the group or its packages, depending on how they are called.
		permit("Models", of("sagemaker", "CreateModelPackage", "ListModelPackages", "DescribeModelPackage", "BatchDescribeModelPackage",
			"UpdateModelPackage", "AddTags", "ListTags"), both...),
	)
}
