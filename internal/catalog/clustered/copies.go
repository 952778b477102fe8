package clustered

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// copied brings what the component's Secret holds of others' credentials to what those are now.
func (d Service[C]) copied(ctx context.Context, site Site, cfg C) (map[string]string, error) {
	if d.Copies == nil {
		return site.Credentials, nil
	}

	copies, err := d.Copies(ctx, site, cfg)
	if err != nil || len(copies) == 0 {
		return site.Credentials, err
	}

	return site.EnsureSecret(ctx, site.Owner, site.Namespace, SecretName(site.Name), nil, copies)
}

// inside reads back what no release tells: copies that are out of date, and where there are none, what is in the service.
func (d Service[C]) inside(ctx context.Context, site Site, cfg C) (C, []string, error) {
	ctx, cancel := context.WithTimeout(ctx, question)
	defer cancel()

	if d.Copies != nil {
		copies, err := d.Copies(ctx, site, cfg)
		if err != nil {
			return cfg, nil, err
		}

		if stale := site.stale(copies); len(stale) > 0 {
			return cfg, stale, nil
		}
	}

	if d.Observe == nil {
		return cfg, nil, nil
	}

	return d.Observe(ctx, site, cfg)
}

// stale says, a line each, what of the component's Secret is not what it should be a copy of.
func (s Site) stale(copies map[string]string) []string {
	var drift []string

	for _, key := range slices.Sorted(maps.Keys(copies)) {
		if s.Credentials[key] != copies[key] {
			drift = append(drift, fmt.Sprintf("Secret/%s: %s is not what it is a copy of", SecretName(s.Name), key))
		}
	}

	return drift
}

// Restarts are values of a chart by which pods are restarted when what they read from the component's Secret changes. They
// change with the values under keys and with the one under key, which has to be a secret that nobody chose: whoever sees
// them learns nothing and cannot try guesses.
func (s Site) Restarts(key string, keys ...string) map[string]any {
	sum := hmac.New(sha256.New, []byte(s.Credentials[key]))

	for _, one := range keys {
		sum.Write([]byte(one + "\x00" + s.Credentials[one] + "\x00"))
	}

	return map[string]any{"podAnnotations": map[string]any{"mlstacks.io/credentials": hex.EncodeToString(sum.Sum(nil)[:16])}}
}

// DatabaseURL is the whole address of a database for pods of this component, with the user and the password of credentials,
// which are those of CredentialsOf.
func (s Site) DatabaseURL(database Component, credentials map[string]string) (*url.URL, error) {
	address, err := s.AddressOf(database)
	if err != nil {
		return nil, err
	}

	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read address of %s %q: %w", database.Type, database.Name, err)
	}

	if credentials["password"] == "" || credentials["database"] == "" {
		return nil, fmt.Errorf("the Secret of %s %q lacks a password or a database", database.Type, database.Name)
	}

	parsed.Path, parsed.User = "/"+credentials["database"], url.UserPassword(credentials["username"], credentials["password"])

	return parsed, nil
}
