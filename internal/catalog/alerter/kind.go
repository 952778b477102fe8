// Package alerter has the flavors of alerters.
package alerter

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type alerter.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "alerter",
		Many:  true,
		ZenML: true,
		Purpose: "An alerter tells people in their chat how a pipeline went, and can ask them for a go-ahead in the middle of one, such as before a model " +
			"is promoted.",
		Flavors: []flavor.Flavor{Slack, Discord},
	}
}
