package experimenttracker

import (
	"context"
	"errors"
	"fmt"
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
	Copies: borrowed,
	Values: mlflowValues,
	Learn: func(cfg *mlflowConfig, _ helm.Observed, credentials map[string]string) {
		clustered.Learn(&cfg.Username, credentials[usernameKey])
	},
	Identity: func(cfg mlflowConfig) (policy.Bucket, bool) { return clustered.BucketOf(cfg.ArtifactStore, "") },
	Furnish:  furnishMLflow,
	Observe:  observeMLflow,
	Holds:    holdsMLflow,
	Default: mlflowConfig{
		Workload: clustered.Workload{Image: charts.MLflowImage, ImagePullSecrets: []string{}}, BasicAuth: true, Username: mlflowAdmin,
	},
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
	address, err := site.DatabaseURL(database, credentials)
	if err != nil {
		return "", err
	}

	address.Scheme = drivers[database.Flavor]

	return address.String(), nil
}

// mlflowValues are those of the chart.
func mlflowValues(ctx context.Context, site clustered.Site, cfg mlflowConfig) (map[string]any, error) {
	hosts, err := clustered.Hosts(ctx, site, cfg.Expose)
	if err != nil {
		return nil, err
	}

	values := helm.Merge(restarts(site), map[string]any{
		"auth":         map[string]any{"enabled": cfg.BasicAuth},
		"allowedHosts": clustered.Texts(hosts),
	})

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

// restarts gives the server new pods when what it reads from its Secret at its start changes. The login is left out: the
// server keeps that in its database.
func restarts(site clustered.Site) map[string]any {
	return site.Restarts(flaskKey, databaseKey, accessKey, secretKey)
}

// observeMLflow logs in.
func observeMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig) (mlflowConfig, []string, error) {
	secret := clustered.SecretName(site.Name)

	if site.Credentials[usernameKey] != cfg.Username {
		return cfg, []string{fmt.Sprintf("Secret/%s: %s is not what was wanted", secret, usernameKey)}, nil
	}

	if !cfg.BasicAuth {
		return cfg, nil, nil
	}

	err := inMLflow(ctx, site, cfg, func(server mlflowServer) error { return server.Login(ctx) })
	if errors.Is(err, clustered.ErrLogin) {
		return cfg, []string{fmt.Sprintf("the server %s of Secret/%s", clustered.ErrLogin, secret)}, nil
	}

	return cfg, nil, err
}

// furnishMLflow makes sure of the login, and hands a new password over to a server that keeps the old one.
func furnishMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig) error {
	if !cfg.BasicAuth {
		return nil
	}

	return inMLflow(ctx, site, cfg, func(server mlflowServer) error {
		err := site.HandOver(ctx, passwordKey, cfg.PasswordWO, func(password string) clustered.Keeper {
			server.password = password

			return server
		})
		if errors.Is(err, clustered.ErrLogin) {
			return fmt.Errorf("log in to MLflow: it %w of Secret/%s: somebody has changed the password of %q in MLflow; put the right one into the Secret",
				err, clustered.SecretName(site.Name), cfg.Username)
		}

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
