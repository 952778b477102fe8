package slot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// SchemaVersion is the version of every resource's schema. It is raised when the shape of a state changes in a way that
// Terraform cannot read; Upgraders then gets a row for the older one.
const SchemaVersion = 1

// Upgraders read states of every older schema version into the current shape. Version 0 is the shape before the first
// release. defaults are for attributes that a state may lack and that are never null.
func Upgraders(shape tftypes.Type, defaults map[string]json.RawMessage) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{
		0: {StateUpgrader: func(_ context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			upgraded, err := reshape(req.RawState.JSON, shape, defaults)
			if err != nil {
				resp.Diagnostics.Append(diagnose.Bug("state of an older version: %s", err))

				return
			}

			resp.State.Raw = upgraded
		}},
	}
}

// reshape reads a stored state: attributes that are gone are dropped, new ones are null.
func reshape(stored []byte, shape tftypes.Type, defaults map[string]json.RawMessage) (tftypes.Value, error) {
	attributes := maps.Clone(defaults)
	if attributes == nil {
		attributes = map[string]json.RawMessage{}
	}

	if err := json.Unmarshal(stored, &attributes); err != nil {
		return tftypes.Value{}, fmt.Errorf("decode state: %w", err)
	}

	complete, err := json.Marshal(attributes)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("encode state: %w", err)
	}

	value, err := (&tfprotov6.RawState{JSON: complete}).UnmarshalWithOpts(shape, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("read state: %w", err)
	}

	return value, nil
}
