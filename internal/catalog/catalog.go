// Package catalog lists what exists: every kind of component, and through it every flavor.
package catalog

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/alerter"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/annotator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/artifactstore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/coderepository"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/containerregistry"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/datavalidator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/deployer"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/experimenttracker"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/featurestore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/imagebuilder"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/logstore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/metadatastore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/mlopsplatform"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/modeldeployer"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/modelregistry"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/monitoring"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/orchestrator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/sandbox"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/secretsmanager"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/stepoperator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Cluster is the kind that components of others live in. It is no part of a stack.
func Cluster() flavor.Kind { return cluster.Kind() }

// Kinds are the kinds of component, in the order the documentation lists them.
func Kinds() []flavor.Kind {
	return []flavor.Kind{
		orchestrator.Kind(),
		artifactstore.Kind(),
		containerregistry.Kind(),
		imagebuilder.Kind(),
		experimenttracker.Kind(),
		modelregistry.Kind(),
		modeldeployer.Kind(),
		deployer.Kind(),
		stepoperator.Kind(),
		featurestore.Kind(),
		datavalidator.Kind(),
		annotator.Kind(),
		alerter.Kind(),
		sandbox.Kind(),
		logstore.Kind(),
		metadatastore.Kind(),
		secretsmanager.Kind(),
		mlopsplatform.Kind(),
		monitoring.Kind(),
		coderepository.Kind(),
	}
}
