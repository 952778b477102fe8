package artifactstore

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/bucket"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// S3 is a bucket in Amazon S3, or of another server that speaks its language.
var S3 = flavor.Define[s3Config](flavor.Meta{
	Name:     "s3",
	ZenML:    "s3",
	Summary:  "A bucket in Amazon S3, encrypted, versioned, private and tidied up; or one of another server that speaks its language.",
	Provides: []string{"s3"},
	Runs:     flavor.InAWS,
	Cloud:    amazon.Cloud,
	URI:      "path",
	Fields: map[string]string{
		"authentication_secret": "Name of the ZenML secret with credentials, for clients that have none of their own.",
		"key":                   "Access key, for clients that have none of their own.",
		"secret":                "Secret key, for clients that have none of their own.",
		"token":                 "Session token, for clients that have none of their own.",
	},
	View:        s3View,
	Applied:     s3Applied,
	Attribute:   map[string]string{"path": "bucket", "client_kwargs": "endpoint_url"},
	Environment: endpoint(func(flavor.Facts) any { return nil }),
	Moves:       []flavor.Move{movedBucket},
}, amazon.Attributes(amazon.Located(), map[string]schema.Attribute{
	"bucket": amazon.Name("Name of the bucket: 3 to 63 small letters, digits and hyphens, unique in all of AWS."),
	"prefix": amazon.Text("Where in the bucket ZenML keeps its artifacts, such as `team/project`. Defaults to `\"\"`, its top."),
	"endpoint_url": replacing(amazon.Text("Address of another server that speaks the language of S3, such as `https://storage.example.com`; the login's keys are its own then. What it " +
		"cannot do is said once and not asked for. Defaults to `\"\"`, Amazon's own. Changing it replaces the component.")),
	"versioning":                   amazon.Switch(true, "Whether the bucket keeps former versions of its objects."),
	"kms_key":                      amazon.Text("ARN of the KMS key that encrypts objects. Defaults to `\"\"`: keys that S3 looks after (SSE-S3)."),
	"block_public_access":          amazon.Switch(true, "Whether everything is refused that would make an object public."),
	"tls_only":                     amazon.Switch(true, "Whether calls without TLS are refused. What else the bucket's policy says stays."),
	"abort_uploads_after_days":     days(7, "Days after which the parts of uploads that were not completed are removed; 0: never."),
	"expire_noncurrent_after_days": days(0, "Days after which former versions of objects are removed; 0: never."),
	"force_destroy":                amazon.Switch(false, "Whether destroying the component deletes what is in the bucket, former versions included."),
}), s3Driver).Checked(amazon.Judged(amazon.Rule{Attribute: "bucket", Judge: naming.Bucket}, amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey}))

// replacing makes another value replace the component.
func replacing(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}

	return attribute
}

func days(standard int64, about string) schema.Int64Attribute {
	attribute := amazon.Number(standard, about)
	attribute.Validators = []validator.Int64{int64validator.Between(0, 36500)}

	return attribute
}

type s3Config struct {
	Region         string `tfsdk:"region"`
	Bucket         string `tfsdk:"bucket"`
	Prefix         string `tfsdk:"prefix"`
	EndpointURL    string `tfsdk:"endpoint_url"`
	Versioning     bool   `tfsdk:"versioning"`
	KMSKey         string `tfsdk:"kms_key"`
	BlockPublic    bool   `tfsdk:"block_public_access"`
	TLSOnly        bool   `tfsdk:"tls_only"`
	AbortDays      int64  `tfsdk:"abort_uploads_after_days"`
	NoncurrentDays int64  `tfsdk:"expire_noncurrent_after_days"`
	ForceDestroy   bool   `tfsdk:"force_destroy"`

	AuthenticationSecret *string       `tfsdk:"authentication_secret"`
	Settings             types.Dynamic `tfsdk:"settings"`
	s3Secrets
}

