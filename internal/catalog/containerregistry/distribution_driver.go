package containerregistry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"golang.org/x/crypto/bcrypt"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// maxPassword is how much of a password bcrypt looks at.
const maxPassword = 72

var (
	prefixPattern = regexp.MustCompile(`^[^/\s]+(/[^/\s]+)*$`)
	userPattern   = regexp.MustCompile(`^[^:\s]*$`)
)

// distributionDriver adds to the release what is made of Secrets: the login and the keys of the store before it, a Secret for
// those who pull after it.
type distributionDriver struct {
	clustered.Service[distributionConfig]
}

// Create makes the registry, and finishes one of this component that was left half-made.
func (d distributionDriver) Create(ctx context.Context, in flavor.Input, cfg distributionConfig) (flavor.Result, error) {
	site, cfg, err := d.prepare(ctx, in, nil, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	result, err := d.Service.Create(ctx, in, cfg)
	if err != nil {
		return result, err
	}

	site.Owner.Incarnation = result.Incarnation

	return d.finish(ctx, site, cfg, result)
}

// Update brings the registry to what is wanted.
func (d distributionDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg distributionConfig) (flavor.Result, error) {
	site, cfg, err := d.prepare(ctx, in, &old, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	result, err := d.Service.Update(ctx, in, id, old, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	if result, err = d.finish(ctx, site, cfg, result); err != nil {
		return flavor.Result{}, err
	}

	return result, nil
}

// Read looks at the release and at the Secret for those who pull.
func (d distributionDriver) Read(ctx context.Context, in flavor.Input, id string, cfg distributionConfig) (distributionConfig, flavor.Result, error) {
	cfg, result, err := d.Service.Read(ctx, in, id, cfg)
	if err != nil {
		return cfg, result, err
	}

	result.Outputs = addresses(result.Outputs, cfg)

	if cfg.Username == "" || !in.Managed {
		return cfg, result, nil
	}

	in.Name = result.Name

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	site.Owner.Incarnation = result.Incarnation

	credentials, err := site.Secret(ctx, site.Namespace, clustered.SecretName(site.Name))
	if errors.Is(err, backend.ErrNotFound) {
		return cfg, result, nil // the release says so already
	}

	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	if !matches(credentials, cfg.Username) {
		result.Drift = append(result.Drift, fmt.Sprintf("Secret/%s: the hash in it is not that of its password", clustered.SecretName(site.Name)))
	}

	secret, err := pullSecret(site, credentials, result.Outputs)
	if err != nil {
		return cfg, result, err
	}

	lines, err := site.LoginDrift(ctx, secret[0])
	result.Drift = append(result.Drift, lines...)

	return cfg, result, clustered.Worded(err)
}

// Delete removes the registry. Its images need consent, unless they lie in a store, where they stay.
func (d distributionDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg distributionConfig) error {
	site, gone, err := clustered.EnterToDelete(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil || gone {
		return clustered.Worded(err)
	}

	if err := d.Consent(ctx, site, cfg); err != nil {
		return err
	}

	secret, err := pullSecret(site, nil, nil)
	if err != nil {
		return err
	}

	// Before the rest: the namespace goes with the last that lies in it.
	if err := site.Delete(ctx, site.Owner, secret); err != nil {
		return clustered.Worded(err)
	}

	return d.Service.Delete(ctx, in, id, cfg)
}

// prepare finds out what the component's Secret is to hold.
func (d distributionDriver) prepare(
	ctx context.Context, in flavor.Input, old *distributionConfig, cfg distributionConfig,
) (clustered.Site, distributionConfig, error) {
	cfg.secret = map[string]string{}

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return site, cfg, clustered.Worded(err)
	}

	if cfg.Username != "" {
		have, err := site.Secret(ctx, cfg.Namespace, clustered.SecretName(in.Name))
		if err != nil && !errors.Is(err, backend.ErrNotFound) {
			return site, cfg, clustered.Worded(err)
		}

		login, err := settle(have, old, cfg)
		if err != nil {
			return site, cfg, err
		}

		maps.Copy(cfg.secret, login)
	}

	if cfg.Store == nil {
		return site, cfg, nil
	}

	keys, err := site.CredentialsOf(ctx, *cfg.Store)
	if err != nil {
		return site, cfg, &flavor.AttributeError{
			Attribute: []string{"artifact_store"}, Err: err, Fix: "Check the store, then apply again.",
		}
	}

	cfg.secret["access-key"], cfg.secret["secret-key"] = keys["root-user"], keys["root-password"]

	return site, cfg, nil
}

// settle decides on the login: the password that is written when it is new, otherwise the one that is there, otherwise a
// fresh one; and the hash that is there as long as it fits.
func settle(have map[string]string, old *distributionConfig, cfg distributionConfig) (map[string]string, error) {
	fresh := old == nil || old.PasswordVersion == nil || cfg.PasswordVersion != nil && *old.PasswordVersion != *cfg.PasswordVersion
	login := map[string]string{"username": cfg.Username, "password": have["password"], "htpasswd": have["htpasswd"]}

	switch {
	case cfg.Password != nil && (fresh || login["password"] == ""):
		login["password"] = *cfg.Password
	case login["password"] == "":
		login["password"] = clustered.Random(32)()
	}

	if matches(login, cfg.Username) {
		return login, nil
	}

	hash, err := bcrypt.GenerateFromPassword([]byte(login["password"]), bcrypt.DefaultCost)
	if err != nil {
		return nil, fmt.Errorf("hash password: %w", err)
	}

	login["htpasswd"] = cfg.Username + ":" + string(hash) + "\n"

	return login, nil
}

// matches says whether the hash in a Secret is that of its password for a user.
func matches(secret map[string]string, username string) bool {
	user, hash, ok := strings.Cut(strings.TrimSpace(secret["htpasswd"]), ":")

	return ok && user == username && bcrypt.CompareHashAndPassword([]byte(hash), []byte(secret["password"])) == nil
}

// finish makes the Secret for those who pull, and reaches the registry by the address that it is known by.
func (distributionDriver) finish(
	ctx context.Context, site clustered.Site, cfg distributionConfig, result flavor.Result,
) (flavor.Result, error) {
	result.Outputs = addresses(result.Outputs, cfg)

	secret, err := pullSecret(site, cfg.secret, result.Outputs)
	if err != nil {
		return result, err
	}

	if cfg.Username == "" {
		err = site.Delete(ctx, site.Owner, secret)
	} else {
		err = site.Repair(ctx, site.Owner, secret)
	}

	if err != nil {
		return result, clustered.Worded(err)
	}

	if uri := result.Outputs["uri"]; uri != "" && uri == result.Outputs["local_uri"] {
		if err := reach(ctx, "http://"+uri); err != nil {
			return result, &flavor.AttributeError{
				Attribute: []string{"expose"}, Err: err, Fix: "Check the ports of the k3d cluster, then apply again.",
			}
		}
	}

	return result, nil
}

func pullSecretName(component string) string { return component + "-pull" }

// pullSecret is the Secret that others pull with.
func pullSecret(site clustered.Site, credentials, outputs map[string]string) ([]*unstructured.Unstructured, error) {
	login := clustered.Login{Username: credentials["username"], Password: credentials["password"]}

	secret, err := clustered.LoginSecret(site.Namespace, pullSecretName(site.Name), map[string]clustered.Login{
		outputs["uri"]: login, outputs["cluster_uri"]: login,
	})

	return []*unstructured.Unstructured{secret}, err
}

// addresses are the outputs with addresses as images have them, which name no scheme. A port of this machine that has the
// number of the node port makes an address that is good everywhere: both sides know themselves as localhost.
func addresses(outputs map[string]string, cfg distributionConfig) map[string]string {
	all := maps.Clone(outputs)

	for _, name := range []string{"uri", "local_uri", "cluster_uri"} {
		if address, ok := all[name]; ok {
			_, all[name], _ = strings.Cut(address, "://")
			if all[name] == "" {
				all[name] = address
			}
		}
	}

	if port := all["node_port"]; port != "" && cfg.Expose.Host == "" && all["local_uri"] == "localhost:"+port {
		all["uri"] = all["local_uri"]
	}

	if cfg.Username != "" && all["service"] != "" {
		all["pull_secret"] = pullSecretName(all["service"])
	}

	return all
}
