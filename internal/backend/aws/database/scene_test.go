package database_test

import (
	"slices"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/database"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// scene is an account with a VPC that has subnets in three zones, and a database that is wanted there.
type scene struct {
	*aws.Double

	t        *testing.T
	ec2      *ec2.Client
	rds      *rds.Client
	session  *session.Session
	claim    part.Claim
	settings database.Settings
}

func start(t *testing.T) *scene {
	t.Helper()

	d := aws.Start(t)
	s := &scene{
		Double: d, t: t, ec2: ec2.NewFromConfig(d.Config(aws.Region)), rds: rds.NewFromConfig(d.Config(aws.Region)), session: login(d, 4),
		claim: part.Claim{Owner: backend.Owner{Kind: "metadata_store", Flavor: "rds", Name: "runs", Labels: map[string]string{"team": "ml"}}, Was: "runs", Fresh: "first"},
	}

	vpc, err := s.ec2.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: sdk.String("10.9.0.0/16")})
	s.must(err)

	for zone, cidr := range map[string]string{"a": "10.9.1.0/24", "b": "10.9.2.0/24"} {
		subnet, err := s.ec2.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: sdk.String(cidr), AvailabilityZone: sdk.String(aws.Region + zone),
		})
		s.must(err)

		s.settings.SubnetIDs = append(s.settings.SubnetIDs, *subnet.Subnet.SubnetId)
	}

	subnets := s.settings.SubnetIDs
	s.settings = database.Settings{
		Engine: "postgres", Version: "17", Class: "db.t4g.micro", StorageGB: 20, Database: "zenml", Username: "zenml", SubnetIDs: subnets,
		CIDRs: []string{"10.9.0.0/16"}, BackupDays: 7, AutoMinor: true, Immediately: true,
	}

	return s
}

func login(d *aws.Double, tries int) *session.Session {
	config := d.Counted(aws.Region)
	keys, _ := config.Credentials.Retrieve(nil) //nolint:staticcheck // keys that are written down need no context

	services := map[string]string{}
	for _, service := range []string{"rds", "ec2", "sts"} {
		services[service] = d.Endpoint
	}

	return session.New(session.Config{Region: aws.Region, AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, Endpoints: services, MaxRetries: tries})
}

func (s *scene) must(err error) {
	s.t.Helper()

	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) wanted() *database.Database {
	return &database.Database{Session: s.session, Identifier: "runs", Settings: s.settings, Pause: time.Millisecond}
}

// ensure does what an apply does.
func (s *scene) ensure() (*database.Database, error) {
	d := s.wanted()
	for _, one := range d.Parts() {
		if _, err := one.Ensure(s.t.Context(), s.claim); err != nil {
			return d, err
		}
	}

	return d, nil
}

func (s *scene) apply() *database.Database {
	s.t.Helper()

	d, err := s.ensure()
	s.must(err)

	s.claim.Known, s.claim.Incarnation = true, s.claim.Fresh

	return d
}

// observe does what a refresh does.
func (s *scene) observe() (*database.Database, []part.Seen, []string) {
	s.t.Helper()

	var (
		d     = s.wanted()
		seen  []part.Seen
		drift []string
	)

	for _, one := range d.Looks(false) {
		looked, err := one.Observe(s.t.Context(), s.claim)
		if err != nil && !part.Kept(err) {
			s.t.Fatal(err)
		}

		if err != nil {
			drift = append(drift, err.Error())
		}

		seen, drift = append(seen, looked), append(drift, looked.Drift...)
	}

	return d, seen, drift
}

// destroy does what a destroy does.
func (s *scene) destroy() error {
	parts := s.wanted().Parts()
	for _, one := range slices.Backward(parts) {
		if err := one.Remove(s.t.Context(), s.claim); err != nil {
			return err
		}
	}

	return nil
}

// settingsOf are what a look at an instance has found.
func settingsOf(seen []part.Seen) database.Settings {
	found, _ := seen[0].Facts.(database.Observed)

	return found.Settings
}

// networksOf are those that a look at the security group has found.
func networksOf(seen []part.Seen) []string {
	access, _ := seen[2].Facts.(database.Access)

	return access.CIDRs
}

func (s *scene) instance() *rdstypes.DBInstance {
	s.t.Helper()

	answer, err := s.rds.DescribeDBInstances(s.t.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: sdk.String("runs")})
	s.must(err)

	return &answer.DBInstances[0]
}

func (s *scene) groups() []types.SecurityGroup {
	s.t.Helper()

	answer, err := s.ec2.DescribeSecurityGroups(s.t.Context(), &ec2.DescribeSecurityGroupsInput{
		Filters: []types.Filter{{Name: sdk.String("group-name"), Values: []string{"database-runs"}}},
	})
	s.must(err)

	return answer.SecurityGroups
}

// quiet fails where a refresh would show anything.
func (s *scene) quiet() {
	s.t.Helper()

	d, _, drift := s.observe()
	if len(drift) > 0 {
		s.t.Errorf("drift %q, want none", drift)
	}

	want := s.settings
	if got := d.Found.Settings; got.Class != want.Class || got.StorageGB != want.StorageGB || got.Version != want.Version || got.Public != want.Public ||
		got.MultiAZ != want.MultiAZ || got.Protected != want.Protected || got.BackupDays != want.BackupDays || got.AutoMinor != want.AutoMinor ||
		got.MaxStorageGB != want.MaxStorageGB {
		s.t.Errorf("found %+v, want %+v", got, want)
	}
}
