package artifactstore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// endpoint tells clients of S3 where a store is that is none of Amazon's: at the endpoint of its configuration, or else
// at the standard one.
func endpoint(standard func(flavor.Facts) any) func(flavor.Facts) map[string]any {
	return func(facts flavor.Facts) map[string]any {
		address := written(facts)
		if address == nil || address == "" {
			address = standard(facts)
		}

		if address == nil {
			return nil
		}

		return map[string]any{"AWS_ENDPOINT_URL_S3": address}
	}
}

// written is the endpoint in the configuration: nil where there is none, and unknown where there may be one.
func written(facts flavor.Facts) any {
	switch options := facts.Configuration["client_kwargs"].(type) {
	case map[string]any:
		return options["endpoint_url"]
	case nil:
		if !facts.Open {
			return nil
		}
	}

	return zenml.Unknown{}
}
