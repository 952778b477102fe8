// Package amazon is what flavors in AWS have in common: the login, what is known of it at plan, attributes, and a driver for
// components that consist of objects in AWS.
package amazon

import (
	"context"
	"errors"
	"fmt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Cloud is the name of the login in the provider block.
const Cloud = "aws"

// Login is a session as the engine sees it.
type Login struct{ *session.Session }

// Fact tells what the login knows. What only apply can tell is unknown.
func (l Login) Fact(ctx context.Context, name string) (any, error) {
	if name == session.FactAccount && flavor.IsSilent(ctx) {
		return zenml.Unknown{}, nil
	}

	fact, err := l.Session.Fact(ctx, name)

	switch {
	case errors.Is(err, session.ErrUnknown):
		return zenml.Unknown{}, nil
	case err != nil:
		return nil, Worded(err)
	case fact == "":
		return nil, nil
	default:
		return fact, nil
	}
}

// Site is where the objects of a component are made.
type Site struct {
	*session.Session

	Input flavor.Input
	Claim part.Claim
	// Region is that of the component.
	Region string

	// looks says that nothing will be changed: then what the state says of the account is good enough, and no call is made.
	looks bool
}

// enter opens the login for a component. It contacts nobody yet.
func enter(ctx context.Context, in flavor.Input, flavorName, region string) (Site, error) {
	login, ok := in.Clouds[Cloud].(Login)
	if !ok {
		return Site{}, errors.New("the provider block has no login to AWS")
	}

	if region == "" { // what exists stays where it is when the login changes
		region = in.Outputs["region"]
	}

	s := login.In(region)

	where, err := s.Region(ctx)
	if err != nil {
		return Site{}, Worded(err)
	}

	return Site{Session: s, Input: in, Region: where, Claim: part.Claim{Was: in.Name, Owner: backend.Owner{
		Kind: in.Kind, Flavor: flavorName, Name: in.Name, Incarnation: in.Incarnation, Labels: in.Labels,
	}}}, nil
}

// Place is where the component's ARNs are. Whoever changes something asks whose login it is.
func (s Site) Place(ctx context.Context) (policy.Place, error) {
	if recorded := accountOf(s.Input.Outputs); s.looks && recorded != "" {
		return policy.Place{Partition: naming.Partition(s.Region), Region: s.Region, Account: recorded}, nil
	}

	account, err := s.Account(ctx)

	return policy.Place{Partition: account.Partition, Region: s.Region, Account: account.ID}, err
}

// Worded turns the errors of backends into those that the engine knows, with what to do. attribute, where given, is at fault.
func Worded(err error, attribute ...string) error {
	if err == nil {
		return nil
	}

	var (
		said  *session.Error
		login *session.LoginError
		fault = &flavor.AttributeError{Attribute: attribute, Err: classed(err)}
	)

	switch {
	case errors.As(err, new(*flavor.AttributeError)):
		return err
	case errors.As(err, &login):
		fault.Fix = login.Fix
	case errors.As(err, &said):
		fault.Fix = said.Fix
	}

	return fault
}

func classed(err error) error {
	for _, class := range []struct{ ours, theirs error }{
		{backend.ErrUnreachable, flavor.ErrUnreachable},
		{backend.ErrHoldsData, flavor.ErrHoldsData},
		{backend.ErrForeign, flavor.ErrNotOurs},
		{backend.ErrNotFound, flavor.ErrNotFound},
	} {
		if errors.Is(err, class.ours) {
			return flavor.Because(class.theirs, err)
		}
	}

	return err
}

// taken says what to do about an object that belongs to somebody else.
func taken(err error, flavorName, id string, attribute []string) error {
	if !errors.Is(err, backend.ErrForeign) {
		return Worded(err)
	}

	fix := "Choose another name."
	if !errors.Is(err, part.ErrElsewhere) {
		fix += fmt.Sprintf(" Or take it over, if nobody else looks after it: terraform import <address> '%s/%s'", flavorName, id)
	}

	return &flavor.AttributeError{Attribute: attribute, Err: flavor.Because(flavor.ErrNotOurs, err), Fix: fix}
}
