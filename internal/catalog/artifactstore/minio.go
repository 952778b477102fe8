package artifactstore

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/bucket"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var minioDoor = clustered.Door{Scheme: "http", Port: 9000, Path: "/"}

// Minio is S3-compatible storage in a cluster.
var Minio = flavor.Define[minioConfig](flavor.Meta{
	Name:      "minio",
	ZenML:     "s3",
	Summary:   "S3-compatible storage in the cluster, on a volume; ZenML knows it as `s3` with an endpoint.",
	Provides:  []string{"s3"},
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Moves:     []flavor.Move{keptMinio},
	Fields:    map[string]string{}, // the rest of ZenML's options goes through settings
	View:      minioView,
	Applied: func(facts *flavor.Facts, s flavor.Subject) {
		facts.URI = clustered.Address(s)
		facts.Configuration["client_kwargs"] = map[string]any{"endpoint_url": facts.URI}

		for _, key := range []string{"key", "secret"} { // what the component's Secret holds has to be handed to ZenML under its name
			facts.Configuration[key] = flavor.Map(s.Name, func(name string) any { return "{{" + name + "." + key + "}}" })
		}
	},
	Attribute: map[string]string{
		"path": "bucket", "client_kwargs": "expose", "key": "bucket", "secret": "bucket",
	},
}, clustered.Attributes(
	clustered.WorkloadAttributes(charts.MinIOImage, "The images that MinIO itself publishes are frozen since 2026, so that they get no more repairs: any server "+
		"that speaks S3 may stand in its place; see `values` for its command, its port and the names of its variables."),
	clustered.ExposeAttribute(),
	clustered.StoredAttributes("10Gi", "the objects"),
	map[string]schema.Attribute{
		"bucket": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the bucket that ZenML keeps artifacts in. Changing it replaces the component.",
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			Validators:          []validator.String{bucketName},
		},
		"additional_buckets": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Names of further buckets. One that is taken off the list stays where it is. Defaults to none.",
		},
		"versioning": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the buckets keep former versions of their objects. Defaults to `false`.",
		},
	},
), minioService).CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(clustered.CheckValues(charts.MinIO))

var s3BucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

var bucketName = stringvalidator.RegexMatches(s3BucketName, "must be 3 to 63 small letters, digits, hyphens and dots, and begin and end with a letter or digit")

type minioConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	Bucket            string   `tfsdk:"bucket"`
	AdditionalBuckets []string `tfsdk:"additional_buckets"`
	Versioning        bool     `tfsdk:"versioning"`

	Settings types.Dynamic `tfsdk:"settings"`
}

func minioView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{
		"path": flavor.Map(v["bucket"], func(name string) any { return "s3://" + name }),
	}}
	flavor.AddSettings(facts.Configuration, v)

	return facts
}

var minioService = clustered.Service[minioConfig]{
	Flavor: "minio",
	Image:  charts.MinIOImage,
	Door:   minioDoor,
	Chart:  func(minioConfig) helm.Source { return clustered.Embedded(charts.MinIO) },
	Parts: func(c *minioConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
	},
	Secret: func(flavor.Input, minioConfig) clustered.Secret {
		return clustered.Secret{Generated: map[string]func() string{
			"root-user": clustered.Random(20), "root-password": clustered.Random(32),
		}}
	},
	Furnish: func(ctx context.Context, site clustered.Site, cfg minioConfig) error {
		return inStore(ctx, site, cfg, func(store *bucket.Store) error {
			for _, name := range cfg.buckets() {
				if err := store.Make(ctx, name); err != nil {
					return err
				}

				if versioned, err := store.Versioned(ctx, name); err != nil || versioned != cfg.Versioning {
					if err := store.Version(ctx, name, cfg.Versioning); err != nil {
						return err
					}
				}
			}

			return nil
		})
	},
	Observe: observeMinio,
	Holds: func(ctx context.Context, site clustered.Site, cfg minioConfig) (holds string, err error) {
		err = inStore(ctx, site, cfg, func(store *bucket.Store) error {
			names, err := store.Names(ctx)
			if err != nil {
				return err
			}

			for _, name := range names {
				if empty, err := store.Empty(ctx, name); err != nil || !empty {
					holds = fmt.Sprintf("there are objects in bucket %q", name)

					return err
				}
			}

			return nil
		})

		return holds, err
	},
	Outputs: func(_ clustered.Site, cfg minioConfig) map[string]string {
		return map[string]string{"bucket": cfg.Bucket, "buckets": strings.Join(cfg.buckets(), ",")}
	},
	Default: minioConfig{Workload: clustered.Workload{Image: charts.MinIOImage, ImagePullSecrets: []string{}}, AdditionalBuckets: []string{}},
}

func (c minioConfig) buckets() []string { return append([]string{c.Bucket}, c.AdditionalBuckets...) }

// observeMinio finds out which of the buckets are there, and whether they keep versions.
func observeMinio(ctx context.Context, site clustered.Site, cfg minioConfig) (minioConfig, []string, error) {
	var drift []string

	err := inStore(ctx, site, cfg, func(store *bucket.Store) error {
		names, err := store.Names(ctx)
		if err != nil {
			return err
		}

		if cfg.Bucket == "" && len(names) > 0 { // an import: which of them is ZenML's is for the configuration to say
			cfg.Bucket, cfg.AdditionalBuckets = names[0], names[1:]
		}

		for _, name := range cfg.buckets() {
			if !slices.Contains(names, name) {
				drift = append(drift, fmt.Sprintf("bucket %s is missing", name))

				continue
			}

			versioned, err := store.Versioned(ctx, name)
			if err != nil {
				return err
			}

			if versioned != cfg.Versioning && name == cfg.Bucket {
				cfg.Versioning = versioned
			}
		}

		return nil
	})

	return cfg, drift, err
}

// inStore works on the storage through a way of its own into the cluster, however the service is exposed.
func inStore(ctx context.Context, site clustered.Site, cfg minioConfig, work func(*bucket.Store) error) error {
	address, stop, err := site.Forward(ctx, site.Namespace, site.Name, minioDoor.Inside(cfg.Expose).Port)
	if err != nil {
		return err
	}
	defer stop()

	return work(bucket.Open("http://"+address, site.Credentials["root-user"], site.Credentials["root-password"]))
}
