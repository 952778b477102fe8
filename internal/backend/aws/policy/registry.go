package policy

import (
	"slices"
	"strings"
)

var (
	// pull is what getting an image takes.
	pull = []string{"BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability"}
	// push is what storing one takes: clients look first which layers are there.
	push = slices.Concat(pull, []string{"InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage"})
)

// RegistryPush lets images be pushed to repositories, which are given by their ARNs, and pulled from them. Repositories of the
// same registries can be listed: ZenML asks for them without a name.
func RegistryPush(repositories []string) Document {
	if len(repositories) == 0 {
		return document()
	}

	return document(
		permit("RegistryPush", of("ecr", append([]string{"DescribeImages"}, push...)...), repositories...),
		permit("RegistryList", of("ecr", "DescribeRepositories", "ListImages"), registriesOf(repositories)...),
		login(),
	)
}

// RegistryPull lets images be pulled from repositories, which are given by their ARNs.
func RegistryPull(repositories []string) Document {
	if len(repositories) == 0 {
		return document()
	}

	return document(permit("RegistryPull", of("ecr", pull...), repositories...), login())
}

// login is for the account and names no repository.
func login() Statement { return permit("RegistryLogin", of("ecr", "GetAuthorizationToken"), "*") }

// registriesOf are all repositories of the accounts and regions that some are in.
func registriesOf(repositories []string) []string {
	var (
		all  []string
		seen = map[string]bool{}
	)

	for _, arn := range repositories {
		registry, _, ok := strings.Cut(arn, ":repository/")
		if !ok || seen[registry] {
			continue
		}

		seen[registry] = true
		all = append(all, registry+":repository/*")
	}

	return all
}
