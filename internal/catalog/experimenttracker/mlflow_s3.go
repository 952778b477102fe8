package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"

// keyless says that the server gets at its store by what it is in AWS, and not by keys.
func keyless(cfg mlflowConfig) bool {
	_, ok := clustered.BucketOf(cfg.ArtifactStore, "")

	return ok
}

// mlflowInS3 are the values for a bucket of Amazon's: without a Secret the server has nothing but its identity.
func mlflowInS3(name string, store clustered.Component) map[string]any {
	values := map[string]any{"destination": "s3://" + store.Outputs["bucket"] + "/" + name}
	if region := store.Outputs["region"]; region != "" {
		values["region"] = region
	}

	return values
}
