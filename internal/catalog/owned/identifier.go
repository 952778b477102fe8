package owned

import (
	"fmt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// BadID says which form an identifier for imports has, and shows one.
func BadID(kind, name, id, form, example string) error {
	return &flavor.AttributeError{
		Err: fmt.Errorf("identifier %q is not of the form %s", id, form),
		Fix: fmt.Sprintf("Nothing was imported. Import by flavor/%s. For example: terraform import mlstacks_%s.%s \"%s/%s\".",
			form, kind, name, name, example),
	}
}
