package clustered

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Component is another component that a flavor's configuration refers to.
type Component struct {
	Name    string            `tfsdk:"name"`
	Type    string            `tfsdk:"type"`
	Flavor  string            `tfsdk:"flavor"`
	Outputs map[string]string `tfsdk:"outputs"`
	Cluster *Home             `tfsdk:"cluster"`
}

// Home is the cluster of another component.
type Home struct {
	Name        string            `tfsdk:"name"`
	Reference   map[string]string `tfsdk:"reference"`
	Incarnation *string           `tfsdk:"incarnation"`
}

// ComponentAttribute refers to another component, which is given whole.
func ComponentAttribute(about string) schema.SingleNestedAttribute {
	reference := amazon.Omissible(amazon.ReferenceAttribute(about, "where it is found, and the name of its Secret"))
	reference.Attributes["cluster"] = schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Cluster that the component lives in.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the cluster."},
			"reference": schema.MapAttribute{
				Required: true, ElementType: types.StringType, MarkdownDescription: "How to get at the cluster.",
			},
			"incarnation": schema.StringAttribute{Optional: true, MarkdownDescription: "Incarnation of the cluster."},
		},
	}

	return reference
}

// Wanted is what an attribute of ComponentAttribute may refer to.
type Wanted struct {
	// Attribute is the one that refers.
	Attribute string
	// Kind is that of the component.
	Kind string
	// Flavors are those that can serve.
	Flavors []string
	// Reasons say of other flavors why they cannot; those that are not there have the reason of the empty key.
	Reasons map[string]string
}

// Check refuses at plan what cannot serve. What is not known yet is judged at apply.
func (w Wanted) Check(s flavor.Subject) []flavor.Problem {
	given, ok := s.Values[w.Attribute].(map[string]any)
	if !ok {
		return nil
	}

	name, _ := given["name"].(string)
	serving := strings.Join(w.Flavors, " or ")

	if kind, known := given["type"].(string); known && kind != w.Kind {
		return w.objection("Component of another type", fmt.Sprintf("%q is of the type %s, and one of the type %s is wanted.", name, kind, w.Kind),
			"Give an mlstacks_"+w.Kind+" of the flavor "+serving+".")
	}

	if named, known := given["flavor"].(string); known && !slices.Contains(w.Flavors, named) {
		reason, ok := w.Reasons[named]
		if !ok {
			reason = w.Reasons[""]
		}

		return w.objection("Component that cannot serve", fmt.Sprintf("%s %q is of the flavor %s: %s.", w.Kind, name, named, reason),
			"Give one of the flavor "+serving+", or leave "+w.Attribute+" out.")
	}

	outputs, ok := given["outputs"].(map[string]any)
	if !ok || !elsewhere(given["cluster"], s.Cluster) || zenml.IsUnknown(outputs["uri"]) {
		return nil
	}

	if uri, _ := outputs["uri"].(string); reachable(uri) {
		return nil
	}

	return w.objection("Component out of reach",
		fmt.Sprintf("%s %q lives in another cluster, and has no address that pods of this one could reach.", w.Kind, name),
		"Expose it in a way that leads into its cluster, or put both into one cluster.")
}

func (w Wanted) objection(summary, fact, fix string) []flavor.Problem {
	return []flavor.Problem{{Path: []string{w.Attribute}, Summary: summary, Detail: w.Attribute + ": " + fact + "\n\n" + fix}}
}

// elsewhere says that two clusters, as plans show them, are surely not the same.
func elsewhere(a, b any) bool {
	one, ok := a.(map[string]any)
	other, too := b.(map[string]any)

	if !ok || !too {
		return false
	}

	first, ok := one["incarnation"].(string)
	second, too := other["incarnation"].(string)

	return ok && too && first != second
}

// reachable says that pods of other clusters may reach an address: it is not one of this machine alone.
func reachable(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Hostname() == "localhost" {
		return false
	}

	ip := net.ParseIP(parsed.Hostname())

	return ip == nil || !ip.IsLoopback()
}

// beside says that another component lives in the same cluster.
func (s Site) beside(c Component) bool {
	switch {
	case c.Cluster == nil:
		return false
	case c.Cluster.Incarnation != nil:
		return *c.Cluster.Incarnation == s.Incarnation
	default:
		return s.Input.Cluster != nil && maps.Equal(c.Cluster.Reference, s.Input.Cluster.Reference)
	}
}

// AddressOf is the address by which pods of this component reach another one, as scheme://host:port.
func (s Site) AddressOf(c Component) (string, error) {
	if s.beside(c) {
		if address := c.Outputs["cluster_uri"]; address != "" {
			return address, nil
		}
	} else if address := c.Outputs["uri"]; reachable(address) {
		return address, nil
	}

	return "", fmt.Errorf("%s %q has no address that pods of %q could reach: expose it, or put both into one cluster", c.Type, c.Name, s.Name)
}

// CredentialsOf are what the Secret of another component holds, in whatever cluster it lives.
func (s Site) CredentialsOf(ctx context.Context, c Component) (map[string]string, error) {
	namespace, secret := c.Outputs["namespace"], c.Outputs["credentials_secret"]
	if namespace == "" || secret == "" || c.Cluster == nil {
		return nil, fmt.Errorf("%s %q has no Secret with its credentials", c.Type, c.Name)
	}

	from := s.Cluster

	if !s.beside(c) {
		opened, err := cluster.Open(ctx, cluster.LoginsOf(s.Input.Clouds), c.Cluster.Reference)
		if err != nil {
			return nil, lacking(c, err)
		}

		from = opened
	}

	values, err := from.Secret(ctx, namespace, secret)
	if err != nil {
		return nil, lacking(c, err)
	}

	return values, nil
}

// lacking keeps what another component lacks from being taken for a lack of this one.
func lacking(c Component, err error) error {
	return fmt.Errorf("get credentials of %s %q: %w", c.Type, c.Name, OfAnother(err))
}

// OfAnother keeps what something else lacks from being taken for a lack of the component: the text stays, the class goes.
func OfAnother(err error) error {
	if err == nil {
		return nil
	}

	return errors.New(err.Error())
}
