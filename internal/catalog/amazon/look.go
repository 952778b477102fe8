package amazon

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// look observes the parts. aimless says that nothing is known that they could differ from.
func (d Driver[C]) look(ctx context.Context, site Site, parts []part.Part, id string, aimless bool) ([]part.Seen, flavor.Result, error) {
	var (
		result = flavor.Result{ID: id}
		seen   = make([]part.Seen, len(parts))
		there  = len(parts) == 0
		lost   error
	)

	for i, one := range parts {
		var err error

		seen[i], err = one.Observe(ctx, site.Claim)

		switch {
		case err == nil && i == 0:
			owner, _ := session.Owner(seen[i].Tags)
			result.Name, result.Incarnation = owner.Name, owner.Incarnation
		case part.Kept(err) && i == 0 && site.Input.Name == "":
			return nil, result, gone(ctx, site, err) // what is imported is known by its first part
		case errors.Is(err, backend.ErrNotFound):
			result.Drift = append(result.Drift, one.What()+" does not exist")
		case errors.Is(err, backend.ErrForeign):
			result.Drift = append(result.Drift, err.Error())
		case err != nil:
			return nil, result, Worded(err)
		}

		there = there || err == nil && !seen[i].Absent
		lost = errors.Join(lost, err)

		if !aimless {
			result.Drift = append(result.Drift, seen[i].Drift...)
		}
	}

	if !there { // what is left of a component would have nobody to remove it
		return nil, result, gone(ctx, site, lost)
	}

	return seen, result, nil
}

// gone says that nothing is left of a component, unless the login is another account's: there it never was.
func gone(ctx context.Context, site Site, err error) error {
	if elsewhere := at(ctx, site); elsewhere != nil {
		return elsewhere
	}

	return flavor.Because(flavor.ErrNotFound, err)
}

// at refuses a login that is another account's than the one that the component is in: there nothing of it is found, and that
// would be taken for gone.
func at(ctx context.Context, site Site) error {
	recorded := accountOf(site.Input.Outputs)
	if recorded == "" {
		return nil
	}

	account, err := site.Account(ctx)
	if err != nil {
		return Worded(err)
	}

	if account.ID != recorded {
		return &flavor.AttributeError{
			Err: fmt.Errorf("the component is in account %s, and the login is that of account %s (%s)", recorded, account.ID, account.Caller),
			Fix: "Log in to the account that it is in. aws.allowed_account_ids guards against this.",
		}
	}

	return nil
}

// accountOf is the account that the outputs of a component tell.
func accountOf(outputs map[string]string) string {
	if account := outputs["account"]; account != "" {
		return account
	}

	for _, key := range []string{"arn", "role_arn", "repository_arn"} {
		if fields := strings.SplitN(outputs[key], ":", 6); len(fields) == 6 && fields[4] != "" {
			return fields[4]
		}
	}

	return ""
}
