package clustered

import (
	"context"
	"errors"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// leftover is the incarnation of a Secret that was made for a release which then was not: an apply was interrupted, or its
// values were refused. Without one it is fresh. Whether the Secret is this component's at all is for EnsureSecret to say.
func (d Service[C]) leftover(ctx context.Context, site Site) (string, error) {
	if d.Secret == nil {
		return fresh()
	}

	live, err := site.Get(ctx, secretObject(site))

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return fresh()
	case err != nil:
		return "", err
	}

	ours := kube.Labels(site.Owner)
	for _, label := range []string{kube.LabelManagedBy, kube.LabelKind, kube.LabelFlavor, kube.LabelName} {
		if live.GetLabels()[label] != ours[label] {
			return fresh()
		}
	}

	if incarnation := live.GetLabels()[kube.LabelIncarnation]; incarnation != "" {
		return incarnation, nil
	}

	return fresh()
}
