package diagnose

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// IdentityWithoutCluster reports an import by an identity that does not say in which cluster.
func IdentityWithoutCluster(kind flavor.Kind, f flavor.Flavor) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Invalid import identity",
		fmt.Sprintf("The flavor %s of %s lives in a Kubernetes cluster, and the identity has no cluster.\n\nAdd cluster = \"<flavor of the cluster>/<its "+
			"name>\", for example cluster = \"k3d/dev\".", f.Name, words(kind)))
}

// IdentityWithCluster reports an import by an identity with a cluster of something that lives in none.
func IdentityWithCluster(kind flavor.Kind, f flavor.Flavor) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Invalid import identity",
		fmt.Sprintf("The flavor %s of %s lives in no Kubernetes cluster, and the identity has one.\n\nRemove cluster from the identity.", f.Name, words(kind)))
}
