package zenserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// batch is how many values a filter names at most, so that an address does not become too long.
const batch = 50

// find lists the objects whose field has one of the values.
func find[W wire[T], T any](ctx context.Context, c *Client, path, field string, values []string) ([]T, error) {
	var all []T

	for len(values) > 0 {
		some := values[:min(batch, len(values))]
		values = values[len(some):]

		found, err := list[W](ctx, c, path, url.Values{field: {oneOf(some)}})
		if err != nil {
			return nil, err
		}

		all = append(all, objects(found)...)
	}

	return all, nil
}

// send makes a call that answers with one object.
func send[W wire[T], T any](ctx context.Context, c *Client, method, path string, content any) (T, error) {
	var sent W

	if err := c.call(ctx, method, path, nil, content, &sent); err != nil {
		var none T

		return none, err
	}

	return sent.object(), nil
}

// remove deletes an object; one that is gone is no error.
func (c *Client) remove(ctx context.Context, path, id string) error {
	err := c.call(ctx, http.MethodDelete, path+"/"+id, nil, nil, nil)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}

	return err
}

// Info is what the server says of itself, asked for once. It needs no credentials. A server of another version is a
// *VersionError beside the answer.
func (c *Client) Info(ctx context.Context) (Info, error) {
	known, err := c.About(ctx)
	if err != nil {
		return Info{}, err
	}

	if known.Version != Version && !strings.HasPrefix(known.Version, Version+".") {
		return known, &VersionError{URL: c.config.URL, Version: known.Version, Wanted: Version}
	}

	return known, nil
}

// About is Info of a server of whatever version. Those who ask at once share the answer.
func (c *Client) About(ctx context.Context) (Info, error) {
	const call = "GET info"

	if err := c.asking.enter(ctx); err != nil {
		return Info{}, fmt.Errorf("%s: %w", call, err)
	}
	defer c.asking.leave()

	if c.info != nil {
		return *c.info, nil
	}

	body, err := c.persist(ctx, request{method: http.MethodGet, path: "info", call: call})
	if err != nil {
		return Info{}, err
	}

	var info Info
	if err := json.Unmarshal(body, &info); err != nil || info.Version == "" {
		return Info{}, fmt.Errorf("%s: the server at %s %w: it tells no version", call, c.config.URL, ErrNotZenML)
	}

	c.info = &info

	return info, nil
}

// Login makes sure that the credentials are taken.
func (c *Client) Login(ctx context.Context) error {
	_, err := c.bearer(ctx, "")

	return err
}

// SetPassword changes the password of the user who is logged in. The login ends with it.
func (c *Client) SetPassword(ctx context.Context, from, to string) error {
	return c.call(ctx, http.MethodPut, "current-user", nil, map[string]any{"password": to, "old_password": from}, nil)
}

// FirstBut is the name of an object in a list, such as pipelines, which is not called but; empty where there is none.
func (c *Client) FirstBut(ctx context.Context, path, but string) (string, error) {
	query := url.Values{}
	if but != "" {
		query.Set("name", "notequals:"+but)
	}

	items, err := some(ctx, c, path, query)
	if len(items) == 0 {
		return "", err
	}

	return items[0].Name, nil
}

// HasArtifacts says whether runs have left artifacts in a store.
func (c *Client) HasArtifacts(ctx context.Context, store string) (bool, error) {
	items, err := some(ctx, c, "artifact_versions", url.Values{"artifact_store_id": {oneOf([]string{store})}})

	return len(items) > 0, err
}

// named is what of an object tells that there is one.
type named struct {
	Name string `json:"name"`
}

// some is one object of a list, where it has any.
func some(ctx context.Context, c *Client, path string, query url.Values) ([]named, error) {
	query.Set("size", "1")

	var one page[named]

	err := c.call(ctx, http.MethodGet, path, query, nil, &one)

	return one.Items, err
}

// SecretsByName finds secrets, without their values.
func (c *Client) SecretsByName(ctx context.Context, names []string) ([]Secret, error) {
	return find[wireSecret](ctx, c, "secrets", "name", names)
}