// s3Secrets are the credentials for clients, which are ZenML's to keep: nothing here reads them.
type s3Secrets struct {
	Key           *string `tfsdk:"key_wo"`
	KeyVersion    *int64  `tfsdk:"key_wo_version"`
	KeySecret     *string `tfsdk:"key_secret"`
	Secret        *string `tfsdk:"secret_wo"`
	SecretVersion *int64  `tfsdk:"secret_wo_version"`
	SecretSecret  *string `tfsdk:"secret_secret"`
	Token         *string `tfsdk:"token_wo"`
	TokenVersion  *int64  `tfsdk:"token_wo_version"`
	TokenSecret   *string `tfsdk:"token_secret"`
}

func s3View(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{"authentication_secret": v["authentication_secret"]}}
	if facts.Configuration["authentication_secret"] == nil {
		delete(facts.Configuration, "authentication_secret")
	}

	facts.Configuration["path"] = amazon.Texts(func(texts ...string) any {
		if prefix := strings.Trim(texts[1], "/"); prefix != "" {
			return "s3://" + texts[0] + "/" + prefix
		}

		return "s3://" + texts[0]
	}, v["bucket"], v.Text("prefix", ""))
	facts.URI = facts.Configuration["path"]
	flavor.AddSettings(facts.Configuration, v)

	return facts
}

// s3Applied adds where the bucket is, without which clients look for it at Amazon's first region.
func s3Applied(facts *flavor.Facts, s flavor.Subject) {
	region := amazon.Region(s)

	switch own := facts.Configuration["client_kwargs"].(type) {
	case nil:
		facts.Configuration["client_kwargs"] = s3Where(s, region, nil)
	case map[string]any:
		facts.Configuration["client_kwargs"] = s3Where(s, region, own)
	}

	facts.Outputs = map[string]any{
		"bucket":  s.Values["bucket"],
		"kms_key": s.Values.Text("kms_key", ""),
		"region":  region,
		"arn": amazon.Texts(func(texts ...string) any {
			return naming.ARN(naming.Partition(texts[1]), "s3", "", "", texts[0])
		}, s.Values["bucket"], region),
	}
}

// s3Where tells clients where the bucket is; what the user tells them himself wins.
func s3Where(s flavor.Subject, region any, own map[string]any) any {
	where := map[string]any{"region_name": region}

	switch endpoint := s.Values["endpoint_url"].(type) {
	case string:
		if endpoint != "" {
			where = map[string]any{"endpoint_url": endpoint}
		}
	case nil:
	default:
		return endpoint // not known: nor is which of the two it will be
	}

	maps.Copy(where, own)

	return where
}

var s3Driver = amazon.Driver[s3Config]{
	Flavor: "s3",
	Named:  "bucket",
	ID:     func(_ flavor.Input, cfg s3Config) string { return cfg.Bucket },
	Region: func(cfg s3Config) string { return cfg.Region },
	Parts: func(_ context.Context, site amazon.Site, _ string, cfg s3Config) ([]part.Part, error) {
		return []part.Part{bucket.Bucket{
			Session: site.Session, Endpoint: cfg.EndpointURL, Name: cfg.Bucket, Force: cfg.ForceDestroy, Settings: bucket.Settings{
				Versioning: cfg.Versioning, KMSKey: cfg.KMSKey, BlockPublic: cfg.BlockPublic, TLSOnly: cfg.TLSOnly,
				AbortDays: int32(cfg.AbortDays), NoncurrentDays: int32(cfg.NoncurrentDays),
			},
		}}, nil
	},
	Learn: func(cfg *s3Config, seen []part.Seen) {
		found, ok := seen[0].Facts.(bucket.Observed)
		if !ok {
			return
		}

		cfg.Versioning, cfg.KMSKey, cfg.BlockPublic, cfg.TLSOnly = found.Versioning, found.KMSKey, found.BlockPublic, found.TLSOnly
		cfg.AbortDays, cfg.NoncurrentDays = int64(found.AbortDays), int64(found.NoncurrentDays)
	},
	Adopt: func(id string) s3Config { return s3Config{Bucket: id, AbortDays: 7} },
	Outputs: func(_ context.Context, site amazon.Site, _ string, cfg s3Config) (map[string]string, error) {
		return map[string]string{
			"bucket": cfg.Bucket, "kms_key": cfg.KMSKey, "region": site.Region, "arn": naming.ARN(naming.Partition(site.Region), "s3", "", "", cfg.Bucket),
		}, nil
	},
}
