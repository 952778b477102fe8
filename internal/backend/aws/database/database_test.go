package database_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
)

func TestDatabase_IsMadeWithFewCallsAndNoPasswordOfOurs(t *testing.T) {
	t.Parallel()

	s := start(t)
	d := s.apply()

	var calls []string
	for _, call := range s.Calls() {
		calls = append(calls, call.Operation)
	}

	want := []string{
		"rds:CreateDBSubnetGroup", "ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "rds:CreateDBInstance", "rds:DescribeDBInstances",
	}
	if !slices.Equal(calls, want) {
		t.Errorf("calls %q, want %q", calls, want)
	}

	live := s.instance()
	if !*live.StorageEncrypted || live.MasterUserSecret == nil || *live.PubliclyAccessible || *live.Engine != "postgres" {
		t.Errorf("made %+v", live)
	}

	if d.Found.SecretARN == "" || d.Found.Host == "" || d.Found.Port != 5432 || d.Found.GroupID != *s.groups()[0].GroupId || d.Found.ARN == "" {
		t.Errorf("told %+v", d.Found)
	}

	s.Reset()
	s.quiet()

	if got := len(s.Calls()); got != 4 {
		t.Errorf("a look makes %d calls, want 4: %+v", got, s.Calls())
	}
}

func TestDatabase_IsWaitedForInEveryState(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.Hold(aws.DBInstances, 3)

	if d := s.apply(); d.Found.Host == "" || d.Found.Status != "available" {
		t.Errorf("told %+v before it was there", d.Found)
	}

	s.settings.Class, s.settings.MultiAZ = "db.t4g.small", true
	s.apply()
	s.quiet()

	s.settings.SkipSnapshot = true
	s.must(s.destroy())

	if got := s.Count("rds:DescribeDBInstances"); got < 9 {
		t.Errorf("%d looks, want three for each state at least", got)
	}
}

func TestDatabase_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	for _, operation := range []string{"ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "rds:CreateDBInstance"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()

			s := start(t)
			s.Inject(aws.Fault{Operation: operation, LoseAnswer: true})
			s.apply()
			s.quiet()

			if got := len(s.groups()[0].IpPermissions); got == 0 {
				t.Error("the group has no rules")
			}
		})
	}
}

func TestDatabase_FinishesWhatAKilledApplyHasBegun(t *testing.T) {
	t.Parallel()

	for after := range 5 {
		s := start(t)
		s.Inject(aws.Fault{Operation: "*", After: after, Times: 1, Status: 400, Code: "InternalError"})

		if _, err := s.ensure(); err == nil {
			t.Errorf("call %d failed, and nobody said so", after)
		}

		s.claim.Fresh = "second"
		s.apply()
		s.quiet()
	}
}

func TestDatabase_RefusesWhatIsSomebodyElses(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	s.claim = part.Claim{Owner: backend.Owner{Kind: "metadata_store", Flavor: "rds", Name: "lineage"}, Was: "lineage", Fresh: "other"}
	s.Inject(aws.Fault{Operation: "rds:CreateDBSubnetGroup", Code: "DBSubnetGroupAlreadyExists", Message: "it is there"})

	for i, one := range s.wanted().Parts() {
		_, err := one.Ensure(t.Context(), s.claim)
		if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), `"runs"`) {
			t.Errorf("part %d: %v, want it to be refused with whose it is", i, err)
		}
	}

	s.claim.Known = true
	s.must(s.destroy())
	s.instance()

	if len(s.groups()) != 1 {
		t.Error("the security group of another component was deleted")
	}
}
