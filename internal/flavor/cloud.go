package flavor

import "context"

// Cloud is a login to a cloud, as the engine sees it. Drivers know what is behind it.
type Cloud interface {
	// Fact tells what the login knows under a name, such as region: a text, nil where it knows of no such thing, or
	// zenml.Unknown where only apply can tell. It contacts the cloud only for what cannot be told without.
	Fact(ctx context.Context, name string) (any, error)
}

// Clouds are the logins of the provider block by the names that flavors give in Meta.Cloud. None has been used yet.
type Clouds map[string]Cloud

type silent struct{}

// Silent is a context in which facts are told only as far as nobody has to be called for them: validation runs again in
// every plan, and the plan itself asks what it needs.
func Silent(ctx context.Context) context.Context { return context.WithValue(ctx, silent{}, true) }

// IsSilent says that nobody is to be called.
func IsSilent(ctx context.Context) bool { return ctx.Value(silent{}) != nil }
