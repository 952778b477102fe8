package database_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/database"
)

func TestInstance_DriftShowsOnItsSettingAndIsRepaired(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]struct {
		in   rds.ModifyDBInstanceInput
		seen func(database.Settings) any
		want any
	}{
		"class":      {rds.ModifyDBInstanceInput{DBInstanceClass: sdk.String("db.m5.large")}, func(s database.Settings) any { return s.Class }, "db.m5.large"},
		"multi_az":   {rds.ModifyDBInstanceInput{MultiAZ: sdk.Bool(true)}, func(s database.Settings) any { return s.MultiAZ }, true},
		"backups":    {rds.ModifyDBInstanceInput{BackupRetentionPeriod: sdk.Int32(1)}, func(s database.Settings) any { return s.BackupDays }, int32(1)},
		"protection": {rds.ModifyDBInstanceInput{DeletionProtection: sdk.Bool(true)}, func(s database.Settings) any { return s.Protected }, true},
		"public":     {rds.ModifyDBInstanceInput{PubliclyAccessible: sdk.Bool(true)}, func(s database.Settings) any { return s.Public }, true},
		"minor":      {rds.ModifyDBInstanceInput{AutoMinorVersionUpgrade: sdk.Bool(false)}, func(s database.Settings) any { return s.AutoMinor }, false},
		"limit":      {rds.ModifyDBInstanceInput{MaxAllocatedStorage: sdk.Int32(90)}, func(s database.Settings) any { return s.MaxStorageGB }, int32(90)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := start(t)
			s.apply()

			change.in.DBInstanceIdentifier, change.in.ApplyImmediately = sdk.String("runs"), sdk.Bool(true)
			_, err := s.rds.ModifyDBInstance(t.Context(), &change.in)
			s.must(err)

			if _, seen, drift := s.observe(); !reflect.DeepEqual(change.seen(settingsOf(seen)), change.want) || len(drift) > 0 {
				t.Errorf("saw %+v and %q, want %v in the setting alone", seen[0].Facts, drift, change.want)
			}

			s.apply()
			s.quiet()
		})
	}
}

func TestInstance_StorageGrowsAndNeverShrinks(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.StorageGB = 50
	s.apply()

	s.settings.StorageGB = 30
	s.Reset()

	d := s.wanted()
	s.must(func() error { _, err := d.Parts()[0].Observe(t.Context(), s.claim); return err }())
	s.must(func() error { _, err := d.Parts()[1].Observe(t.Context(), s.claim); return err }())

	made, err := d.Parts()[2].Ensure(t.Context(), s.claim)
	s.must(err)

	if len(made.Notices) != 1 || !strings.Contains(made.Notices[0], "50 GiB") {
		t.Errorf("notices %q, want one that names the 50 GiB", made.Notices)
	}

	if s.Count("rds:ModifyDBInstance") != 0 {
		t.Error("asked for less storage")
	}

	s.quiet()

	s.settings.StorageGB, s.settings.MaxStorageGB = 60, 100
	s.apply()
	s.quiet()

	if got := *s.instance().AllocatedStorage; got != 60 {
		t.Errorf("storage %d GiB, want 60", got)
	}
}

func TestInstance_UpgradesAndNeverGoesBack(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.Version = "16.4"
	s.apply()

	s.settings.Version = "17"
	s.apply()
	s.quiet()

	s.settings.Version = "16"
	_, err := s.ensure()

	var refused *database.RefusedError
	if !errors.As(err, &refused) || refused.Attribute != "engine_version" || !strings.Contains(refused.Fix, `"17"`) {
		t.Errorf("going back: %v", err)
	}

	s.settings.Version = ""
	s.apply()
	s.quiet()

	if got := *s.instance().EngineVersion; got != "17" {
		t.Errorf("without a wish it runs %s, want 17 as before", got)
	}
}

func TestInstance_AMinorVersionThatAWSInstalledIsNoDrift(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.Version = "17.2"
	s.apply()

	_, err := s.rds.ModifyDBInstance(t.Context(), &rds.ModifyDBInstanceInput{DBInstanceIdentifier: sdk.String("runs"), EngineVersion: sdk.String("17.10")})
	s.must(err)
	s.quiet()

	s.settings.AutoMinor = false

	if d, _, _ := s.observe(); d.Found.Version != "17.10" {
		t.Errorf("saw version %s, want 17.10 where nobody allowed it", d.Found.Version)
	}
}

