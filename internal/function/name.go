package function

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// NormalizeName is normalize_name: a name as a service takes it.
type NormalizeName struct{}

// Metadata names the function normalize_name.
func (NormalizeName) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "normalize_name"
}

// Definition describes the function.
func (NormalizeName) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A name that a service takes",
		MarkdownDescription: "Turns any text into a name that a service takes. A name that it takes already is left as it is; otherwise capitals become " +
			"small letters, letters lose their accents, and white space and punctuation become hyphens: `My Bucket` is `my-bucket`. Names that differ " +
			"in nothing else become one. Where more has to change (the name is too long or too short, begins with what is reserved, or has letters that " +
			"cannot be written), it also gets a hash of 8 digits, so that two such names stay different. The same input always gives the same name, and " +
			"a result is not changed again. The function does not know which names are taken.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "name", MarkdownDescription: "The text to make a name of."},
			function.StringParameter{
				Name: "target",
				MarkdownDescription: "Whose rules hold. `s3`: a bucket in Amazon S3, 3 to 63 characters, without dots, which AWS takes and no certificate covers. " +
					"`gcs`: a bucket in Google Cloud Storage, 3 to 63 characters, without dots, which belong to verified domains, and without the word " +
					"google. `ecr`: a repository in Amazon ECR, 2 to 256 characters; slashes stay. `kubernetes`: an RFC 1035 label, which every kind " +
					"of object takes, namespaces and services included: at most 63 letters, digits and hyphens, beginning with a letter.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run normalizes the name.
func (NormalizeName) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name, target string

	if resp.Error = req.Arguments.Get(ctx, &name, &target); resp.Error != nil {
		return
	}

	rules, ok := targets[target]
	if !ok {
		err := diagnose.NotListed("target", target, slices.Sorted(maps.Keys(targets)))
		resp.Error = function.NewArgumentFuncError(1, err.Error())

		return
	}

	resp.Error = resp.Result.Set(ctx, rules.normalize(name))
}
