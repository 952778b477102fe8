package owned

import (
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

// PrivateMode is the mode of files that only their owner may read.
const PrivateMode = "0600"

// ModeAttribute is the attribute for the mode of a file. Its default is in the plan, so that a mode that somebody
// changed shows there and is put right by apply.
func ModeAttribute(allowed ...string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		Default:  stringdefault.StaticString(PrivateMode),
		MarkdownDescription: fmt.Sprintf("Mode of the file in octal, one of `%s`. Defaults to %#q: nobody but its owner reads it.",
			strings.Join(allowed, "`, `"), PrivateMode),
		Validators: []validator.String{stringvalidator.OneOf(allowed...)},
	}
}

// SetMode gives a file its mode.
func SetMode(object disk.Object, mode string) error {
	bits, err := strconv.ParseUint(mode, 8, 32)
	if err != nil {
		return fmt.Errorf("read mode: %w", err)
	}

	if err := os.Chmod(object.Path, fs.FileMode(bits)); err != nil {
		return fmt.Errorf("set mode: %w", err)
	}

	return nil
}

// ObserveMode tells the mode of a file as ModeAttribute writes it.
func ObserveMode(object disk.Object) (string, error) {
	info, err := os.Stat(object.Path)
	if err != nil {
		return "", fmt.Errorf("look at mode: %w", err)
	}

	return fmt.Sprintf("%04o", info.Mode().Perm()), nil
}
