package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// NewServer serves the provider at a version.
func NewServer(version string) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(New(version)())()}
}

// server shortens the paths of diagnostics on their way out, so that the CLI can find the line at fault.
//
// Terraform resolves an attribute path to a line of configuration only through an attribute of the resource and one
// key of an object written there; at anything deeper, and at any nested attribute, it gives up and shows the head of
// the resource. The provider names the deepest path everywhere, the message says it in full, and what is handed to the
// CLI is the part of it that the CLI can follow.
type server struct{ tfprotov6.ProviderServer }

// ValidateResourceConfig validates a resource; see server.
func (s server) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.ProviderServer.ValidateResourceConfig(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// PlanResourceChange plans a resource; see server.
func (s server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := s.ProviderServer.PlanResourceChange(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// ApplyResourceChange applies a resource; see server.
func (s server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// ReadResource reads a resource; see server.
func (s server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.ProviderServer.ReadResource(ctx, req)
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
