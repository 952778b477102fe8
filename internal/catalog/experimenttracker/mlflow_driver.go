package experimenttracker

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	mlflowPort = 5000

	// The keys of the Secret: those of the server itself, and those copied from the stores it works with.
	usernameKey  = "username"
	passwordKey  = "password"
	flaskKey     = "flask-secret-key"
	databaseKey  = "backend-store-uri"
	accessKey    = "access-key"
	secretKey    = "secret-key"
	passwordSize = 24
	flaskSize    = 48

	// credentialsAnnotation restarts the server when what it reads from its Secret changes.
	credentialsAnnotation = "mlstacks.io/credentials"
)

var mlflowDoor = clustered.Door{Scheme: "http", Port: mlflowPort, Path: "/health"}

var mlflowService = clustered.Service[mlflowConfig]{
	Flavor: "mlflow",
	Image:  charts.MLflowImage,
	Door:   mlflowDoor,
	Chart:  func(mlflowConfig) helm.Source { return clustered.Embedded(charts.MLflow) },
	Parts: func(c *mlflowConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
	},
	Secret: func(_ flavor.Input, cfg mlflowConfig) clustered.Secret {
		password := clustered.Random(passwordSize)
		if cfg.PasswordWO != nil { // a server that is there already is told first, see furnishMLflow
			password = clustered.Constant(*cfg.PasswordWO)
		}

		return clustered.Secret{
			Generated: map[string]func() string{passwordKey: password, flaskKey: clustered.Random(flaskSize)},
			Fixed:     map[string]string{usernameKey: cfg.Username},
		}
	},
	Values:   mlflowValues,
	Identity: func(cfg mlflowConfig) (policy.Bucket, bool) { return clustered.BucketOf(cfg.ArtifactStore, "") },
	Furnish:  furnishMLflow,
	Observe:  observeMLflow,
	Holds:    holdsMLflow,
	Default: mlflowConfig{
		Workload: clustered.Workload{Image: charts.MLflowImage, ImagePullSecrets: []string{}}, BasicAuth: true, Username: mlflowAdmin,
	},
}

// mlflowDriver copies the credentials of stores before anything reads them.
type mlflowDriver struct {
	clustered.Service[mlflowConfig]
}

// Create makes the server, and finishes one of this component that was left half-made.
func (d mlflowDriver) Create(ctx context.Context, in flavor.Input, cfg mlflowConfig) (flavor.Result, error) {
	return d.copying().Create(ctx, in, cfg)
}

// Update brings the server to what is wanted.
func (d mlflowDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg mlflowConfig) (flavor.Result, error) {
	return d.copying().Update(ctx, in, id, old, cfg)
}

// copying is the driver as it writes: the release is judged by credentials that are fresh.
func (d mlflowDriver) copying() clustered.Service[mlflowConfig] {
	service := d.Service
	service.Values = func(ctx context.Context, site clustered.Site, cfg mlflowConfig) (map[string]any, error) {
		copies, err := borrowed(ctx, site, cfg)
		if err != nil {
			return nil, err
		}

		site.Credentials, err = site.EnsureSecret(ctx, site.Owner, site.Namespace, clustered.SecretName(site.Name), nil, copies)
		if err != nil {
			return nil, err
		}

		return mlflowValues(ctx, site, cfg)
	}

	return service
}

// borrowed are the credentials of the stores as they are now, under the keys of the component's own Secret.
func borrowed(ctx context.Context, site clustered.Site, cfg mlflowConfig) (map[string]string, error) {
	copies := map[string]string{}

	if database := cfg.MetadataStore; database != nil {
		credentials, err := site.CredentialsOf(ctx, *database)
		if err != nil {
			return nil, err
		}

		if copies[databaseKey], err = databaseURL(site, *database, credentials); err != nil {
			return nil, err
		}
	}

	if store := cfg.ArtifactStore; store != nil && !keyless(cfg) {
		credentials, err := site.CredentialsOf(ctx, *store)
		if err != nil {
			return nil, err
		}

		copies[accessKey], copies[secretKey] = credentials["root-user"], credentials["root-password"]
	}

	for key, value := range copies {
		if value == "" {
			return nil, fmt.Errorf("copy credentials: there is no %s for the server", key)
		}
	}

	return copies, nil
}

// drivers are the Python packages that MLflow's image speaks to databases with.
var drivers = map[string]string{"postgres": "postgresql+psycopg2", "mysql": "mysql+pymysql"}

