package clustered

import (
	"context"
	"errors"
)

// ErrLogin says that a service does not let us in.
var ErrLogin = errors.New("refuses the login")

// Keeper is a service that keeps its passwords itself, as somebody sees it who has one of them.
type Keeper interface {
	// Login tries the login. The error wraps ErrLogin where the service refuses it.
	Login(ctx context.Context) error
	// SetPassword changes the password of the one who logs in.
	SetPassword(ctx context.Context, to string) error
}

// HandOver gives a service another password, and only then the component's Secret, under key: between the two the old one
// would be lost. Without a wanted one it tries the one of the Secret. as is the service with a password.
func (s Site) HandOver(ctx context.Context, key string, wanted *string, as func(password string) Keeper) error {
	held := s.Credentials[key]
	now := as(held)
	err := now.Login(ctx)

	switch {
	case wanted == nil || *wanted == held:
	case errors.Is(err, ErrLogin): // it may have been handed over by an apply that was interrupted
		err = as(*wanted).Login(ctx)
	case err == nil:
		err = now.SetPassword(ctx, *wanted)
	}

	if err != nil || wanted == nil {
		return err
	}

	_, err = s.EnsureSecret(ctx, s.Owner, s.Namespace, SecretName(s.Name), nil, map[string]string{key: *wanted})

	return err
}
