package database_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/database"
)

func (s *scene) left() (instances, subnetGroups, snapshots int) {
	s.t.Helper()

	all, err := s.rds.DescribeDBInstances(s.t.Context(), &rds.DescribeDBInstancesInput{})
	s.must(err)
	nets, err := s.rds.DescribeDBSubnetGroups(s.t.Context(), &rds.DescribeDBSubnetGroupsInput{})
	s.must(err)
	snaps, err := s.rds.DescribeDBSnapshots(s.t.Context(), &rds.DescribeDBSnapshotsInput{})
	s.must(err)

	for _, one := range snaps.DBSnapshots {
		if strings.HasPrefix(*one.DBSnapshotIdentifier, "runs-final") {
			snapshots++
		}
	}

	return len(all.DBInstances), len(nets.DBSubnetGroups), snapshots
}

func TestRemove_LeavesASnapshotAndNothingElse(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()
	s.Hold(aws.DBInstances, 2)
	s.must(s.destroy())

	if instances, nets, snapshots := s.left(); instances != 0 || nets != 0 || snapshots != 1 || len(s.groups()) != 0 {
		t.Errorf("left %d instances, %d subnet groups, %d last snapshots, %d security groups", instances, nets, snapshots, len(s.groups()))
	}

	s.must(s.destroy()) // what is gone is gone
}

func TestRemove_WithoutASnapshotWhereThatIsAskedFor(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.SkipSnapshot = true
	s.apply()
	s.must(s.destroy())

	if _, _, snapshots := s.left(); snapshots != 0 {
		t.Error("a snapshot was left")
	}
}

func TestRemove_RefusesWhatIsProtectedWithTheWayOut(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.settings.Protected = true
	s.apply()

	for _, wanted := range []bool{true, false} { // by us, and by AWS alone
		s.settings.Protected = wanted
		err := s.destroy()

		var refused *database.RefusedError
		if !errors.As(err, &refused) || refused.Attribute != "deletion_protection" || !errors.Is(err, backend.ErrHoldsData) {
			t.Errorf("destroy: %v, want a refused", err)
		}
	}

	if instances, nets, _ := s.left(); instances != 1 || nets != 1 || len(s.groups()) != 1 {
		t.Error("something was deleted all the same")
	}
}

func TestRemove_WaitsForWhatIsBusyAndForWhatHangsOnIt(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	busy := s.Inject(aws.Fault{Operation: "rds:DeleteDBInstance", Times: 2, Code: "InvalidDBInstanceState", Message: "Database instance is not in available state."})
	hangs := s.Inject(aws.Fault{Operation: "ec2:DeleteSecurityGroup", Code: "DependencyViolation", Message: "resource has a dependent object"})
	used := s.Inject(aws.Fault{Operation: "rds:DeleteDBSubnetGroup", Code: "InvalidDBSubnetGroupStateFault", Message: "in use"})
	s.Inject(aws.Fault{Operation: "rds:DeleteDBInstance", After: 2, LoseAnswer: true})
	s.must(s.destroy())

	if busy() != 2 || hangs() != 1 || used() != 1 {
		t.Errorf("faults met: %d, %d, %d", busy(), hangs(), used())
	}

	if instances, nets, _ := s.left(); instances != 0 || nets != 0 || len(s.groups()) != 0 {
		t.Error("something is left")
	}
}

func TestEnsure_WordsWhatAWSSaysOfSubnets(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.Inject(aws.Fault{Operation: "rds:CreateDBSubnetGroup", Code: "DBSubnetGroupDoesNotCoverEnoughAZs", Message: "one zone only"})

	_, err := s.ensure()

	var refused *database.RefusedError
	if !errors.As(err, &refused) || refused.Attribute != "subnet_ids" || !strings.Contains(refused.Fix, "two zones") {
		t.Errorf("got %v, want a refused that names two zones", err)
	}
}

func TestEnsure_ThrottlingIsWaitedOut(t *testing.T) {
	t.Parallel()

	s := start(t)
	hits := s.Inject(aws.Fault{Operation: "rds:*", Times: 2, Code: "Throttling", Message: "Rate exceeded"})
	s.apply()
	s.quiet()

	if hits() != 2 {
		t.Errorf("throttled %d times, want 2", hits())
	}
}
