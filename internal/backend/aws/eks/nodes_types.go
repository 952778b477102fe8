package eks

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/eks/types"
)

// AMITypes are the types of images that EKS has for nodes.
func AMITypes() []string {
	var all []string

	for _, one := range types.AMITypes("").Values() {
		if one != types.AMITypesCustom { // it needs a launch template, which is none of ours
			all = append(all, string(one))
		}
	}

	slices.Sort(all)

	return all
}

// LogTypes are the logs that a control plane can write.
func LogTypes() []string {
	var all []string
	for _, one := range types.LogType("").Values() {
		all = append(all, string(one))
	}

	return all
}
