package mlopsplatform

import (
	"context"
	"errors"
	"fmt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

// zenMLAccounts are the logins of the administrator of a server, by the password.
type zenMLAccounts struct{ address, username, password string }

// inZenML works on the server through a way of its own into the cluster, however the service is exposed.
func inZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig, work func(zenMLAccounts) error) error {
	address, stop, err := site.Forward(ctx, site.Namespace, site.Name, zenMLDoor.Inside(cfg.Expose).Port)
	if err != nil {
		return err
	}
	defer stop()

	return work(zenMLAccounts{address: "http://" + address, username: site.Credentials[usernameKey], password: site.Credentials[passwordKey]})
}

// held is the login by the password of the component's Secret.
func (s zenMLAccounts) held() zenMLAccount { return s.account(s.password) }

func (s zenMLAccounts) account(password string) zenMLAccount {
	return zenMLAccount{zenserver.New(zenserver.Config{URL: s.address, Username: s.username, Password: password, UserAgent: userAgent}), password}
}

// zenMLAccount is a server as its administrator sees it.
type zenMLAccount struct {
	*zenserver.Client

	password string
}

// Login tries the login.
func (a zenMLAccount) Login(ctx context.Context) error { return refused(a.Client.Login(ctx)) }

// SetPassword changes the password, which ends the login.
func (a zenMLAccount) SetPassword(ctx context.Context, to string) error {
	return refused(a.Client.SetPassword(ctx, a.password, to))
}

// refused words the server's no as all services' are worded.
func refused(err error) error {
	if errors.Is(err, zenserver.ErrUnauthorized) {
		return clustered.ErrLogin
	}

	return err
}

// holding is what a server may hold: where it is listed, and what one is called. Without own, a fresh server has none.
type holding struct {
	list, what string
	// own is the name of the one that every server begins with.
	own string
}

const zenMLDefault = "default"

// secretValues can be read with the server's key alone, wherever they lie.
var secretValues = holding{list: "secrets", what: "secret"}

// holdings are what somebody has put into a server, whose administrator is there from the beginning. A run and what it made
// belong to a pipeline, or to nothing at all.
func holdings(administrator string) []holding {
	return []holding{
		{list: "pipelines", what: "pipeline"},
		{list: "runs", what: "run"},
		{list: "stacks", what: "stack", own: zenMLDefault},
		secretValues,
		{list: "components", what: "stack component", own: zenMLDefault},
		{list: "artifacts", what: "artifact"},
		{list: "models", what: "model"},
		{list: "service_connectors", what: "service connector"},
		{list: "code_repositories", what: "code repository"},
		{list: "projects", what: "project", own: zenMLDefault},
		{list: "users", what: "user", own: administrator},
		{list: "service_accounts", what: "service account"},
	}
}

// first says what of the holdings the server has; empty: nothing.
func (a zenMLAccount) first(ctx context.Context, holdings ...holding) (string, error) {
	for _, one := range holdings {
		name, err := a.FirstBut(ctx, one.list, one.own)
		if err != nil {
			return "", refused(err)
		}

		if name != "" {
			return fmt.Sprintf("there is %s %q", one.what, name), nil
		}
	}

	return "", nil
}
