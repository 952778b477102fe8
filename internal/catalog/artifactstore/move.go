package artifactstore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// movedBucket takes over a bucket that hashicorp/aws has made. Where it is comes with it, so that a bucket in another region
// than the login's is found; whatever else it is like is read from the bucket itself.
var movedBucket = flavor.Move{
	Type:     "aws_s3_bucket",
	Provider: "hashicorp/aws",
	Take: func(state flavor.Former) (flavor.Moved, error) {
		name, err := state.Text("bucket")
		if err != nil {
			return flavor.Moved{}, err
		}

		where := "bucket_region" // since 6.0, where region is what the resource was told
		if _, ok := state[where]; !ok {
			where = "region"
		}

		region, err := state.Text(where)
		if err != nil {
			return flavor.Moved{}, err
		}

		return flavor.Moved{ID: name, Outputs: map[string]string{"region": region}}, nil
	},
}

// keptMinio says what becomes of a release of another chart of MinIO.
var keptMinio = clustered.KeepRelease("minio",
	"record its bucket: s3 = { bucket = …, endpoint_url = <address of the server> } with managed = false.")
