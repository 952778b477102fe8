package registration

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// The flavors of platforms that are ZenML servers.
const (
	existingServer = "zenml_server"
	clusterServer  = "zenml"
)

const (
	// glance is how long an address may take to answer before another way is gone.
	glance = 5 * time.Second
	// servicePort is that of a server in a cluster, where its outputs name no other.
	servicePort = 8080
)

// errNotAServer says that a platform is none that stacks are registered at.
var errNotAServer = errors.New("is no ZenML server")

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
	case p.flavor == existingServer, p.flavor == clusterServer && p.uri != "" && r.outside.Servers.Named(p.uri):
		client, err = r.outside.Servers.Client(p.uri)

		return client, done, err
	case p.flavor == clusterServer:
		return r.openInCluster(ctx, p)
	}

	return nil, done, fmt.Errorf("platform %q of the flavor %s %w", p.name, p.flavor, errNotAServer)
}

// openInCluster logs in with the credentials that the server's own Secret holds.
func (r *Resource) openInCluster(ctx context.Context, p platform) (*zenserver.Client, func(), error) {
	done := func() {}

	where, err := cluster.Open(ctx, r.outside.Clusters(), p.cluster)
	if err != nil {
		return nil, done, fmt.Errorf("open cluster %q: %w", p.clusterName, err)
	}

	held, err := where.Secret(ctx, p.outputs["namespace"], p.outputs["credentials_secret"])
	if err != nil {
		return nil, done, fmt.Errorf("read the credentials of platform %q: %w", p.name, err)
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
		return nil, func() {}, fmt.Errorf("reach platform %q: %w", p.name, err)
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

	_, err := zenserver.New(config).Info(ctx)

	var other *zenserver.VersionError

	return err == nil || errors.As(err, &other)
}

// isGone says that an object is gone, as the server says.
func isGone(err error) bool { return errors.Is(err, backend.ErrNotFound) }

func gone(what, name string) error { return fmt.Errorf("%s %q %w", what, name, backend.ErrNotFound) }
