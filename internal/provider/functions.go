package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	ours "github.com/mlstacks/terraform-provider-mlstacks/internal/function"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/specdata"
)

var _ provider.ProviderWithFunctions = (*Provider)(nil)

// Functions compute from their arguments alone.
func (p *Provider) Functions(context.Context) []func() function.Function {
	if p.only != nil {
		return nil
	}

	return append(ours.All(ours.Catalog{Kinds: catalog.Kinds(), Candidates: candidates}),
		func() function.Function { return specdata.NewFunction(candidates) },
	)
}

// null is a null of any type, as it is sent.
var null = []byte{0xc0}

// CallFunction calls a function. OpenTofu 1.12 sends nothing at all for a null where a parameter takes one, which the
// framework cannot read.
func (s server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	whole := *req
	whole.Arguments = make([]*tfprotov6.DynamicValue, len(req.Arguments))

	for i, argument := range req.Arguments {
		whole.Arguments[i] = argument
		if argument == nil || (len(argument.MsgPack) == 0 && len(argument.JSON) == 0) {
			whole.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: null}
		}
	}

	return s.wholeServer.CallFunction(ctx, &whole)
}
