package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/listing"
)

var _ provider.ProviderWithListResources = (*Provider)(nil)

// ListResources find what was made: one for each kind of which some flavor can be found again.
func (p *Provider) ListResources(context.Context) []func() list.ListResource {
	if p.only != nil {
		return nil
	}

	var lists []func() list.ListResource

	for _, kind := range append(catalog.Kinds(), catalog.Cluster()) {
		if listing.Can(kind) {
			lists = append(lists, func() list.ListResource { return listing.New(kind) })
		}
	}

	return lists
}

// ListResource lists resources. Where Terraform asks for the whole resource, it is the one that an import by its identity
// gives, read as after any import; what goes away in between is left out.
func (s server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.wholeServer.ListResource(ctx, identitiesOf(req))
	if err != nil || stream == nil || !req.IncludeResource {
		return stream, err
	}

	found := stream.Results
	stream.Results = func(push func(tfprotov6.ListResourceResult) bool) {
		for result := range found {
			if result.Identity != nil {
				there := s.include(ctx, req.TypeName, &result)
				if !there {
					continue
				}
			}

			if !push(result) {
				return
			}
		}
	}

	return stream, nil
}

// identitiesOf is the request for identities alone.
func identitiesOf(req *tfprotov6.ListResourceRequest) *tfprotov6.ListResourceRequest {
	alone := *req
	alone.IncludeResource = false

	return &alone
}

// include imports and reads a resource that was found. there is false where it is gone.
func (s server) include(ctx context.Context, name string, result *tfprotov6.ListResourceResult) (there bool) {
	imported, err := s.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: name, Identity: result.Identity})
	if err != nil {
		return refuse(result, err)
	}

	result.Diagnostics = append(result.Diagnostics, imported.Diagnostics...)
	if len(imported.ImportedResources) != 1 {
		return true
	}

	one := imported.ImportedResources[0]

	read, err := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: one.State, CurrentIdentity: one.Identity, Private: one.Private,
	})
	if err != nil {
		return refuse(result, err)
	}

	result.Diagnostics = append(result.Diagnostics, read.Diagnostics...)
	result.Resource = read.NewState

	if read.NewState == nil {
		return true
	}

	gone, err := read.NewState.IsNull()

	return err != nil || !gone
}

func refuse(result *tfprotov6.ListResourceResult, err error) bool {
	result.Diagnostics = append(result.Diagnostics, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot read what was found", Detail: err.Error(),
	})

	return true
}
