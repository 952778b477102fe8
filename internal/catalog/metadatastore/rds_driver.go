package metadatastore

import (
	"context"
	"errors"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/database"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// rdsService is the driver of RDS. It keeps what the parts have found for the outputs, so that nobody asks twice, and words what
// AWS does not do.
type rdsService struct{ amazon.Driver[rdsConfig] }

// rdsRun is one operation.
type rdsRun struct {
	found *database.Observed
	looks bool
}

// Create makes the database and waits for it.
func (d rdsService) Create(ctx context.Context, in flavor.Input, cfg rdsConfig) (flavor.Result, error) {
	cfg.run = &rdsRun{found: &database.Observed{}}
	result, err := d.Driver.Create(ctx, in, cfg)

	return result, rdsWorded(err)
}

// Read looks at the database.
func (d rdsService) Read(ctx context.Context, in flavor.Input, id string, cfg rdsConfig) (rdsConfig, flavor.Result, error) {
	cfg.run = &rdsRun{found: &database.Observed{}, looks: true}
	cfg, result, err := d.Driver.Read(ctx, in, id, cfg)

	return cfg, result, rdsWorded(err)
}

// Update changes the database in place and waits for it.
func (d rdsService) Update(ctx context.Context, in flavor.Input, id string, old, cfg rdsConfig) (flavor.Result, error) {
	cfg.run = &rdsRun{found: &database.Observed{}}
	result, err := d.Driver.Update(ctx, in, id, old, cfg)

	return result, rdsWorded(err)
}

// Delete removes the database, unless it is protected.
func (d rdsService) Delete(ctx context.Context, in flavor.Input, id string, cfg rdsConfig) error {
	cfg.run = &rdsRun{found: &database.Observed{}}

	return rdsWorded(d.Driver.Delete(ctx, in, id, cfg))
}

// rdsWorded puts a refusal onto the attribute at fault.
func rdsWorded(err error) error {
	var refusal *database.RefusedError
	if !errors.As(err, &refusal) {
		return err
	}

	fault := &flavor.AttributeError{Err: refusal, Fix: refusal.Fix}
	if refusal.Attribute != "" {
		fault.Attribute = []string{refusal.Attribute}
	}

	if errors.Is(err, backend.ErrHoldsData) {
		fault.Err = flavor.Because(flavor.ErrHoldsData, refusal)
	}

	return fault
}

var rdsDriver = amazon.Driver[rdsConfig]{
	Flavor: "rds",
	Named:  "identifier",
	Forced: "deletion_protection",
	ID: func(in flavor.Input, cfg rdsConfig) string {
		switch {
		case cfg.Identifier != nil && *cfg.Identifier != "":
			return *cfg.Identifier
		case in.Name == "":
			return ""
		default:
			return database.Identifier(in.Name)
		}
	},
	Region: func(cfg rdsConfig) string { return cfg.Region },
	Parts: func(_ context.Context, site amazon.Site, id string, cfg rdsConfig) ([]part.Part, error) {
		d := &database.Database{Session: site.Session, Identifier: id, Settings: cfg.settings(), Found: cfg.run.found}
		if cfg.run.looks {
			return d.Looks(!site.Input.Managed), nil
		}

		return d.Parts(), nil
	},
	Learn: rdsLearn,
	Adopt: func(string) rdsConfig {
		return rdsConfig{Immediately: true, run: &rdsRun{found: &database.Observed{}, looks: true}}
	},
	Outputs: rdsOutputs,
}

func (c rdsConfig) settings() database.Settings {
	settings := database.Settings{
		Engine: c.Engine, Version: c.Version, Class: c.Class, MultiAZ: c.MultiAZ, Database: c.Database, Username: c.Username,
		StorageGB: int32(c.Storage), MaxStorageGB: int32(c.MaxStorage), BackupDays: int32(c.BackupDays), //nolint:gosec // the schema has limits
		SubnetIDs: c.Subnets, CIDRs: c.CIDRs, Groups: c.Groups, Public: c.Public, Protected: c.Protected, AutoMinor: c.AutoMinor,
		Immediately: c.Immediately, SkipSnapshot: c.SkipLast, Snapshot: c.Last,
	}

	if c.KMSKey != nil {
		settings.KMSKey = *c.KMSKey
	}

	return settings
}

// rdsLearn takes over what was seen. The key is left out: that of the account, where none is named, looks like any other.
func rdsLearn(cfg *rdsConfig, seen []part.Seen) {
	for _, one := range seen {
		switch found := one.Facts.(type) {
		case database.Access:
			cfg.CIDRs, cfg.Groups = found.CIDRs, found.Groups
		case database.Observed:
			cfg.Engine, cfg.Version, cfg.Class, cfg.MultiAZ = found.Engine, found.Version, found.Class, found.MultiAZ
			cfg.Storage, cfg.MaxStorage, cfg.BackupDays = int64(found.StorageGB), int64(found.MaxStorageGB), int64(found.BackupDays)
			cfg.Database, cfg.Username, cfg.Subnets = found.Database, found.Username, found.SubnetIDs
			cfg.Public, cfg.Protected, cfg.AutoMinor = found.Public, found.Protected, found.AutoMinor
		}
	}
}

func rdsOutputs(_ context.Context, site amazon.Site, id string, cfg rdsConfig) (map[string]string, error) {
	found := cfg.run.found

	arn := found.ARN
	if arn == "" { // it is gone, and was there
		arn = site.Input.Outputs["arn"]
	}

	const inAccount = 4

	account := ""
	if parts := strings.Split(arn, ":"); len(parts) > inAccount {
		account = parts[inAccount]
	}

	port := portText(found.Port)

	return map[string]string{
		rdsHost: found.Host, rdsPort: port, rdsURI: rdsAddress(cfg.Engine, found.Host, port, cfg.Database), rdsSecret: found.SecretARN,
		rdsGroup: found.GroupID, rdsOthers: strings.Join(found.Others, "; "), rdsIdentifier: id, "arn": arn, "account": account,
		"region": site.Region, databaseKey: cfg.Database, usernameKey: cfg.Username,
	}, nil
}
