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
