package registration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	// glance is how long an address may take to answer before another way is gone.
	glance = 5 * time.Second
	// servicePort is that of a server in a cluster, where its outputs name no other.
	servicePort = 8080
	// loginOutput is the output that names the Secret with the login of a server in a cluster.
	loginOutput = "credentials_secret"
)

// errNotAServer says that a platform is none that stacks are registered at.
var errNotAServer = errors.New("is no ZenML server")

// errOnce ends a look at an address after one try.
var errOnce = errors.New("is not asked again")

// open returns the client for a platform; the one of the provider block where there is none, as after an import. done is
// called when nothing more is to be asked.
func (r *Resource) open(ctx context.Context, value types.Object) (client *zenserver.Client, done func(), err error) {
	done = func() {}

	p, ok := readPlatform(ctx, value)
	if !ok {
		client, err = r.outside.Servers.Client(r.outside.Servers.Default())

		return client, done, err
	}

	switch {
	case !r.registers(p.flavor):
		return nil, done, fmt.Errorf("platform %q of the flavor %s %w", p.name, p.flavor, errNotAServer)
	case p.inCluster() && (p.uri == "" || !r.outside.Servers.Named(p.uri)):
		return r.openInCluster(ctx, p)
	}

	client, err = r.outside.Servers.Client(p.uri)

	return client, done, err
}

// registers says whether stacks can be registered at platforms of a flavor.
func (r *Resource) registers(name string) bool {
	return slices.ContainsFunc(r.kinds, func(kind flavor.Kind) bool {
		of, ok := kind.Flavor(name)

		return ok && of.Registers
	})
}

// inCluster says that the login of a platform is in a Secret of the cluster that it lives in.
func (p platform) inCluster() bool { return len(p.cluster) > 0 && p.outputs[loginOutput] != "" }

// openInCluster logs in with the credentials that the server's own Secret holds.
func (r *Resource) openInCluster(ctx context.Context, p platform) (*zenserver.Client, func(), error) {
	done := func() {}

	where, err := cluster.Open(ctx, r.outside.Clusters(), p.cluster)
	if err != nil {
		return nil, done, fmt.Errorf("open cluster %q: %w", p.clusterName, err)
	}

	held, err := where.Secret(ctx, p.outputs["namespace"], p.outputs[loginOutput])
	if err != nil {
		return nil, done, fmt.Errorf("read the credentials of platform %q: %w", p.name, away(err))
	}

	config := zenserver.Config{URL: p.uri, Username: held["username"], Password: held["password"], UserAgent: r.outside.Servers.UserAgent}
	if answers(ctx, config) {
		return r.outside.Servers.ClientAs(config), done, nil
	}

	port := servicePort
	if named, err := strconv.Atoi(p.outputs["port"]); err == nil {
		port = named
	}

	address, done, err := where.Forward(ctx, p.outputs["namespace"], p.outputs["service"], port)
	if err != nil {
		return nil, func() {}, fmt.Errorf("reach platform %q: %w", p.name, away(err))
	}

	config.URL = "http://" + address

	return zenserver.New(config), done, nil
}

// answers says whether a ZenML server can be reached at an address from here.
func answers(ctx context.Context, config zenserver.Config) bool {
	if config.URL == "" {
		return false
	}

	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()

	config.Pause = func(context.Context, time.Duration) error { return errOnce } // there is another way

	_, err := zenserver.New(config).About(ctx)

	return err == nil
}

// away keeps what is missing on the way to a server from being taken for what is missing on the server.
func away(err error) error {
	if isGone(err) {
		return fmt.Errorf("%w: %s", backend.ErrUnreachable, err) //nolint:errorlint // on purpose
	}

	return err
}

// isGone says that an object is gone, as the server says.
func isGone(err error) bool { return errors.Is(err, backend.ErrNotFound) }

func gone(what, name string) error { return fmt.Errorf("%s %q %w", what, name, backend.ErrNotFound) }
