package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// NewServer serves the provider at a version.
func NewServer(version string) tfprotov6.ProviderServer {
	shared := &logins{}
	full := complete(providerserver.NewProtocol6(&Provider{version: version, logins: shared})())

	return server{wholeServer: full, narrowing: &narrowing{
		version:  version,
		logins:   shared,
		variants: map[string]*variant{},
		full: sync.OnceValue(func() map[string]tftypes.Object {
			types := map[string]tftypes.Object{}

			schemas, err := full.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				return types // nothing is narrowed then
			}

			for name, schema := range schemas.ResourceSchemas {
				if object, ok := schema.ValueType().(tftypes.Object); ok {
					types[name] = object
				}
			}

			return types
		}),
	}}
}

// server shortens the paths of diagnostics on their way out, so that the CLI can find the line at fault.
//
// Terraform resolves an attribute path to a line of configuration only through an attribute of the resource and one
// key of an object written there; at anything deeper, and at any nested attribute, it gives up and shows the head of
// the resource. The provider names the deepest path everywhere, the message says it in full, and what is handed to the
// CLI is the part of it that the CLI can follow.
//
// It also answers validations and plans by smaller schemas; see narrowing.
type server struct {
	wholeServer

	narrowing *narrowing
}

// wholeServer is the plugin library's with what newer CLIs ask for, too: the library finds lists and actions by these
// interfaces, which a wrapper of its plain one would hide.
type wholeServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

func complete(s tfprotov6.ProviderServer) wholeServer {
	all, ok := s.(wholeServer)
	if !ok {
		panic("the framework serves no lists and actions") // it does since 1.16, and a test calls them
	}

	return all
}

// ConfigureProvider configures the provider, and every part of it that answers by a smaller schema.
func (s server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	if err := s.narrowing.configure(ctx, req); err != nil {
		return nil, err
	}

	return s.wholeServer.ConfigureProvider(ctx, req)
}

// ValidateResourceConfig validates a resource; see server.
func (s server) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	var server tfprotov6.ProviderServer = s.wholeServer

	if v, values, ok := s.narrowing.variant(ctx, req.TypeName, req.Config); ok {
		narrow := *req
		narrow.Config = values[0]
		server, req = v.server, &narrow
	}

	resp, err := server.ValidateResourceConfig(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// PlanResourceChange plans a resource; see server.
func (s server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	v, values, ok := s.narrowing.variant(ctx, req.TypeName, req.Config, req.PriorState, req.ProposedNewState)
	if !ok {
		resp, err := s.wholeServer.PlanResourceChange(ctx, req)
		if resp != nil {
			locate(resp.Diagnostics)
		}

		return resp, err
	}

	narrow := *req
	narrow.Config, narrow.PriorState, narrow.ProposedNewState = values[0], values[1], values[2]

	resp, err := v.server.PlanResourceChange(ctx, &narrow)
	if err != nil || resp == nil {
		return resp, err
	}

	locate(resp.Diagnostics)

	resp.PlannedState, err = v.grow(resp.PlannedState)

	return resp, err
}

// ApplyResourceChange applies a resource; see server.
func (s server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.wholeServer.ApplyResourceChange(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// ReadResource reads a resource; see server.
func (s server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.wholeServer.ReadResource(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// locate rewrites the path of each diagnostic to one that the CLI can find in the configuration.
func locate(diagnostics []*tfprotov6.Diagnostic) {
	for _, d := range diagnostics {
		if d.Attribute == nil || len(d.Attribute.Steps()) < 2 {
			continue
		}

		steps := d.Attribute.Steps()[:2]
		if name, ok := steps[1].(tftypes.AttributeName); ok {
			steps = []tftypes.AttributePathStep{steps[0], tftypes.ElementKeyString(name)}
		}

		d.Attribute = tftypes.NewAttributePathWithSteps(steps)
	}
}
