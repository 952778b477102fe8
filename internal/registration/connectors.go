package registration

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// missingConnectorError says that components name a service connector that nobody describes.
type missingConnectorError struct{ name, component string }

// Error names both.
func (e *missingConnectorError) Error() string {
	return fmt.Sprintf("%s uses the service connector %q, which the server does not have", e.component, e.name)
}

// makeConnectors registers the service connectors that are missing and changes those of ours that differ.
func (w *work) makeConnectors(ctx context.Context) error {
	users := map[string]string{}

	for _, p := range w.want.parts {
		if p.ConnectorName != "" {
			users[p.ConnectorName] = fmt.Sprintf("%s %q", words(p.Type), p.Name)
		}
	}

	names := maps.Clone(users)
	for name := range w.want.connectors {
		names[name] = ""
	}

	if len(names) == 0 {
		return nil
	}

	found, err := w.client.ConnectorsByName(ctx, slices.Sorted(maps.Keys(names)))
	if err != nil {
		return err
	}

	has := map[string]zenserver.Connector{}
	for _, c := range found {
		has[c.Name] = c
	}

	for _, name := range slices.Sorted(maps.Keys(names)) {
		there, exists := has[name]
		want, described := w.want.connectors[name]

		switch {
		case !exists && !described:
			return &missingConnectorError{name: name, component: users[name]}
		case described:
			if there, err = w.makeConnector(ctx, there, exists, want); err != nil {
				return fmt.Errorf("register service connector %q: %w", name, err)
			}
		}

		w.connectors[name] = there.ID
	}

	return nil
}

func (w *work) makeConnector(ctx context.Context, has zenserver.Connector, exists bool, want connector) (zenserver.Connector, error) {
	mark := has.Labels[markStack]
	ours := w.have.connectors[want.Name] != "" && w.have.connectors[want.Name] == has.ID || mark != ""

	switch {
	case exists && !ours:
		delete(w.have.connectors, want.Name) // ours is gone, and this one took its place

		return has, sameType(has, want)
	case exists:
		w.have.connectors[want.Name] = has.ID

		want.Labels = w.connectorLabels(has.Labels)
		if !w.changes(has, want) || mark != "" && mark != w.want.name && mark != w.former.name {
			return has, sameType(has, want)
		}

		want.ID = has.ID

		return w.client.UpdateConnector(ctx, want.Connector)
	}

	want.Labels = w.connectorLabels(nil)

	made, err := w.client.CreateConnector(ctx, want.Connector)
	if zenserver.MayBeThere(err) {
		// By this run, whose answer was lost, or by another registration with the same connector.
		found, failed := w.client.ConnectorsByName(ctx, []string{want.Name})
		if failed == nil && len(found) == 1 && found[0].Labels[markStack] != "" && sameConnector(found[0], want) {
			made, err = found[0], nil
		}
	}

	if err == nil {
		w.have.connectors[want.Name] = made.ID
	}

	return made, err
}

// connectorLabels are the labels that a connector is to have which has some already.
func (w *work) connectorLabels(has map[string]string) map[string]string {
	return relabeled(has, w.former.labels, func(value string) string { return value }, w.want.labels, map[string]string{markStack: w.want.name})
}

// changes says whether a connector of ours is to be changed. What was taken out of the configuration cannot be told from what
// the server has added, so that any change of what is wanted counts.
func (w *work) changes(has zenserver.Connector, want connector) bool {
	was, described := w.former.connectors[want.Name]

	return was.version != want.version || !sameConnector(has, want) || !maps.Equal(has.Labels, want.Labels) ||
		described && (!maps.Equal(was.plain, want.plain) || !slices.Equal(was.ResourceTypes, want.ResourceTypes))
}

func sameType(has zenserver.Connector, want connector) error {
	if has.Type != want.Type {
		return fmt.Errorf("one of the type %s is wanted, and the one that is there is of the type %s", want.Type, has.Type)
	}

	return nil
}

// sameConnector compares what can be seen of a connector: the server need not show secrets.
func sameConnector(has zenserver.Connector, want connector) bool {
	if has.AuthMethod != want.AuthMethod || has.ResourceID != want.ResourceID || len(want.ResourceTypes) > 0 && !slices.Equal(has.ResourceTypes, want.ResourceTypes) {
		return false
	}

	for key, value := range want.plain {
		if text(has.Configuration[key]) != value {
			return false
		}
	}

	return true
}
