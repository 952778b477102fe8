package clustered

import (
	"context"
	"fmt"
	"reflect"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// consents says that all there is to a change is what may become of the data.
func (d Service[C]) consents(old, cfg C) bool {
	was, is := d.Parts(&old).Stored, d.Parts(&cfg).Stored
	if was == nil || is == nil || was.ForceDestroy == is.ForceDestroy {
		return false
	}

	was.ForceDestroy = is.ForceDestroy

	return reflect.DeepEqual(old, cfg)
}

// consent refuses to delete data that the user has not given up. What never ran holds none.
func (d Service[C]) consent(ctx context.Context, site Site, cfg C) error {
	stored := d.Parts(&cfg).Stored
	if stored == nil || stored.ForceDestroy {
		return nil
	}

	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return err
	}

	served, err := client.Served(ctx, site.Name)
	if err != nil || !served {
		return err
	}

	holds := "its volume, which may hold some"

	if d.Holds != nil {
		if d.Secret != nil {
			if site.Credentials, err = site.Secret(ctx, site.Namespace, SecretName(site.Name)); err != nil {
				return OfAnother(err) // that it is missing does not make the component gone
			}
		}

		asked, cancel := context.WithTimeout(ctx, 2*question)
		defer cancel()

		if holds, err = d.Holds(asked, site, cfg); err != nil {
			return &flavor.AttributeError{
				Attribute: []string{"force_destroy"},
				Err:       fmt.Errorf("find out whether it holds data: %w", OfAnother(err)),
				Fix:       "Mend what keeps it from answering, then destroy again: data is not deleted on a guess. With force_destroy = true nobody asks.",
			}
		}
	}

	if holds == "" {
		return nil
	}

	return &flavor.AttributeError{
		Attribute: []string{"force_destroy"},
		Err:       fmt.Errorf("%s in namespace %s %w: %s", site.Name, site.Namespace, backend.ErrHoldsData, holds),
		Fix:       "Set force_destroy = true and apply, to have it deleted with its data.",
	}
}
