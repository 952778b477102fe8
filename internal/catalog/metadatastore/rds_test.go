package metadatastore

import (
	"errors"
	"maps"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func good(changes flavor.Values) flavor.Values {
	v := flavor.Values{
		"engine": "postgres", "engine_version": "", "instance_class": "db.t4g.micro", "storage_gb": int64(20), "max_storage_gb": int64(0),
		"database": "zenml", "username": "zenml", "subnet_ids": []any{"subnet-0a1b2c3d", "subnet-0d3c2b1a"}, "identifier": "", "kms_key": "",
		"allowed_cidrs": []any{"10.0.0.0/16", "2001:db8::/32"}, "allowed_security_group_ids": []any{"sg-0a1b2c3d"}, "publicly_accessible": false,
	}
	maps.Copy(v, changes)

	return v
}

func TestRDS_RefusesAtPlanWhatAWSWouldNotTake(t *testing.T) {
	t.Parallel()

	if problems := RDS.Check(Kind(), flavor.Subject{Values: good(nil)}); len(problems) > 0 {
		t.Errorf("a good configuration has problems: %+v", problems)
	}

	for name, c := range map[string]struct {
		change flavor.Values
		at     string
		says   string
	}{
		"reserved user":     {flavor.Values{"username": "rdsadmin"}, "username", "belongs to the server"},
		"reserved database": {flavor.Values{"database": "template1"}, "database", "belongs to the server"},
		"long user":         {flavor.Values{"engine": "mysql", "username": "seventeen_letters"}, "username", "1 to 16"},
		"network":           {flavor.Values{"allowed_cidrs": []any{"10.0.0.5/16"}}, "allowed_cidrs", "write 10.0.0.0/16"},
		"no network":        {flavor.Values{"allowed_cidrs": []any{"10.0.0.5"}}, "allowed_cidrs", "no network"},
		"subnet":            {flavor.Values{"subnet_ids": []any{"sub-1", zenml.Unknown{}}}, "subnet_ids", "no ID of a subnet"},
		"group":             {flavor.Values{"allowed_security_group_ids": []any{"group"}}, "allowed_security_group_ids", "no ID of a security group"},
		"limit":             {flavor.Values{"max_storage_gb": int64(21)}, "max_storage_gb", "which is 22"},
		"class":             {flavor.Values{"instance_class": "t4g.micro"}, "instance_class", "db.t4g.micro"},
		"version":           {flavor.Values{"engine_version": "latest"}, "engine_version", "no version"},
		"capitals":          {flavor.Values{"identifier": "Runs"}, "identifier", "lower case"},
		"open":              {flavor.Values{"publicly_accessible": true, "allowed_cidrs": []any{"0.0.0.0/0"}}, "allowed_cidrs", "everybody"},
		"snapshot":          {flavor.Values{"skip_final_snapshot": true, "final_snapshot_identifier": "last"}, "final_snapshot_identifier", "no last snapshot"},
	} {
		problems := RDS.Check(Kind(), flavor.Subject{Values: good(c.change)})
		if len(problems) != 1 || problems[0].Path[0] != c.at || !strings.Contains(problems[0].Detail, c.says) {
			t.Errorf("%s: %+v, want one at %s that says %q", name, problems, c.at, c.says)
		}
	}
}

func TestRDS_ReplacesOnlyWhatCannotStay(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		change flavor.Values
		want   int
	}{
		"nothing":          {nil, 0},
		"one more subnet":  {flavor.Values{"subnet_ids": []any{"subnet-0a1b2c3d", "subnet-0ffff"}}, 0},
		"other subnets":    {flavor.Values{"subnet_ids": []any{"subnet-0eeee", "subnet-0ffff"}}, 1},
		"unknown subnets":  {flavor.Values{"subnet_ids": zenml.Unknown{}}, 0},
		"another name":     {flavor.Values{"identifier": "other"}, 1},
		"another key":      {flavor.Values{"kms_key": "arn:aws:kms:eu-west-1:123456789012:key/x"}, 1},
		"more storage":     {flavor.Values{"storage_gb": int64(30)}, 0},
		"a larger machine": {flavor.Values{"instance_class": "db.m7g.large"}, 0},
	} {
		if problems := RDS.Replaces(good(nil), good(c.change)); len(problems) != c.want {
			t.Errorf("%s: %+v, want %d", name, problems, c.want)
		}
	}
}

