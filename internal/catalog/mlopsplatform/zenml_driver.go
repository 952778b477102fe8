package mlopsplatform

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	// The keys of the Secret: those of the server itself, and the copied address of its database.
	usernameKey   = "username"
	passwordKey   = "password"
	tokenKey      = "jwt-secret-key"
	encryptionKey = "encryption-key"
	storeKey      = "store-url"

	passwordSize = 24
	keySize      = 48

	// urlKey is where a Secret of the user's keeps the address of a database.
	urlKey = "url"
)

var zenMLDoor = clustered.Door{Scheme: "http", Port: 8080, Path: "/ready"}

var zenMLService = clustered.Service[zenMLConfig]{
	Flavor: "zenml",
	Image:  charts.ZenMLImage,
	Door:   zenMLDoor,
	Chart:  func(zenMLConfig) helm.Source { return clustered.Embedded(charts.ZenML) },
	Parts: func(c *zenMLConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
	},
	Secret: func(_ flavor.Input, cfg zenMLConfig) clustered.Secret {
		password := clustered.Random(passwordSize)
		if cfg.PasswordWO != nil { // a server that is there already is told first, see furnishZenML
			password = clustered.Constant(*cfg.PasswordWO)
		}

		return clustered.Secret{
			Generated: map[string]func() string{
				passwordKey: password, tokenKey: clustered.Random(keySize), encryptionKey: clustered.Random(keySize),
			},
			Fixed: map[string]string{usernameKey: cfg.Username},
		}
	},
	Copies: borrowed,
	Values: zenMLValues,
	Learn: func(cfg *zenMLConfig, _ helm.Observed, credentials map[string]string) {
		clustered.Learn(&cfg.Username, credentials[usernameKey])
	},
	Furnish: furnishZenML,
	Observe: observeZenML,
	Holds:   holdsZenML,
	Default: zenMLConfig{Workload: clustered.Workload{Image: charts.ZenMLImage, ImagePullSecrets: []string{}}, Username: zenMLAdmin},
}

// zenMLValues are those of the chart. The server gets new pods when what it reads from its Secret at its start changes. The
// login is left out: the server keeps that in its database.
func zenMLValues(_ context.Context, site clustered.Site, cfg zenMLConfig) (map[string]any, error) {
	values := site.Restarts(tokenKey, encryptionKey, storeKey)
	if !cfg.onVolume() {
		values["store"] = map[string]any{"type": "mysql", "key": storeKey}
	}

	return values, nil
}

// borrowed is the address of the database as it is now.
func borrowed(ctx context.Context, site clustered.Site, cfg zenMLConfig) (map[string]string, error) {
	if cfg.onVolume() {
		return nil, nil
	}

	address, err := databaseOf(ctx, site, cfg)

	return map[string]string{storeKey: address}, err
}

// databaseOf is the whole address of the database as it is now, with the password.
func databaseOf(ctx context.Context, site clustered.Site, cfg zenMLConfig) (string, error) {
	if secret := cfg.databaseSecret(); secret != "" {
		return databaseIn(ctx, site, secret)
	}

	credentials, err := site.CredentialsOf(ctx, *cfg.MetadataStore)
	if err != nil {
		return "", err
	}

	address, err := site.DatabaseURL(*cfg.MetadataStore, credentials)
	if err != nil {
		return "", err
	}

	return address.String(), nil
}

// databaseIn is the address that a Secret of the user's holds. Errors do not repeat it.
func databaseIn(ctx context.Context, site clustered.Site, secret string) (string, error) {
	found, err := site.Secret(ctx, site.Namespace, secret)

	parsed, wrong := url.Parse(found[urlKey])

	switch {
	case err != nil:
		err = fmt.Errorf("read Secret/%s in namespace %s: %w", secret, site.Namespace, clustered.OfAnother(err))
	case wrong != nil || parsed.Scheme != "mysql" || parsed.Host == "":
		err = fmt.Errorf("key %s of Secret/%s in namespace %s is not the address of a MySQL database", urlKey, secret, site.Namespace)
	default:
		return found[urlKey], nil
	}

	return "", &flavor.AttributeError{
		Attribute: []string{"database_secret"}, Err: err,
		Fix: "Put the whole address under the key " + urlKey + ": mysql://user:password@host:3306/database, with %-escapes in user and password.",
	}
}

// observeZenML logs in.
func observeZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) (zenMLConfig, []string, error) {
	secret := clustered.SecretName(site.Name)

	if site.Credentials[usernameKey] != cfg.Username {
		return cfg, []string{fmt.Sprintf("Secret/%s: %s is not what was wanted", secret, usernameKey)}, nil
	}

	err := inZenML(ctx, site, cfg, func(server zenMLAccounts) error { return server.held().Login(ctx) })
	if errors.Is(err, clustered.ErrLogin) {
		return cfg, []string{fmt.Sprintf("the server %s of Secret/%s", clustered.ErrLogin, secret)}, nil
	}

	return cfg, nil, err
}

// furnishZenML makes sure of the login, and hands a new password over to a server that keeps the old one.
func furnishZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) error {
	return inZenML(ctx, site, cfg, func(server zenMLAccounts) error {
		err := site.HandOver(ctx, passwordKey, cfg.PasswordWO, func(password string) clustered.Keeper { return server.account(password) })
		if errors.Is(err, clustered.ErrLogin) {
			return fmt.Errorf("log in to ZenML: it %w of Secret/%s: somebody has changed the password of %q in ZenML, or the database was another server's "+
				"before; put the right one into the Secret", err, clustered.SecretName(site.Name), cfg.Username)
		}

		return err
	})
}

// holdsZenML says what would be lost: what lies on the volume, and in a database elsewhere the values of secrets, which
// cannot be read without the key that goes with the server.
func holdsZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) (holds string, err error) {
	err = inZenML(ctx, site, cfg, func(server zenMLAccounts) error {
		account := server.held()
		if err := account.Login(ctx); err != nil {
			return fmt.Errorf("log in to ZenML: %w", err)
		}

		if cfg.onVolume() {
			holds, err = account.first(ctx, holdings(server.username)...)

			return err
		}

		if holds, err = account.first(ctx, secretValues); holds != "" {
			holds += ", and the key that its values are encrypted with goes with the server"
		}

		return err
	})

	return holds, clustered.OfAnother(err)
}