// databaseURL is the whole address of the database, with the password.
func databaseURL(site clustered.Site, database clustered.Component, credentials map[string]string) (string, error) {
	address, err := site.AddressOf(database)
	if err != nil {
		return "", err
	}

	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read address of metadata_store %q: %w", database.Name, err)
	}

	if credentials["password"] == "" || credentials["database"] == "" {
		return "", fmt.Errorf("the Secret of metadata_store %q lacks a password or a database", database.Name)
	}

	parsed.Scheme, parsed.Path = drivers[database.Flavor], "/"+credentials["database"]
	parsed.User = url.UserPassword(credentials["username"], credentials["password"])

	return parsed.String(), nil
}

// mlflowValues are those of the chart.
func mlflowValues(ctx context.Context, site clustered.Site, cfg mlflowConfig) (map[string]any, error) {
	hosts, err := clustered.Hosts(ctx, site, cfg.Expose)
	if err != nil {
		return nil, err
	}

	values := map[string]any{
		"podAnnotations": map[string]any{credentialsAnnotation: fingerprint(site.Credentials)},
		"auth":           map[string]any{"enabled": cfg.BasicAuth},
		"allowedHosts":   clustered.Texts(hosts),
	}

	if cfg.MetadataStore != nil {
		values["backend"] = map[string]any{"type": "sql", "key": databaseKey}
	}

	if store := cfg.ArtifactStore; store != nil && keyless(cfg) {
		values["artifacts"], values["serviceAccountName"] = mlflowInS3(site.Name, *store), site.Name
	} else if store != nil {
		endpoint, err := site.AddressOf(*store)
		if err != nil {
			return nil, err
		}

		values["artifacts"] = map[string]any{
			"destination": "s3://" + store.Outputs["bucket"] + "/" + site.Name, "endpoint": endpoint, "existingSecret": clustered.SecretName(site.Name),
			"keys": map[string]any{"accessKey": accessKey, "secretKey": secretKey},
		}
	}

	return values, nil
}

// fingerprint changes with what the server reads from its Secret whenever it starts. Whoever sees it learns nothing and
// cannot try guesses, since it is keyed with a secret that nobody chose. The login is left out: the server keeps that in
// its database.
func fingerprint(credentials map[string]string) string {
	sum := hmac.New(sha256.New, []byte(credentials[flaskKey]))

	for _, key := range []string{databaseKey, accessKey, secretKey} {
		sum.Write([]byte(key + "\x00" + credentials[key] + "\x00"))
	}

	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// observeMLflow compares the copies with what they are copies of, and logs in.
func observeMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig) (mlflowConfig, []string, error) {
	copies, err := borrowed(ctx, site, cfg)
	if err != nil {
		return cfg, nil, err
	}

	var drift []string

	for _, key := range slices.Sorted(maps.Keys(copies)) {
		if site.Credentials[key] != copies[key] {
			drift = append(drift, fmt.Sprintf("Secret/%s: %s is not what it is a copy of", clustered.SecretName(site.Name), key))
		}
	}

	if site.Credentials[usernameKey] != cfg.Username {
		drift = append(drift, fmt.Sprintf("Secret/%s: %s is not what was wanted", clustered.SecretName(site.Name), usernameKey))
	}

	if len(drift) > 0 || !cfg.BasicAuth {
		return cfg, drift, nil
	}

	err = inMLflow(ctx, site, cfg, func(server mlflowServer) error { return server.login(ctx) })
	if errors.Is(err, errLogin) {
		return cfg, []string{fmt.Sprintf("the server %s of Secret/%s", errLogin, clustered.SecretName(site.Name))}, nil
	}

	return cfg, nil, err
}

// furnishMLflow hands a new password over to a server that keeps the old one, and only then to the Secret: between the two
// the old one would be lost.
func furnishMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig) error {
	if !cfg.BasicAuth {
		return nil
	}

	return inMLflow(ctx, site, cfg, func(server mlflowServer) error {
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
			return fmt.Errorf("log in to MLflow: it %w of Secret/%s: somebody has changed the password of %q in MLflow; put the right one into the Secret",
				errLogin, clustered.SecretName(site.Name), cfg.Username)
		}

		if err != nil || wanted == nil {
			return err
		}

		_, err = site.EnsureSecret(ctx, site.Owner, site.Namespace, clustered.SecretName(site.Name), nil, map[string]string{passwordKey: *wanted})

		return err
	})
}

// holdsMLflow says what a volume would take with it; nothing lies on one beside a database and a store.
func holdsMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig) (holds string, err error) {
	if cfg.MetadataStore != nil && cfg.ArtifactStore != nil {
		return "", nil
	}

	err = inMLflow(ctx, site, cfg, func(server mlflowServer) error {
		holds, err = server.records(ctx)

		return err
	})

	return strings.TrimSpace(holds), clustered.OfAnother(err)
}
