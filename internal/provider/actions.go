package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	actions "github.com/mlstacks/terraform-provider-mlstacks/internal/action"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
)

var _ provider.ProviderWithActions = (*Provider)(nil)

// Actions are what can be done beside making things.
func (p *Provider) Actions(context.Context) []func() action.Action {
	if p.only != nil {
		return nil
	}

	kinds := catalog.Kinds()

	return []func() action.Action{
		func() action.Action { return actions.NewRestart(kinds) },
		func() action.Action { return actions.NewCheck(kinds, candidates) },
	}
}

// ValidateActionConfig validates an action; see server.
func (s server) ValidateActionConfig(
	ctx context.Context, req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	resp, err := s.wholeServer.ValidateActionConfig(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}

// PlanAction plans an action; see server.
func (s server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	resp, err := s.wholeServer.PlanAction(ctx, req)
	if resp != nil {
		locate(resp.Diagnostics)
	}

	return resp, err
}
