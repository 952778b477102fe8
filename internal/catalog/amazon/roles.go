package amazon

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// RolePath is where roles and policies are put by default.
const RolePath = "/mlstacks/"

// The outputs that flavors with roles and a policy for clients have in common.
const (
	OutputClientPolicy = "client_policy_arn"
	OutputAccount      = "account"
	OutputRegion       = "region"
	OutputRole         = "role_arn"
	// OutputRoleName is empty where the role is somebody else's.
	OutputRoleName = "role_name"
)

// Grants is how a component makes roles, and a policy for its clients. It is embedded into configurations.
type Grants struct {
	RolePath     string `tfsdk:"role_path"`
	Boundary     string `tfsdk:"permissions_boundary"`
	ClientPolicy bool   `tfsdk:"client_policy"`
}

// DefaultGrants are those of an import, of which nothing is known.
func DefaultGrants() Grants { return Grants{RolePath: RolePath, ClientPolicy: true} }

// GrantAttributes are those of Grants. client completes "Whether a policy is made that lets its owner …".
func GrantAttributes(client string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"role_path": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(RolePath),
			MarkdownDescription: "Path of roles and policies, by which policies of your own can refer to them. Changing it replaces the component. Defaults to `\"" +
				RolePath + "\"`.",
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"permissions_boundary": Text("ARN of the policy that bounds what the roles may ever do. Defaults to `\"\"`, none."),
		"client_policy": Switch(true, "Whether a policy is made that lets its owner "+client+". It is attached to nobody: output `"+OutputClientPolicy+
			"` is for the role or user of your choice."),
	}
}

// PolicyAttributes are GrantAttributes without what is for roles.
func PolicyAttributes(client string) map[string]schema.Attribute {
	attributes := GrantAttributes(client)
	delete(attributes, "permissions_boundary")

	return attributes
}

// GrantRules judge the attributes of Grants.
func GrantRules(more ...Rule) []Rule {
	return append(more, Rule{"role_path", naming.RolePath}, Rule{"permissions_boundary", func(arn string) string {
		return naming.ARNOf(arn, "iam", "policy/")
	}})
}

// Granted makes the roles and policies of one component.
type Granted struct {
	Site  Site
	Place policy.Place
	Grants

	// component is its name, of which those of roles and policies are made.
	component string
}

// Grant begins the roles and policies of a component. It asks AWS whose the login is.
func (g Grants) Grant(ctx context.Context, site Site, component string) (Granted, error) {
	place, err := site.Place(ctx)

	return Granted{Site: site, Place: place, Grants: g, component: component}, err
}

// RoleName is the name of a role for a purpose, such as "sagemaker-orchestrator": the same component in another region has a
// role of its own, though roles have no region.
func (g Granted) RoleName(purpose string) string {
	return naming.Derived(naming.ForRole, g.component, purpose, g.Site.Region)
}

// RoleARN is that of the role.
func (g Granted) RoleARN(purpose string) string {
	return g.Place.RoleARN(g.RolePath, g.RoleName(purpose))
}

// Role is the role for a purpose, as who takes it on in trust.
func (g Granted) Role(purpose, description string, trust policy.Document, inline map[string]policy.Document) role.Role {
	return role.Role{
		Session: g.Site.Session, Name: g.RoleName(purpose), Path: g.RolePath, Boundary: g.Boundary,
		Description: description, Trust: trust, Inline: inline,
	}
}

// ClientARN is that of the policy for the clients of a purpose, or "" where there is none.
func (g Granted) ClientARN(purpose string) string {
	if !g.ClientPolicy {
		return ""
	}

	return role.PolicyARN(g.Place, g.RolePath, clientName(g.component, purpose, g.Site.Region))
}

// Client is the policy for the clients of a purpose.
func (g Granted) Client(purpose, description string, document policy.Document) role.Policy {
	return role.Policy{
		Session: g.Site.Session, Place: g.Place, Name: clientName(g.component, purpose, g.Site.Region), Path: g.RolePath,
		Description: description, Document: document,
	}
}

func clientName(component, purpose, region string) string {
	return naming.Derived(naming.ForPolicy, component, purpose, "client", region)
}

// PlannedRoleName is RoleName as far as it is known at plan.
func PlannedRoleName(s flavor.Subject, purpose string) any {
	return Texts(func(texts ...string) any { return naming.Derived(naming.ForRole, texts[0], purpose, texts[1]) }, s.Name, Region(s))
}