// SecretsByID finds secrets, without their values.
func (c *Client) SecretsByID(ctx context.Context, ids []string) ([]Secret, error) {
	return find[wireSecret](ctx, c, "secrets", "id", ids)
}

// Secret reads a secret with its values.
func (c *Client) Secret(ctx context.Context, id string) (Secret, error) {
	return send[wireSecret](ctx, c, http.MethodGet, "secrets/"+id, nil)
}

// CreateSecret makes a secret that everybody on the server may use.
func (c *Client) CreateSecret(ctx context.Context, name string, values map[string]string) (Secret, error) {
	return send[wireSecret](ctx, c, http.MethodPost, "secrets", map[string]any{"name": name, "private": false, "values": values})
}

// UpdateSecret replaces all values of a secret.
func (c *Client) UpdateSecret(ctx context.Context, id string, values map[string]string) (Secret, error) {
	return send[wireSecret](ctx, c, http.MethodPut, "secrets/"+id, map[string]any{"values": values})
}

// DeleteSecret removes a secret. One that is gone already is no error.
func (c *Client) DeleteSecret(ctx context.Context, id string) error {
	return c.remove(ctx, "secrets", id)
}

// ConnectorsByName finds service connectors.
func (c *Client) ConnectorsByName(ctx context.Context, names []string) ([]Connector, error) {
	return find[wireConnector](ctx, c, "service_connectors", "name", names)
}

// ConnectorsByID finds service connectors.
func (c *Client) ConnectorsByID(ctx context.Context, ids []string) ([]Connector, error) {
	return find[wireConnector](ctx, c, "service_connectors", "id", ids)
}

// CreateConnector registers a service connector. The server does not try its credentials.
func (c *Client) CreateConnector(ctx context.Context, want Connector) (Connector, error) {
	return send[wireConnector](ctx, c, http.MethodPost, "service_connectors", connectorContent(want))
}

// UpdateConnector brings a service connector to what is wanted, as a whole. The server refuses to change type, method
// and resource of one that a component uses.
func (c *Client) UpdateConnector(ctx context.Context, want Connector) (Connector, error) {
	return send[wireConnector](ctx, c, http.MethodPut, "service_connectors/"+want.ID, connectorContent(want))
}

// DeleteConnector removes a service connector. One that is gone already is no error.
func (c *Client) DeleteConnector(ctx context.Context, id string) error {
	return c.remove(ctx, "service_connectors", id)
}

func connectorContent(want Connector) map[string]any {
	content := map[string]any{
		"name": want.Name, "connector_type": want.Type, "auth_method": want.AuthMethod, "resource_types": want.ResourceTypes,
		"configuration": want.Configuration, "labels": want.Labels,
	}

	if want.ResourceID != "" {
		content["resource_id"] = want.ResourceID
	}

	return content
}

// FlavorsByName finds flavors of any type.
func (c *Client) FlavorsByName(ctx context.Context, names []string) ([]Flavor, error) {
	return find[wireFlavor](ctx, c, "flavors", "name", names)
}

// FlavorsByID finds flavors.
func (c *Client) FlavorsByID(ctx context.Context, ids []string) ([]Flavor, error) {
	return find[wireFlavor](ctx, c, "flavors", "id", ids)
}

// CreateFlavor registers a custom flavor.
func (c *Client) CreateFlavor(ctx context.Context, want Flavor) (Flavor, error) {
	return send[wireFlavor](ctx, c, http.MethodPost, "flavors", flavorContent(want))
}

// UpdateFlavor brings the schema and the source of a custom flavor to what is wanted.
func (c *Client) UpdateFlavor(ctx context.Context, want Flavor) (Flavor, error) {
	return send[wireFlavor](ctx, c, http.MethodPut, "flavors/"+want.ID, flavorContent(want))
}

// DeleteFlavor removes a custom flavor. One that is gone already is no error.
func (c *Client) DeleteFlavor(ctx context.Context, id string) error {
	return c.remove(ctx, "flavors", id)
}

func flavorContent(want Flavor) map[string]any {
	return map[string]any{
		"name": want.Name, "type": want.Type, "config_schema": want.Schema, "source": want.Source, "integration": nil, "is_custom": true,
	}
}
