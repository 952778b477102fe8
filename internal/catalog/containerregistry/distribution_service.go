package containerregistry

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// httpSecretKey is where the Secret keeps what the registry signs uploads with.
const httpSecretKey = "http-secret"

var distributionService = clustered.Service[distributionConfig]{
	Flavor: "distribution",
	Image:  charts.DistributionImage,
	Door:   clustered.Door{Scheme: "http", Port: registryPort, Path: "/v2/"},
	Chart:  func(distributionConfig) helm.Source { return clustered.Embedded(charts.Distribution) },
	Parts: func(c *distributionConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
	},
	Secret: func(_ flavor.Input, cfg distributionConfig) clustered.Secret {
		return clustered.Secret{Generated: map[string]func() string{httpSecretKey: clustered.Random(32)}, Fixed: cfg.secret}
	},
	Values:  distributionValues,
	Learn:   learnDistribution,
	Furnish: serves,
	Holds:   holdsImages,
	Default: distributionConfig{
		Workload: clustered.Workload{Image: charts.DistributionImage, ImagePullSecrets: []string{}}, Prefix: "registry",
	},
}

// distributionValues are those of the chart beside the common ones.
func distributionValues(_ context.Context, site clustered.Site, cfg distributionConfig) (map[string]any, error) {
	values := site.Restarts(httpSecretKey, slices.Sorted(maps.Keys(site.Credentials))...)
	values["htpasswd"] = map[string]any{"enabled": cfg.Username != ""}

	if cfg.Store == nil {
		return values, nil
	}

	endpoint, err := site.AddressOf(*cfg.Store)
	if err != nil {
		return nil, &flavor.AttributeError{Attribute: []string{"artifact_store"}, Err: err, Fix: "Expose the store, or put both into one cluster."}
	}

	bucket := cfg.bucket()
	if bucket == "" {
		return nil, &flavor.AttributeError{
			Attribute: []string{"bucket"},
			Err:       fmt.Errorf("artifact store %q tells of no bucket", cfg.Store.Name),
			Fix:       "Set bucket to one that the store has.",
		}
	}

	values["s3"] = map[string]any{
		"bucket": bucket, "endpoint": endpoint, "rootDirectory": "/" + cfg.Prefix, "secure": !strings.HasPrefix(endpoint, "http://"),
		"existingSecret": clustered.SecretName(site.Name),
	}

	return values, nil
}

// learnDistribution learns where in its store a registry that is imported keeps its images. The bucket is learned where the
// configuration has one: without, it is the store's own.
func learnDistribution(cfg *distributionConfig, found helm.Observed, _ map[string]string) {
	root, _ := clustered.Released{Values: found.Values}.Value("s3", "rootDirectory").(string)
	clustered.Learn(&cfg.Prefix, strings.TrimPrefix(root, "/"))
}

// settling is how long a registry may take to find its storage.
const settling = 30 * time.Second

// serves makes sure that the registry takes the login and reads its storage, which it does not try by itself.
func serves(ctx context.Context, site clustered.Site, cfg distributionConfig) error {
	deadline := time.Now().Add(settling)

	for {
		_, err := repositories(ctx, site, cfg)
		if err == nil || time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}

		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// holdsImages says what would be lost. What lies in a store stays there.
func holdsImages(ctx context.Context, site clustered.Site, cfg distributionConfig) (string, error) {
	if cfg.Store != nil {
		return "", nil
	}

	names, err := repositories(ctx, site, cfg)
	if err != nil || len(names) == 0 {
		return "", err
	}

	return fmt.Sprintf("there are images in %s", strings.Join(names, ", ")), nil
}

// repositories lists the first few repositories, through a way of its own into the cluster.
func repositories(ctx context.Context, site clustered.Site, cfg distributionConfig) ([]string, error) {
	address, stop, err := site.Forward(ctx, site.Namespace, site.Name, registryPort)
	if err != nil {
		return nil, err
	}
	defer stop()

	var login *clustered.Login
	if cfg.Username != "" {
		login = &clustered.Login{Username: cfg.Username, Password: site.Credentials["password"]}
	}

	return catalogOf(ctx, "http://"+address, login)
}

func catalogOf(ctx context.Context, base string, login *clustered.Login) ([]string, error) {
	resp, err := get(ctx, base+"/v2/_catalog?n=5", login)
	if err != nil {
		return nil, fmt.Errorf("list repositories: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing is written

	const enough = 1 << 16

	text, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err != nil {
		return nil, fmt.Errorf("list repositories: %w", err)
	}

	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return nil, fmt.Errorf("list repositories: the registry does not take its own login")
	default:
		return nil, fmt.Errorf("list repositories: the registry answers %s; does its storage answer, with the bucket there?", resp.Status)
	}

	var catalog struct {
		Repositories []string `json:"repositories"`
	}

	if err := json.Unmarshal(text, &catalog); err != nil {
		return nil, fmt.Errorf("list repositories: %w", err)
	}

	return catalog.Repositories, nil
}
