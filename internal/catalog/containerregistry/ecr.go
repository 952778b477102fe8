package containerregistry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// ECR is repositories in the Elastic Container Registry of an account.
var ECR = flavor.Define[ecrConfig](flavor.Meta{
	Name:  "ecr",
	ZenML: "aws",
	Summary: "Repositories in the Elastic Container Registry of the account, encrypted and with images scanned. `uri` is the registry, as ZenML wants it; the output " +
		"`repository` is the address of the repository in it.",
	Provides: []string{"ecr"},
	Runs:     flavor.InAWS,
	Cloud:    amazon.Cloud,
	Fields: map[string]string{
		"authentication_secret": "Name of the ZenML secret with `username` and `password`, for clients that log in neither by a connector nor by themselves.",
	},
	Attribute: map[string]string{"uri": "repository", "default_repository": "repository"},
	View:      ecrView,
	Applied:   ecrApplied,
}, amazon.Attributes(amazon.Located(), map[string]schema.Attribute{
	"repository": amazon.Name("Name of the repository that ZenML pushes images to (`default_repository`), such as `acme/ml`: 2 to 256 small letters and digits, with " +
		"slashes, dots, hyphens and underscores between them."),
	"additional_repositories": schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		Default:             listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		MarkdownDescription: "Names of further repositories that are kept in the same way, for pipelines that name one (`target_repository`). Defaults to `[]`.",
		Validators:          []validator.List{listvalidator.UniqueValues()},
	},
	"scan_on_push": amazon.Switch(true, "Whether each image is scanned for known weaknesses when it is pushed."),
	"immutable_tags": amazon.Switch(false, "Whether a tag that was pushed stays what it is. ZenML makes tags of the names of pipeline and step and pushes the same "+
		"one again after each change of code, which AWS would refuse: it takes pipelines that name an `image_tag` of their own for each build."),
	"kms_key": replacing(amazon.Text("ARN of the KMS key that encrypts images; changing it replaces the component. Defaults to `\"\"`: keys that S3 looks after.")),
	"expire_untagged_after_days": count(0, 36500, "Days after which images are removed that have lost their tag to a newer one; 0: never. ZenML keeps the digests of what it "+
		"has built and runs those images again: give older pipelines time."),
	"keep_images": count(0, 100_000, "How many images a repository keeps, the youngest; 0: all. What is pushed beyond removes the oldest, whether it still has a tag or is "+
		"still in use or not."),
	"force_delete": amazon.Switch(false, "Whether destroying the component deletes the images in its repositories."),
}), ecrDriver).Checked(amazon.Judged(
	amazon.Rule{Attribute: "repository", Judge: naming.Repository}, amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey},
)).Checked(checkRepositories)

func replacing(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}

	return attribute
}

func count(standard, most int64, about string) schema.Int64Attribute {
	attribute := amazon.Number(standard, about)
	attribute.Validators = []validator.Int64{int64validator.Between(0, most)}

	return attribute
}

// checkRepositories judges the names of further repositories.
func checkRepositories(v flavor.Values) []flavor.Problem {
	further, _ := v["additional_repositories"].([]any) // what is not known yet is judged at apply

	for _, one := range further {
		name, ok := one.(string)
		if !ok {
			continue
		}

		problem := naming.Repository(name)
		if name == v["repository"] {
			problem = fmt.Sprintf("%q is the repository itself: leave it out.", name)
		}

		if problem != "" {
			return []flavor.Problem{amazon.Refused("additional_repositories", problem)}
		}
	}

	return nil
}

type ecrConfig struct {
	Region        string   `tfsdk:"region"`
	Repository    string   `tfsdk:"repository"`
	Additional    []string `tfsdk:"additional_repositories"`
	ScanOnPush    bool     `tfsdk:"scan_on_push"`
	ImmutableTags bool     `tfsdk:"immutable_tags"`
	KMSKey        string   `tfsdk:"kms_key"`
	UntaggedDays  int64    `tfsdk:"expire_untagged_after_days"`
	KeepImages    int64    `tfsdk:"keep_images"`
	ForceDelete   bool     `tfsdk:"force_delete"`

	AuthenticationSecret *string       `tfsdk:"authentication_secret"`
	Settings             types.Dynamic `tfsdk:"settings"`
}

// all are the names of the repositories, the main one first.
func (c ecrConfig) all() []string {
	return append([]string{c.Repository}, c.Additional...)
}

func ecrView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{"default_repository": v["repository"]}}
	if secret := v["authentication_secret"]; secret != nil {
		facts.Configuration["authentication_secret"] = secret
	}

	flavor.AddSettings(facts.Configuration, v)

	return facts
}

// ecrApplied adds the address, which has the account and the region in it.
func ecrApplied(facts *flavor.Facts, s flavor.Subject) {
	region, account := amazon.Region(s), amazon.Account(s)
	host := amazon.Texts(func(texts ...string) any { return naming.RegistryHost(texts[0], texts[1]) }, account, region)

	facts.URI, facts.Configuration["uri"] = host, host
	facts.Outputs = map[string]any{
		outputRegistry:     host,
		outputRepository:   amazon.Texts(func(texts ...string) any { return strings.Join(texts, "/") }, host, s.Values["repository"]),
		outputRepositories: repositoriesOf(s.Values),
		"region":           region,
		"account":          account,
		"arn":              amazon.ARN(s, "ecr", false, amazon.Texts(func(texts ...string) any { return "repository/" + texts[0] }, s.Values["repository"])),
	}
}

const (
	outputRegistry     = "registry"
	outputRepository   = "repository"
	outputRepositories = "repositories"
)

// repositoriesOf are the names of all repositories, as far as they are known.
func repositoriesOf(v flavor.Values) any {
	further, ok := v["additional_repositories"].([]any)
	if !ok && v["additional_repositories"] != nil {
		return zenml.Unknown{}
	}

	return amazon.Texts(func(texts ...string) any { return strings.Join(texts, ",") }, slices.Concat([]any{v["repository"]}, further)...)
}
