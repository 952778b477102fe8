package mlopsplatform

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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

	// credentialsAnnotation restarts the server when what it reads from its Secret changes.
	credentialsAnnotation = "mlstacks.io/credentials"
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
	Values: func(_ context.Context, site clustered.Site, cfg zenMLConfig) (map[string]any, error) {
		return zenMLValues(site, cfg), nil
	},
	Furnish: furnishZenML,
	Observe: observeZenML,
	Holds:   holdsZenML,
	Default: zenMLConfig{Workload: clustered.Workload{Image: charts.ZenMLImage, ImagePullSecrets: []string{}}, Username: zenMLAdmin},
}

// zenMLDriver copies the address of the database before anything reads it.
type zenMLDriver struct {
	clustered.Service[zenMLConfig]
}

// Create makes the server, and finishes one of this component that was left half-made.
func (d zenMLDriver) Create(ctx context.Context, in flavor.Input, cfg zenMLConfig) (flavor.Result, error) {
	return d.copying().Create(ctx, in, cfg)
}

// Update brings the server to what is wanted.
func (d zenMLDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg zenMLConfig) (flavor.Result, error) {
	return d.copying().Update(ctx, in, id, old, cfg)
}

// copying is the driver as it writes: the release is judged by an address that is fresh.
func (d zenMLDriver) copying() clustered.Service[zenMLConfig] {
	service := d.Service
	service.Values = func(ctx context.Context, site clustered.Site, cfg zenMLConfig) (map[string]any, error) {
		if cfg.onVolume() {
			return zenMLValues(site, cfg), nil
		}

		address, err := databaseOf(ctx, site, cfg)
		if err != nil {
			return nil, err
		}

		site.Credentials, err = site.EnsureSecret(ctx, site.Owner, site.Namespace, clustered.SecretName(site.Name), nil, map[string]string{storeKey: address})
		if err != nil {
			return nil, err
		}

		return zenMLValues(site, cfg), nil
	}

	return service
}

// zenMLValues are those of the chart.
func zenMLValues(site clustered.Site, cfg zenMLConfig) map[string]any {
	values := map[string]any{"podAnnotations": map[string]any{credentialsAnnotation: fingerprint(site.Credentials)}}
	if !cfg.onVolume() {
		values["store"] = map[string]any{"type": "mysql", "key": storeKey}
	}

	return values
}

// fingerprint changes with what the server reads from its Secret whenever it starts. Whoever sees it learns nothing and
// cannot try guesses, since it is keyed with a secret that nobody chose. The login is left out: the server keeps that in
// its database.
func fingerprint(credentials map[string]string) string {
	sum := hmac.New(sha256.New, []byte(credentials[tokenKey]))

	for _, key := range []string{encryptionKey, storeKey} {
		sum.Write([]byte(key + "\x00" + credentials[key] + "\x00"))
	}

	return hex.EncodeToString(sum.Sum(nil)[:16])
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

	address, err := site.AddressOf(*cfg.MetadataStore)
	if err != nil {
		return "", err
	}

	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read address of metadata_store %q: %w", cfg.MetadataStore.Name, err)
	}

	if credentials["password"] == "" || credentials["database"] == "" {
		return "", fmt.Errorf("the Secret of metadata_store %q lacks a password or a database", cfg.MetadataStore.Name)
	}

	parsed.Path, parsed.User = "/"+credentials["database"], url.UserPassword(credentials["username"], credentials["password"])

	return parsed.String(), nil
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

// observeZenML compares the copy with what it is a copy of, and logs in.
func observeZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) (zenMLConfig, []string, error) {
	secret := clustered.SecretName(site.Name)
	imported := site.Owner.Incarnation == ""

	if imported && site.Credentials[usernameKey] != "" {
		cfg.Username = site.Credentials[usernameKey]
	}

	if !cfg.onVolume() {
		address, err := databaseOf(ctx, site, cfg)
		if err != nil {
			return cfg, nil, err
		}

		if site.Credentials[storeKey] != address {
			return cfg, []string{fmt.Sprintf("Secret/%s: %s is not what it is a copy of", secret, storeKey)}, nil
		}
	}

	if site.Credentials[usernameKey] != cfg.Username {
		return cfg, []string{fmt.Sprintf("Secret/%s: %s is not what was wanted", secret, usernameKey)}, nil
	}

	err := inZenML(ctx, site, cfg, func(server *zenMLClient) error { return server.login(ctx) })
	if errors.Is(err, errLogin) {
		return cfg, []string{fmt.Sprintf("the server %s of Secret/%s", errLogin, secret)}, nil
	}

	return cfg, nil, err
}

// furnishZenML hands a new password over to a server that keeps the old one, and only then to the Secret: between the two
// the old one would be lost.
func furnishZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) error {
	return inZenML(ctx, site, cfg, func(server *zenMLClient) error {
		wanted := cfg.PasswordWO
		err := server.login(ctx)

		switch {
		case wanted == nil || *wanted == server.password:
		case errors.Is(err, errLogin): // it may have been handed over by an apply that was interrupted
			server.password = *wanted
			err = server.login(ctx)
		case err == nil:
			err = server.setPassword(ctx, *wanted)
		}

		if errors.Is(err, errLogin) {
			return fmt.Errorf("log in to ZenML: it %w of Secret/%s: somebody has changed the password of %q in ZenML, or the database was another server's "+
				"before; put the right one into the Secret", errLogin, clustered.SecretName(site.Name), cfg.Username)
		}

		if err != nil || wanted == nil {
			return err
		}

		_, err = site.EnsureSecret(ctx, site.Owner, site.Namespace, clustered.SecretName(site.Name), nil, map[string]string{passwordKey: *wanted})

		return err
	})
}

// holdsZenML says what would be lost: what lies on the volume, and in a database elsewhere the values of secrets, which
// cannot be read without the key that goes with the server.
func holdsZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig) (holds string, err error) {
	err = inZenML(ctx, site, cfg, func(server *zenMLClient) error {
		if err := server.login(ctx); err != nil {
			return fmt.Errorf("log in to ZenML: %w", err)
		}

		if cfg.onVolume() {
			holds, err = server.first(ctx, server.holdings()...)

			return err
		}

		if holds, err = server.first(ctx, secretValues); holds != "" {
			holds += ", and the key that its values are encrypted with goes with the server"
		}

		return err
	})

	return holds, clustered.OfAnother(err)
}
