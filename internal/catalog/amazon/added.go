package amazon

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
)

// Added is a part that the component did not have before: one that is there already and bears no tags is somebody else's,
// also where the component itself has long been in the state.
type Added struct{ part.Part }

// Ensure makes the part, or takes over one that bears the component's tags.
func (a Added) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	claim.Known = false

	return a.Part.Ensure(ctx, claim)
}
