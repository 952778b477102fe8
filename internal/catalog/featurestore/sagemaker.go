package featurestore

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const sageMakerPurpose = "sagemaker-features"

// The outputs.
const (
	outputOffline = "offline_store_uri"
	outputOnline  = "online_store"
)

// SageMaker is where the feature groups of SageMaker keep what they know.
var SageMaker = flavor.Define[sageMakerConfig](flavor.Meta{
	Name: "sagemaker",
	Summary: "What feature groups of SageMaker need: a role that writes their offline store below a prefix of the stack's bucket, and a policy for who makes and uses " +
		"them. The groups themselves hold a schema and are made by code. ZenML has no such flavor, so it stays out of its YAML.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	Named:   true,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied: sageMakerApplied,
}, amazon.Attributes(amazon.Located(), amazon.GrantAttributes("make feature groups and read and write their records"), map[string]schema.Attribute{
	"artifact_store": amazon.StoreAttribute("Store whose bucket has the offline store: an `mlstacks_artifact_store` of the flavor `s3`, whole. It must be in the " +
		"component's region."),
	"prefix": amazon.Text("Where in the bucket the offline store is, such as `team/features`. Defaults to `\"\"`, which is `feature-store/` and the component's name."),
	"group_prefix": amazon.Text("What the names of the feature groups begin with: the policy for clients reaches no others. Defaults to `\"\"`, any of the account in the " +
		"region."),
	"online_store": amazon.Switch(true, "Whether feature groups are to have an online store, too; output `"+outputOnline+"` tells the code that makes them."),
	"kms_key":      amazon.Text("ARN of the KMS key that encrypts the bucket. Defaults to `\"\"`, none."),
}), sageMakerDriver).
	Checked(amazon.Judged(amazon.GrantRules(amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey}, amazon.Rule{Attribute: "prefix", Judge: keyPrefix},
		amazon.Rule{Attribute: "group_prefix", Judge: naming.FeatureGroup})...)).
	CheckedWhole(amazon.StoreServes("artifact_store", "SageMaker"))

var safeKeys = regexp.MustCompile(`^[A-Za-z0-9!_.*'()=/-]+$`)

// keyPrefix judges what keys begin with, by the characters that S3 calls safe, and without those that mean something to IAM.
func keyPrefix(prefix string) string {
	if !safeKeys.MatchString(prefix) || strings.Contains(prefix, "*") || strings.Contains(prefix, "//") || strings.Trim(prefix, "/") == "" {
		return strconv.Quote(prefix) + " is no prefix of keys: it has letters, digits and !_.'()=- between single slashes."
	}

	return ""
}

type sageMakerConfig struct {
	amazon.Grants

	Region      string            `tfsdk:"region"`
	Store       *amazon.Reference `tfsdk:"artifact_store"`
	Prefix      string            `tfsdk:"prefix"`
	GroupPrefix string            `tfsdk:"group_prefix"`
	Online      bool              `tfsdk:"online_store"`
	KMSKey      string            `tfsdk:"kms_key"`
}

// below is where the offline store of a component is.
func below(prefix, component string) string {
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		return prefix
	}

	return "feature-store/" + component
}

func (c sageMakerConfig) bucket(component string) policy.Bucket {
	bucket := amazon.Bucket(c.Store)
	bucket.Prefix = below(c.Prefix, component)

	if c.KMSKey != "" {
		bucket.Key = c.KMSKey
	}

	return bucket
}

func sageMakerApplied(facts *flavor.Facts, s flavor.Subject) {
	facts.Outputs = map[string]any{
		amazon.OutputRole: amazon.PlannedRole(s, sageMakerPurpose), amazon.OutputRoleName: amazon.PlannedRoleName(s, sageMakerPurpose),
		amazon.OutputClientPolicy: amazon.PlannedClient(s, sageMakerPurpose),
		amazon.OutputRegion:       amazon.Region(s), amazon.OutputAccount: amazon.Account(s),
		outputOffline: amazon.Texts(func(texts ...string) any { return "s3://" + texts[0] + "/" + below(texts[1], texts[2]) },
			amazon.Referred(s.Values, "artifact_store", "bucket"), s.Values.Text("prefix", ""), s.Name),
		outputOnline: zenml.Unknown{},
	}
	if online, ok := s.Values["online_store"].(bool); ok {
		facts.Outputs[outputOnline] = strconv.FormatBool(online)
	}
}

var sageMakerDriver = amazon.Driver[sageMakerConfig]{
	Partial: func(cfg sageMakerConfig) bool { return cfg.Store == nil },
	Flavor:  "sagemaker",
	ID:      func(in flavor.Input, _ sageMakerConfig) string { return in.Name },
	Region:  func(cfg sageMakerConfig) string { return cfg.Region },
	Parts: func(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) ([]part.Part, error) {
		g, err := cfg.Grant(ctx, site, name)
		if err != nil {
			return nil, err
		}

		writer := g.Role(sageMakerPurpose, "Writes the offline store of the feature store "+name+".", policy.Trust("sagemaker.amazonaws.com", g.Place.Account),
			map[string]policy.Document{"offline-store": policy.FeatureStoreRole(g.Place, cfg.bucket(name))})
		client := g.Client(sageMakerPurpose, "For who makes and uses feature groups of the feature store "+name+".",
			policy.FeatureStoreClient(g.Place, g.RoleARN(sageMakerPurpose), cfg.GroupPrefix))

		return amazon.List(site).Add(true, amazon.OutputRoleName, writer).Add(cfg.ClientPolicy, amazon.OutputClientPolicy, client).Parts(), nil
	},
	Learn: func(cfg *sageMakerConfig, seen []part.Seen) { cfg.Learned(seen) },
	Adopt: func(string) sageMakerConfig { return sageMakerConfig{Grants: amazon.DefaultGrants(), Online: true} },
	Outputs: func(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) (map[string]string, error) {
		g, err := cfg.Grant(ctx, site, name)
		if err != nil {
			return nil, err
		}

		bucket, offline := cfg.bucket(name), ""
		if bucket.Name != "" { // an import has none
			offline = "s3://" + bucket.Name + "/" + bucket.Prefix
		}

		return map[string]string{
			amazon.OutputRole: g.RoleARN(sageMakerPurpose), amazon.OutputRoleName: g.RoleName(sageMakerPurpose),
			amazon.OutputClientPolicy: g.ClientARN(sageMakerPurpose), amazon.OutputRegion: site.Region, amazon.OutputAccount: g.Place.Account,
			outputOffline: offline, outputOnline: strconv.FormatBool(cfg.Online),
		}, nil
	},
}