func TestTags_LabelsComeChangeAndGoAndThoseOfOthersStay(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	arn, group := *s.instance().DBInstanceArn, *s.groups()[0].GroupId
	_, err := s.rds.AddTagsToResource(t.Context(), &rds.AddTagsToResourceInput{
		ResourceName: &arn, Tags: []rdstypes.Tag{{Key: sdk.String("theirs"), Value: sdk.String("yes")}, {Key: sdk.String("team"), Value: sdk.String("other")}},
	})
	s.must(err)
	_, err = s.ec2.DeleteTags(t.Context(), &ec2.DeleteTagsInput{Resources: []string{group}, Tags: []types.Tag{{Key: sdk.String("team")}}})
	s.must(err)

	_, _, drift := s.observe()
	if want := []string{`database "runs": tag team is "other", should be "ml"`, `security group "database-runs": tag team is missing`}; !slices.Equal(drift, want) {
		t.Errorf("drift %q, want %q", drift, want)
	}

	s.claim.Former = map[string]string{"team": "ml"}
	s.claim.Labels = map[string]string{"stage": "dev"}
	s.apply()
	s.quiet()

	tags := map[string]string{}
	for _, tag := range s.instance().TagList {
		tags[*tag.Key] = *tag.Value
	}

	if _, stays := tags["team"]; stays || tags["stage"] != "dev" || tags["theirs"] != "yes" {
		t.Errorf("tags %v, want stage and theirs", tags)
	}
}

func TestFirewall_LetsInWhoIsNamedAndLeavesTheRulesOfOthers(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.CIDRs = []string{"10.9.0.0/16", "2001:db8::/32"}
	s.apply()

	group := s.groups()[0].GroupId
	open := func(port int32, cidr, about string) types.IpPermission {
		return types.IpPermission{
			IpProtocol: sdk.String("tcp"), FromPort: &port, ToPort: &port, IpRanges: []types.IpRange{{CidrIp: &cidr, Description: &about}},
		}
	}

	_, err := s.ec2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: group, IpPermissions: []types.IpPermission{open(22, "192.0.2.1/32", "theirs"), open(5432, "198.51.100.0/24", "made by mlstacks")},
	})
	s.must(err)
	_, err = s.ec2.RevokeSecurityGroupIngress(t.Context(), &ec2.RevokeSecurityGroupIngressInput{
		GroupId: group, IpPermissions: []types.IpPermission{open(5432, "10.9.0.0/16", "made by mlstacks")},
	})
	s.must(err)

	d, seen, drift := s.observe()
	if got, want := networksOf(seen), []string{"198.51.100.0/24", "2001:db8::/32"}; !slices.Equal(got, want) || len(drift) > 0 {
		t.Errorf("networks %q and drift %q, want %q alone", got, drift, want)
	}

	if want := []string{"tcp 22 from 192.0.2.1/32 (theirs)"}; !slices.Equal(d.Found.Others, want) {
		t.Errorf("rules of others %q, want %q", d.Found.Others, want)
	}

	s.apply()

	d, seen, _ = s.observe()
	if got := networksOf(seen); !slices.Equal(got, s.settings.CIDRs) || len(d.Found.Others) != 1 {
		t.Errorf("after the repair: networks %q, others %q", got, d.Found.Others)
	}
}

func TestDatabase_WhatIsMissingIsSaidAndMadeAgain(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	_, err := s.rds.DeleteDBInstance(t.Context(), &rds.DeleteDBInstanceInput{DBInstanceIdentifier: sdk.String("runs"), SkipFinalSnapshot: sdk.Bool(true)})
	s.must(err)
	_, err = s.ec2.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: s.groups()[0].GroupId})
	s.must(err)

	if _, _, drift := s.observe(); len(drift) != 2 {
		t.Errorf("drift %q, want that both are missing", drift)
	}

	s.apply()
	s.quiet()
}

func TestDatabase_APageIsNeverTakenForGone(t *testing.T) {
	t.Parallel()

	for _, status := range []int{404, 500} {
		s := start(t)
		s.apply()
		s.session = login(s.Double, 1)
		s.Inject(aws.Fault{Operation: "*", Times: -1, Status: status, HTML: true})

		for i, one := range s.wanted().Parts() {
			_, err := one.Observe(t.Context(), s.claim)
			if err == nil || errors.Is(err, backend.ErrNotFound) {
				t.Errorf("part %d, HTTP %d with a page: %v", i, status, err)
			}

			if err := one.Remove(t.Context(), s.claim); err == nil {
				t.Errorf("part %d, HTTP %d with a page: taken for removed", i, status)
			}
		}
	}
}
