package amazon

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Enter opens the login for a component whose driver is its own. It contacts nobody yet.
func Enter(ctx context.Context, in flavor.Input, flavorName, region string) (Site, error) {
	return enter(ctx, in, flavorName, region)
}

// Taken says what to do about an object that belongs to somebody else; other errors are Worded. attribute, where given, is at
// fault.
func Taken(err error, flavorName, id string, attribute ...string) error {
	return taken(err, flavorName, id, attribute)
}
