package zenserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
)

const (
	componentsPath = "components"
	stacksPath     = "stacks"
)

// ComponentsByID finds components. Those that are gone are missing from the answer.
func (c *Client) ComponentsByID(ctx context.Context, ids []string) ([]Component, error) {
	return find[wireComponent](ctx, c, componentsPath, "id", ids)
}

// ComponentsByName finds components of any type; several types may have one of a name.
func (c *Client) ComponentsByName(ctx context.Context, names []string) ([]Component, error) {
	return find[wireComponent](ctx, c, componentsPath, "name", names)
}

// CreateComponent registers a component; its ID, ConnectorName and whatever the server adds are in the answer.
func (c *Client) CreateComponent(ctx context.Context, want Component) (Component, error) {
	return send[wireComponent](ctx, c, http.MethodPost, componentsPath, componentContent(want, true))
}

// UpdateComponent brings a component to what is wanted: name, configuration, labels and connector, each of them as a
// whole. Type and flavor cannot change.
func (c *Client) UpdateComponent(ctx context.Context, want Component) (Component, error) {
	return send[wireComponent](ctx, c, http.MethodPut, componentsPath+"/"+want.ID, componentContent(want, false))
}

// DeleteComponent removes a component. ErrRefused: a stack has it. One that is gone already is no error.
func (c *Client) DeleteComponent(ctx context.Context, id string) error {
	return c.remove(ctx, componentsPath, id)
}

func componentContent(want Component, fresh bool) map[string]any {
	if want.Configuration == nil {
		want.Configuration = map[string]any{}
	}

	content := map[string]any{"name": want.Name, "configuration": want.Configuration, "labels": want.Labels}

	if fresh {
		content["type"], content["flavor"] = want.Type, want.Flavor
	}

	// The server unlinks the connector whenever an update does not name it.
	if want.Connector != "" {
		content["connector"] = want.Connector

		if want.ResourceID != "" {
			content["connector_resource_id"] = want.ResourceID
		}
	}

	return content
}

// Stack finds a stack; backend.ErrNotFound where it is gone.
func (c *Client) Stack(ctx context.Context, id string) (Stack, error) {
	return send[wireStack](ctx, c, http.MethodGet, stacksPath+"/"+id, nil)
}

// StackByName finds a stack by its name; ok is false where there is none.
func (c *Client) StackByName(ctx context.Context, name string) (s Stack, ok bool, err error) {
	found, err := find[wireStack](ctx, c, stacksPath, "name", []string{name})
	if err != nil || len(found) == 0 {
		return s, false, err
	}

	return found[0], true, nil
}

// StacksWith finds the stacks that have a component.
func (c *Client) StacksWith(ctx context.Context, component string) ([]Stack, error) {
	found, err := list[wireStack](ctx, c, stacksPath, url.Values{"component_id": {component}})

	return objects(found), err
}

// CreateStack registers a stack of components that exist, given by their ids for each type, the default one first.
func (c *Client) CreateStack(ctx context.Context, name string, components map[string][]string, labels map[string]any) (Stack, error) {
	return send[wireStack](ctx, c, http.MethodPost, stacksPath, map[string]any{"name": name, "components": components, "labels": labels})
}

// UpdateStack brings a stack to a name, components and labels, each of them as a whole. What else it has, stays.
func (c *Client) UpdateStack(ctx context.Context, id, name string, components map[string][]string, labels map[string]any) (Stack, error) {
	return send[wireStack](ctx, c, http.MethodPut, stacksPath+"/"+id,
		map[string]any{"name": name, "components": components, "labels": labels})
}

// DeleteStack removes a stack and leaves its components. One that is gone already is no error.
func (c *Client) DeleteStack(ctx context.Context, id string) error {
	return c.remove(ctx, stacksPath, id)
}

// secretReference finds what a configuration refers to as {{name.key}}.
var secretReference = regexp.MustCompile(`\{\{\s*([^\s.{}]+)\.[^\s{}]+\s*\}\}`)

// wholeSecret is the option by which a component takes a secret whole.
const wholeSecret = "authentication_secret"

// SecretReferences are the names of the components that refer to each secret, by the secret's name.
func (c *Client) SecretReferences(ctx context.Context) (map[string][]string, error) {
	found, err := list[wireComponent](ctx, c, componentsPath, nil)
	if err != nil {
		return nil, err
	}

	by := map[string][]string{}

	for _, component := range found {
		encoded, err := json.Marshal(component.Metadata.Configuration)
		if err != nil {
			return nil, fmt.Errorf("read component %q: %w", component.Name, err)
		}

		for _, match := range secretReference.FindAllStringSubmatch(string(encoded), -1) {
			by[match[1]] = append(by[match[1]], component.Name)
		}

		if whole, ok := component.Metadata.Configuration[wholeSecret].(string); ok && whole != "" {
			by[whole] = append(by[whole], component.Name)
		}
	}

	return by, nil
}
