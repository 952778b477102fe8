package function

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ParseArtifactURI is parse_artifact_uri: the parts of an address of artifacts.
type ParseArtifactURI struct{}

var artifactURIType = map[string]attr.Type{
	"scheme": types.StringType, "bucket": types.StringType, "prefix": types.StringType, "cloud": types.StringType,
	"account": types.StringType, "path": types.StringType, "zenml_flavors": types.ListType{ElemType: types.StringType},
}

// Metadata names the function parse_artifact_uri.
func (ParseArtifactURI) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_artifact_uri"
}

// Definition describes the function.
func (ParseArtifactURI) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The parts of an artifact store's address",
		MarkdownDescription: "Takes the address of an artifact store or of an artifact apart: `s3://`, `gs://`, `az://`, `abfs://`, `abfss://`, `file:` and " +
			"plain paths. Anything else is an error that names what was most likely meant. The result is an object:\n\n" +
			"- `scheme`: as written, without `://`; empty for a plain path.\n" +
			"- `bucket`: the bucket, in Azure the container; null for a path.\n" +
			"- `prefix`: what stands behind the bucket, without a slash at either end of it; empty where there is nothing, and for a path.\n" +
			"- `cloud`: whose scheme it is: `aws`, `gcp`, `azure`, or `local`. Others speak S3, too: MinIO, Backblaze B2 and Spaces have `s3://` as well.\n" +
			"- `account`: the storage account in `abfs://container@account.dfs.core.windows.net/…`; null without one.\n" +
			"- `path`: the path on this machine; null for anything else.\n" +
			"- `zenml_flavors`: ZenML's names of the artifact store flavors that take such an address; empty where none does.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "uri", AllowNullValue: true,
			MarkdownDescription: "The address, such as `mlstacks_artifact_store.main.uri`. Null gives null.",
		}},
		Return: function.ObjectReturn{AttributeTypes: artifactURIType},
	}
}

// Run takes the address apart.
func (ParseArtifactURI) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var uri *string

	if resp.Error = req.Arguments.Get(ctx, &uri); resp.Error != nil {
		return
	}

	if uri == nil {
		resp.Error = resp.Result.Set(ctx, types.ObjectNull(artifactURIType))

		return
	}

	parsed, err := parse(*uri)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())

		return
	}

	flavors := []attr.Value{}
	for _, name := range parsed.flavors() {
		flavors = append(flavors, types.StringValue(name))
	}

	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(artifactURIType, map[string]attr.Value{
		"scheme": types.StringValue(parsed.scheme), "bucket": optional(parsed.bucket), "prefix": types.StringValue(parsed.prefix),
		"cloud": types.StringValue(parsed.cloud), "account": optional(parsed.account), "path": optional(parsed.path),
		"zenml_flavors": types.ListValueMust(types.StringType, flavors),
	}))
}

// optional is null where there is nothing.
func optional(text string) types.String {
	if text == "" {
		return types.StringNull()
	}

	return types.StringValue(text)
}
