package component

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// The parts of a component's identity.
const (
	partFlavor  = "flavor"
	partID      = "id"
	partCluster = "cluster"
	partAccount = "account"
	partRegion  = "region"
)

var _ resource.ResourceWithIdentity = (*Resource)(nil)

// IdentitySchema says what tells one component from another: what an import identifier says, and where it is found as far
// as that is known. It is the same for all flavors of a kind, so that a smaller schema has the same; see narrowing.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	parts := []slot.IdentityPart{
		{Name: partFlavor, Required: true, Description: "Flavor; custom/<name> for one of your own."},
		{Name: partID, Required: true, Description: "Identifier of what the component stands for, unique within its flavor: its attribute id."},
		{Name: partAccount, Description: "Account of the cloud that it is in; an import from another account is refused."},
		{Name: partRegion, Description: "Region of the cloud that it is in. An import without it looks in the region of the login."},
	}
	if r.kind.Clustered {
		parts = append(parts, slot.IdentityPart{
			Name: partCluster, Description: "Cluster that it lives in, as <flavor of the cluster>/<its name>. Flavors that live in a cluster need it.",
		})
	}

	resp.IdentitySchema = slot.IdentitySchema(parts...)
}

// identify writes the identity of the first of some objects that has one. What only the former identity knew of the place
// is kept.
func (r *Resource) identify(ctx context.Context, into *tfsdk.ResourceIdentity, objects ...object) diag.Diagnostics {
	former, _, diags := slot.Identity(ctx, into)

	for _, o := range objects {
		if parts := r.identity(o, former); parts != nil {
			return append(diags, slot.SetIdentity(ctx, into, parts)...)
		}
	}

	return diags
}

// identifyStored is identify for states.
func (r *Resource) identifyStored(ctx context.Context, into *tfsdk.ResourceIdentity, states ...tftypes.Value) diag.Diagnostics {
	objects := make([]object, 0, len(states))

	for _, raw := range states {
		o, err := openObject(raw)
		if err != nil {
			return diag.Diagnostics{diagnose.Bug("%s", err)}
		}

		objects = append(objects, o)
	}

	return r.identify(ctx, into, objects...)
}

// identity is that of a component as planned or stored; nil while it is not known.
func (r *Resource) identity(o object, former map[string]string) map[string]string {
	name, _ := o.plain("flavor").(string)
	id, _ := o.plain("id").(string)
	f, known := r.imported(o)

	if id == "" || !known {
		return nil
	}

	parts := map[string]string{partFlavor: name, partID: id}

	if f.Clustered {
		c := cluster(o)

		switch {
		case c != nil:
			parts[partCluster] = wayIn(*c)
		case !unplaced(o, f):
			return nil
		}
	}

	if f.Cloud != "" {
		outputs := outputs(o)
		for _, part := range []string{partAccount, partRegion} {
			parts[part] = outputs[part]

			if parts[part] == "" {
				parts[part] = former[part]
			}
		}
	}

	return parts
}

// wayIn writes a cluster the way splitCluster reads it.
func wayIn(c flavor.Cluster) string {
	for _, name := range []string{c.Reference["context"], c.Reference["name"], c.Name} {
		if name != "" {
			return c.Reference["type"] + "/" + name
		}
	}

	return c.Reference["type"]
}

// identifier is the import identifier that an identity stands for.
func (r *Resource) identifier(parts map[string]string) (string, diag.Diagnostics) {
	var diags diag.Diagnostics

	name, _, _ := strings.Cut(parts[partFlavor], "/")
	f, known := r.kind.Flavor(name)

	switch {
	case known && f.Clustered && parts[partCluster] == "":
		diags.Append(diagnose.IdentityWithoutCluster(r.kind, f))
	case known && !f.Clustered && parts[partCluster] != "":
		diags.Append(diagnose.IdentityWithCluster(r.kind, f))
	case parts[partCluster] != "":
		return strings.Join([]string{parts[partFlavor], parts[partCluster], parts[partID]}, "/"), diags
	}

	return parts[partFlavor] + "/" + parts[partID], diags
}

// enter goes where the identity of an import says that the component is: its region, and no account but its own. Everywhere
// else the component itself knows.
func (s *subject) enter(ctx context.Context, identity *tfsdk.ResourceIdentity) error {
	cloud, ok := s.input.Clouds[s.flavor.Cloud]
	if !ok || !s.object[s.flavor.Name].IsNull() {
		return nil
	}

	parts, _, diags := slot.Identity(ctx, identity)
	if diags.HasError() {
		return nil // the framework has read it before
	}

	if wanted := parts[partAccount]; wanted != "" {
		account, err := cloud.Fact(ctx, partAccount)
		if err != nil {
			return err
		}

		if account, known := account.(string); known && account != wanted {
			return &flavor.AttributeError{
				Err: fmt.Errorf("the identity is of account %s, and the login is that of account %s", wanted, account),
				Fix: "Log in to the account that it is in, or correct the identity.",
			}
		}
	}

	s.input.Clouds = s.input.Clouds.At(s.flavor.Cloud, parts[partRegion])

	return nil
}

// look observes a component where it is.
func (r *Resource) look(ctx context.Context, s subject, identity *tfsdk.ResourceIdentity) (types.Object, flavor.Result, error) {
	if err := s.enter(ctx, identity); err != nil {
		return s.config, flavor.Result{}, err
	}

	return s.flavor.Read(ctx, s.input, s.id(), s.config)
}
