package containerregistry

import (
	"context"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/repository"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var ecrDriver = amazon.Driver[ecrConfig]{
	Flavor:  "ecr",
	Named:   "repository",
	Forced:  "force_delete",
	ID:      func(_ flavor.Input, cfg ecrConfig) string { return cfg.Repository },
	Region:  func(cfg ecrConfig) string { return cfg.Region },
	Parts:   ecrParts,
	Learn:   ecrLearn,
	Adopt:   func(id string) ecrConfig { return ecrConfig{Repository: id, Additional: []string{}} },
	Outputs: ecrOutputs,
}

// ecrParts are the repositories: those that are wanted, and behind them those that the state has and that are to go.
func ecrParts(_ context.Context, site amazon.Site, _ string, cfg ecrConfig) ([]part.Part, error) {
	recorded := strings.Split(site.Input.Outputs[outputRepositories], ",")
	list := amazon.List(site)

	for _, name := range cfg.all() {
		one := part.Part(cfg.one(site, name))
		if name != cfg.Repository && !slices.Contains(recorded, name) {
			one = amazon.Added{Part: one}
		}

		list.Add(true, outputRepositories, one)
	}

	for _, name := range recorded {
		if name != "" && !slices.Contains(cfg.all(), name) {
			list.Add(false, outputRepositories, cfg.one(site, name))
		}
	}

	return list.Parts(), nil
}

func (c ecrConfig) one(site amazon.Site, name string) repository.Repository {
	return repository.Repository{
		Session: site.Session, Name: name, Force: c.ForceDelete, Settings: repository.Settings{
			ScanOnPush: c.ScanOnPush, Immutable: c.ImmutableTags, KMSKey: c.KMSKey,
			UntaggedDays: int32(c.UntaggedDays), KeepImages: int32(c.KeepImages), //nolint:gosec // at most 100,000
		},
	}
}

// ecrLearn shows on each attribute what any of the repositories has otherwise.
func ecrLearn(cfg *ecrConfig, seen []part.Seen) {
	was := *cfg

	for _, one := range seen {
		found, ok := one.Facts.(repository.Settings)
		if !ok {
			continue
		}

		differing(&cfg.ScanOnPush, was.ScanOnPush, found.ScanOnPush)
		differing(&cfg.ImmutableTags, was.ImmutableTags, found.Immutable)
		differing(&cfg.KMSKey, was.KMSKey, found.KMSKey)
		differing(&cfg.UntaggedDays, was.UntaggedDays, int64(found.UntaggedDays))
		differing(&cfg.KeepImages, was.KeepImages, int64(found.KeepImages))
	}
}

// differing writes what was found where it is not what was wanted.
func differing[V comparable](to *V, was, found V) {
	if found != was {
		*to = found
	}
}

func ecrOutputs(ctx context.Context, site amazon.Site, _ string, cfg ecrConfig) (map[string]string, error) {
	place, err := site.Place(ctx)
	host := naming.RegistryHost(place.Account, site.Region)

	return map[string]string{
		outputRegistry: host, outputRepository: host + "/" + cfg.Repository, outputRepositories: strings.Join(cfg.all(), ","),
		"region": site.Region, "account": place.Account, "arn": place.RepositoryARN(cfg.Repository),
	}, err
}