// stage is an account with two subnets, and the configuration of a database in them.
func stage(t *testing.T) (d *aws.Double, in flavor.Input, cfg rdsConfig) {
	t.Helper()

	d = aws.Start(t)
	network := ec2.NewFromConfig(d.Config(aws.Region))

	vpc, err := network.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: sdk.String("10.9.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}

	cfg = rdsConfig{
		Engine: "mysql", Class: "db.t4g.micro", Storage: 20, Database: "zenml", Username: "zenml", CIDRs: []string{"10.9.0.0/16"}, Groups: []string{},
		BackupDays: 7, Protected: true, AutoMinor: true, Immediately: true, Identifier: sdk.String(""), KMSKey: sdk.String(""),
	}

	for zone, cidr := range map[string]string{"a": "10.9.1.0/24", "b": "10.9.2.0/24"} {
		subnet, err := network.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: &cidr, AvailabilityZone: sdk.String(aws.Region + zone),
		})
		if err != nil {
			t.Fatal(err)
		}

		cfg.Subnets = append(cfg.Subnets, *subnet.Subnet.SubnetId)
	}

	keys, err := d.Counted(aws.Region).Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	login := amazon.Login{Session: session.New(session.Config{
		Region: aws.Region, AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, MaxRetries: 3,
		Endpoints: map[string]string{"rds": d.Endpoint, "ec2": d.Endpoint, "sts": d.Endpoint},
	})}

	return d, flavor.Input{Kind: "metadata_store", Name: "Runs_2", Managed: true, Clouds: flavor.Clouds{amazon.Cloud: login}}, cfg
}

func TestRDS_LivesFromCreationToDestruction(t *testing.T) {
	t.Parallel()

	d, in, cfg := stage(t)
	driver := rdsService{rdsDriver}

	made, err := driver.Create(t.Context(), in, cfg)
	if err != nil || made.ID != "runs-2" {
		t.Fatalf("made %+v: %v", made, err)
	}

	if got, want := made.Outputs["uri"], "mysql://"+made.Outputs["host"]+":3306/zenml"; got != want || made.Outputs["account"] != d.Account {
		t.Errorf("outputs %+v, want the uri %s", made.Outputs, want)
	}

	if !strings.Contains(made.Outputs["master_user_secret_arn"], ":secret:") {
		t.Errorf("secret %q", made.Outputs["master_user_secret_arn"])
	}

	in.Incarnation, in.Outputs, in.Was = made.Incarnation, made.Outputs, in.Name

	found, looked, err := driver.Read(t.Context(), in, made.ID, cfg)
	found.run = nil

	if err != nil || len(looked.Drift) > 0 || !maps.Equal(looked.Outputs, made.Outputs) || found.Storage != 20 || !found.Protected {
		t.Errorf("read %+v, %+v: %v", found, looked, err)
	}

	refused := driver.Delete(t.Context(), in, made.ID, cfg)

	var fault *flavor.AttributeError
	if !errors.As(refused, &fault) || fault.Attribute[0] != "deletion_protection" || !errors.Is(refused, flavor.ErrHoldsData) {
		t.Errorf("delete: %v, want a refusal at deletion_protection", refused)
	}

	in.Name, cfg.Protected, cfg.Class = "renamed", false, "db.t4g.small"
	if changed, err := driver.Update(t.Context(), in, made.ID, cfg, cfg); err != nil || changed.ID != "runs-2" {
		t.Fatalf("update %+v: %v", changed, err)
	}

	in.Was = in.Name
	if err := driver.Delete(t.Context(), in, made.ID, cfg); err != nil {
		t.Fatal(err)
	}

	if left, err := rds.NewFromConfig(d.Config(aws.Region)).DescribeDBSubnetGroups(t.Context(), &rds.DescribeDBSubnetGroupsInput{}); err != nil || len(left.DBSubnetGroups) > 0 {
		t.Errorf("left %v: %v", left, err)
	}

	if _, _, err := driver.Read(t.Context(), in, made.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read what is gone: %v", err)
	}
}

func TestRDS_AnImportTellsWhatItCanAndReplacesNothing(t *testing.T) {
	t.Parallel()

	_, in, cfg := stage(t)
	driver := rdsService{rdsDriver}

	made, err := driver.Create(t.Context(), in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	in.Name, in.Incarnation = "", ""

	found, looked, err := driver.Read(t.Context(), in, made.ID, rdsConfig{})
	if err != nil || looked.Name != "Runs_2" || len(looked.Drift) > 0 {
		t.Fatalf("import: %+v: %v", looked, err)
	}

	if found.Identifier != nil || found.KMSKey != nil || found.Engine != "mysql" || len(found.CIDRs) != 1 || len(found.Groups) != 0 || len(found.Subnets) != 2 {
		t.Errorf("import told %+v", found)
	}
}

func TestRDS_WhatSomebodyElseMadeIsOnlyLookedAt(t *testing.T) {
	t.Parallel()

	d, in, cfg := stage(t)

	_, err := rds.NewFromConfig(d.Config(aws.Region)).CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: sdk.String("theirs"), Engine: sdk.String("mysql"), DBInstanceClass: sdk.String("db.m5.large"), AllocatedStorage: sdk.Int32(20),
		MasterUsername: sdk.String("zenml"), MasterUserPassword: sdk.String("not-for-us"), DBName: sdk.String("zenml"),
	})
	if err != nil {
		t.Fatal(err)
	}

	in.Managed, cfg.Identifier = false, sdk.String("theirs")

	found, looked, err := rdsService{rdsDriver}.Read(t.Context(), in, "theirs", cfg)
	if err != nil || len(looked.Drift) > 0 || looked.Outputs["host"] == "" || found.Class != "db.m5.large" {
		t.Errorf("read %+v, %+v: %v", found, looked, err)
	}

	if n := d.Count("rds:*") + d.Count("ec2:*"); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}
