package owned

import (
	"errors"
	"io/fs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// worded gives an error of this machine the attribute at fault and the way out.
func worded(err error) error {
	var fault *flavor.AttributeError

	switch {
	case err == nil || errors.As(err, &fault):
		return err
	case errors.Is(err, disk.ErrForeign):
		return &flavor.AttributeError{
			Attribute: []string{"path"},
			Err:       flavor.Because(flavor.ErrNotOurs, err),
			Fix:       "Choose another path; or set managed = false to use what is there as it is, without ever changing or deleting it.",
		}
	case errors.Is(err, disk.ErrHoldsData):
		return &flavor.AttributeError{
			Attribute: []string{"force_destroy"},
			Err:       flavor.Because(flavor.ErrHoldsData, err),
			Fix: "Nothing was deleted. Move the data away, or set force_destroy = true, apply that, and destroy again: then the data is deleted " +
				"with it.",
		}
	case errors.Is(err, disk.ErrNotFound):
		return &flavor.AttributeError{
			Attribute: []string{"path"},
			Err:       flavor.Because(flavor.ErrNotFound, err),
			Fix:       "Make it first, or set managed = true to have it made.",
		}
	case errors.Is(err, fs.ErrPermission):
		return &flavor.AttributeError{
			Attribute: []string{"path"},
			Err:       err,
			Fix:       "Give the user that runs Terraform the right to write there, or choose another path; then apply again.",
		}
	default:
		return &flavor.AttributeError{Attribute: []string{"path"}, Err: err}
	}
}
