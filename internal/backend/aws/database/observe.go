package database

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// tell writes down what an instance is like. What waits for the maintenance window is taken as made, and where the wish is
// less exact than what is found it counts as fulfilled.
func (d *Database) tell(live *types.DBInstance) {
	if live == nil {
		return
	}

	group, others, want := d.Found.GroupID, d.Found.Others, d.Settings
	now := Observed{Settings: want, GroupID: group, Guards: groups(live), Others: others}

	now.Engine, now.Class = aws.ToString(live.Engine), aws.ToString(live.DBInstanceClass)
	now.MultiAZ, now.Public = aws.ToBool(live.MultiAZ), aws.ToBool(live.PubliclyAccessible)
	now.Database, now.Username = aws.ToString(live.DBName), aws.ToString(live.MasterUsername)
	now.BackupDays, now.Protected = aws.ToInt32(live.BackupRetentionPeriod), aws.ToBool(live.DeletionProtection)
	now.AutoMinor = aws.ToBool(live.AutoMinorVersionUpgrade)
	now.MaxStorageGB = aws.ToInt32(live.MaxAllocatedStorage)
	now.Version = told(want, live)
	now.StorageGB = max(aws.ToInt32(live.AllocatedStorage), 0)
	now.KMSKey = want.KMSKey // that of the account, where none is named, is an ARN like any other
	now.ARN, now.Status = aws.ToString(live.DBInstanceArn), aws.ToString(live.DBInstanceStatus)

	if live.Endpoint != nil {
		now.Host, now.Port = aws.ToString(live.Endpoint.Address), aws.ToInt32(live.Endpoint.Port)
	}

	if live.MasterUserSecret != nil {
		now.SecretARN = aws.ToString(live.MasterUserSecret.SecretArn)
	}

	if live.DBSubnetGroup != nil {
		now.SubnetIDs = kept(want.SubnetIDs, subnetIDs(live.DBSubnetGroup))
	}

	if group == "" && len(now.Guards) > 0 { // nobody has looked at ours yet
		now.GroupID = now.Guards[0]
	}

	pend(&now, live.PendingModifiedValues)

	if want.StorageGB > 0 && now.StorageGB > want.StorageGB { // it grew, and never shrinks: that is as good as wanted
		now.StorageGB = want.StorageGB
	}

	*d.Found = now
}

// pend takes changes that wait as made.
func pend(now *Observed, pending *types.PendingModifiedValues) {
	if pending == nil {
		return
	}

	if pending.DBInstanceClass != nil {
		now.Class = *pending.DBInstanceClass
	}

	if pending.MultiAZ != nil {
		now.MultiAZ = *pending.MultiAZ
	}

	if pending.BackupRetentionPeriod != nil {
		now.BackupDays = *pending.BackupRetentionPeriod
	}

	if pending.AllocatedStorage != nil {
		now.StorageGB = *pending.AllocatedStorage
	}
}

// version is the one that an instance has, or will have.
func version(live *types.DBInstance) string {
	if pending := live.PendingModifiedValues; pending != nil && pending.EngineVersion != nil {
		return *pending.EngineVersion
	}

	return aws.ToString(live.EngineVersion)
}

// told is the version as the configuration shows it: the wish where it is fulfilled, what is found where it is not. AWS
// installs minor versions by itself, which is no difference where it may.
func told(want Settings, live *types.DBInstance) string {
	has := version(live)

	switch {
	case want.Version == "", within(want.Version, has):
		return want.Version
	case want.AutoMinor && older(want.Version, has) && major(want.Engine, want.Version) == major(want.Engine, has):
		return want.Version
	default:
		return has
	}
}

// within says that a version is one of those that a less exact one names.
func within(wanted, has string) bool { return has == wanted || strings.HasPrefix(has, wanted+".") }

// major is the part of a version that makes an upgrade a major one: 8.4 of MySQL's 8.4.5, 17 of PostgreSQL's 17.4.
func major(engine, version string) string {
	parts, size := strings.Split(version, "."), 1
	if engine == "mysql" {
		size = 2
	}

	return strings.Join(parts[:min(size, len(parts))], ".")
}

// older compares versions number by number. What one of them leaves out is any.
func older(a, b string) bool {
	one, other := strings.Split(a, "."), strings.Split(b, ".")

	for i := range min(len(one), len(other)) {
		if x, y := number(one[i]), number(other[i]); x != y {
			return x < y
		}
	}

	return false
}

// number reads the digits that a part of a version begins with.
func number(text string) int {
	n := 0

	for _, digit := range text {
		if digit < '0' || digit > '9' {
			break
		}

		n = 10*n + int(digit-'0') //nolint:mnd // decimal
	}

	return n
}
