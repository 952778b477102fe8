package clustered

import (
	"context"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Restart gives what runs of the release new pods. Its volumes and Secrets stay.
func (d Service[C]) Restart(ctx context.Context, in flavor.Input, id string, tell func(message string)) error {
	site, err := enter(ctx, in, d.Flavor)
	if err != nil {
		return Worded(err)
	}

	namespace, _, _ := strings.Cut(id, "/")

	return Worded(site.Restart(ctx, namespace, site.Owner, tell))
}
