package clustered

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Enter opens the cluster of a component for what its flavor does beside a Service or Objects.
func Enter(ctx context.Context, in flavor.Input, flavorName, namespace string) (Site, error) {
	site, err := enter(ctx, in, flavorName)
	site.Namespace, site.Name = namespace, in.Name

	return site, err
}

// EnterToDelete is Enter for a removal: it wakes the cluster, and gone says that there is nothing left to remove.
func EnterToDelete(ctx context.Context, in flavor.Input, flavorName, namespace string) (site Site, gone bool, err error) {
	site, gone, err = enterToDelete(ctx, in, flavorName)
	site.Namespace, site.Name = namespace, in.Name

	return site, gone, err
}

// Consent refuses a removal as Delete would, before a flavor removes what it keeps beside the release.
func (d Service[C]) Consent(ctx context.Context, site Site, cfg C) error {
	return Worded(d.consent(ctx, site, cfg))
}
