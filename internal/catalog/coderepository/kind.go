// Package coderepository has the flavors of code repositories.
package coderepository

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type code_repository.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name: "code_repository",
		Purpose: "A code repository ties every run to the commit it ran from, and lets remote steps fetch the code instead of carrying it in their image: " +
			"images are then built only when dependencies change.",
		Flavors: []flavor.Flavor{Git, GitHub, GitLab},
	}
}