// PlannedRole is RoleARN as far as it is known at plan.
func PlannedRole(s flavor.Subject, purpose string) any {
	return planned(s, "role", PlannedRoleName(s, purpose))
}

// PlannedClient is ClientARN as far as it is known at plan.
func PlannedClient(s flavor.Subject, purpose string) any { return PlannedClientOf(s, s.Name, purpose) }

// PlannedClientOf is PlannedClient where Grant is told something else than the component's name.
func PlannedClientOf(s flavor.Subject, component any, purpose string) any {
	return If(s.Values["client_policy"], func() any {
		return planned(s, "policy", Texts(func(texts ...string) any { return clientName(texts[0], purpose, texts[1]) }, component, Region(s)))
	})
}

func planned(s flavor.Subject, kind string, name any) any {
	return ARN(s, "iam", true, Texts(func(texts ...string) any {
		return kind + "/" + strings.TrimPrefix(texts[0], "/") + texts[1]
	}, s.Values.Text("role_path", RolePath), name))
}

// If is what tell says where a switch is on, "" where it is off, and unknown while the switch is.
func If(on any, tell func() any) any {
	switch on := on.(type) {
	case bool:
		if on {
			return tell()
		}

		return ""
	case nil:
		return ""
	default:
		return zenml.Unknown{}
	}
}

// Given takes texts over into ZenML's configuration under their own names. Empty ones stay out of it, and while one is not
// known it is not known whether it does.
func Given(facts *flavor.Facts, v flavor.Values, names ...string) {
	for _, name := range names {
		Put(facts, name, v[name])
	}
}

// Put is Given for a value of another name.
func Put(facts *flavor.Facts, field string, value any) {
	switch {
	case value == nil || value == "":
		return
	case zenml.IsUnknown(value):
		facts.Open = true
	}

	facts.Configuration[field] = value
}

// Learned takes over what the roles tell of the attributes of Grants.
func (g *Grants) Learned(seen []part.Seen) {
	was := g.Boundary

	for _, one := range seen {
		found, ok := one.Facts.(role.Found)
		if !ok {
			continue
		}

		if found.Boundary != was { // of several roles the one that differs is what a plan must show
			g.Boundary = found.Boundary
		}

		if _, name, ok := strings.Cut(found.ARN, ":role"); ok {
			g.RolePath = name[:strings.LastIndex(name, "/")+1]
		}
	}
}

// Listed are the parts of a component: the wanted ones in their order, and at the end those that the state's outputs tell of
// and that are wanted no longer, which go. A component of which nothing is wanted has one that is Nothing.
type Listed struct {
	site           Site
	wanted, former []part.Part
}

// List begins a list of parts.
func List(site Site) *Listed { return &Listed{site: site} }

// Add adds a part; output is the one that is empty where there is no such part.
func (l *Listed) Add(wanted bool, output string, one part.Part) *Listed {
	switch {
	case wanted && l.site.Input.Outputs != nil && l.site.Input.Outputs[output] == "": // the component had none before
		l.wanted = append(l.wanted, Added{one})
	case wanted:
		l.wanted = append(l.wanted, one)
	case l.site.Input.Outputs[output] != "":
		l.former = append(l.former, former{one})
	}

	return l
}

// Parts ends the list.
func (l *Listed) Parts() []part.Part {
	if len(l.wanted) == 0 {
		l.wanted = []part.Part{nothing{}}
	}

	return append(l.wanted, l.former...)
}

// former is a part that is wanted no longer.
type former struct{ part.Part }

// Ensure removes it.
func (f former) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return part.Made{}, f.Remove(ctx, claim)
}

// Observe does not look: the next update removes it.
func (former) Observe(context.Context, part.Claim) (part.Seen, error) {
	return part.Seen{Absent: true}, nil
}

// nothing is the part of a component that makes nothing, and is there.
type nothing struct{}

// What names it.
func (nothing) What() string { return "nothing" }

// Ensure does nothing.
func (nothing) Ensure(context.Context, part.Claim) (part.Made, error) {
	return part.Made{Exists: true}, nil
}

// Observe finds it.
func (nothing) Observe(context.Context, part.Claim) (part.Seen, error) { return part.Seen{}, nil }

// Remove does nothing.
func (nothing) Remove(context.Context, part.Claim) error { return nil }
