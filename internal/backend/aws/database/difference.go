package database

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// difference is what has to be asked for so that an instance becomes what is wanted. It asks for nothing that it is already.
func (i instance) difference(live *types.DBInstance) (in *rds.ModifyDBInstanceInput, changed bool, err error) {
	want, has := i.Settings, *i.Found
	in = &rds.ModifyDBInstanceInput{DBInstanceIdentifier: aws.String(i.Identifier), ApplyImmediately: aws.Bool(want.Immediately)}

	differs := func(is bool) bool {
		changed = changed || is

		return is
	}

	if differs(want.Class != has.Class) {
		in.DBInstanceClass = aws.String(want.Class)
	}

	if differs(want.MultiAZ != has.MultiAZ) {
		in.MultiAZ = aws.Bool(want.MultiAZ)
	}

	if differs(want.BackupDays != has.BackupDays) {
		in.BackupRetentionPeriod = aws.Int32(want.BackupDays)
	}

	if differs(want.Protected != has.Protected) {
		in.DeletionProtection = aws.Bool(want.Protected)
	}

	if differs(want.Public != has.Public) {
		in.PubliclyAccessible = aws.Bool(want.Public)
	}

	if differs(want.AutoMinor != has.AutoMinor) {
		in.AutoMinorVersionUpgrade = aws.Bool(want.AutoMinor)
	}

	if differs(!aws.ToBool(live.CopyTagsToSnapshot)) {
		in.CopyTagsToSnapshot = aws.Bool(true)
	}

	if differs(live.MasterUserSecret == nil) {
		in.ManageMasterUserPassword = aws.Bool(true)
	}

	if differs(!slices.Contains(has.Guards, has.GroupID)) {
		in.VpcSecurityGroupIds = slices.Concat(has.Guards, []string{has.GroupID})
	}

	changed = i.storage(live, in) || changed

	if differs(want.Version != has.Version) {
		err = i.upgrade(live, in)
	}

	return in, changed, err
}

// storage asks for more storage, or for another limit up to which it grows by itself, and says whether it does.
func (i instance) storage(live *types.DBInstance, in *rds.ModifyDBInstanceInput) bool {
	want, has := i.Settings, *i.Found
	size := max(aws.ToInt32(live.AllocatedStorage), want.StorageGB)

	if want.StorageGB > has.StorageGB {
		in.AllocatedStorage = aws.Int32(want.StorageGB)
	}

	if want.MaxStorageGB != has.MaxStorageGB {
		in.MaxAllocatedStorage = aws.Int32(max(want.MaxStorageGB, size)) // a limit that is the size is none
	}

	return in.AllocatedStorage != nil || in.MaxAllocatedStorage != nil
}

// upgrade asks for another version of the engine. There is no way back to an older one.
func (i instance) upgrade(live *types.DBInstance, in *rds.ModifyDBInstanceInput) error {
	want, has := i.Settings, version(live)

	if older(want.Version, has) {
		return &RefusedError{
			Attribute: "engine_version",
			Err:       fmt.Errorf("%s runs %s %s: RDS does not go back to %s", i.What(), want.Engine, has, want.Version),
			Fix:       fmt.Sprintf("Set engine_version = %q, or restore a snapshot that was taken before into another database.", has),
		}
	}

	in.EngineVersion = aws.String(want.Version)
	in.AllowMajorVersionUpgrade = aws.Bool(major(want.Engine, want.Version) != major(want.Engine, has))

	return nil
}

// shrunk says that less storage is wanted than there is, which stays as it is.
func (i instance) shrunk(live *types.DBInstance) string {
	has := aws.ToInt32(live.AllocatedStorage)
	if i.Settings.MaxStorageGB > 0 || has <= i.Settings.StorageGB {
		return ""
	}

	return fmt.Sprintf("%s keeps its %d GiB where %d are asked for: storage in RDS only grows.", i.What(), has, i.Settings.StorageGB)
}

func groups(live *types.DBInstance) []string {
	var ids []string
	for _, one := range live.VpcSecurityGroups {
		ids = append(ids, aws.ToString(one.VpcSecurityGroupId))
	}

	return ids
}
