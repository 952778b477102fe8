// Package secretsmanager has the flavors of secrets managers.
package secretsmanager

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type secrets_manager.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "secrets_manager",
		Clustered: true,
		Purpose: "A secrets manager keeps the passwords, tokens and keys that pipelines need, so that they stand neither in code nor in configuration, " +
			"and hands them only to those who may have them.",
		Flavors: []flavor.Flavor{LocalFile, Vault, AWS, Kubernetes},
	}
}
