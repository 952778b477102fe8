// Package database has what a database in Amazon RDS consists of: a group of subnets, a security group that says who may
// connect, and the instance.
package database

import (
	"fmt"
	"slices"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Settings are how a database is kept.
type Settings struct {
	// Engine is mysql or postgres.
	Engine string
	// Version is that of the engine, as exact as is wanted: 8.4 takes any 8.4.x. Empty: the engine's standard for a new
	// instance, and whatever one that exists has.
	Version string
	// Class is the size of the machine, such as db.t4g.micro.
	Class string
	// StorageGB is the least storage in GiB; an instance never shrinks.
	StorageGB int32
	// MaxStorageGB is up to where storage grows by itself, in GiB; 0: it does not.
	MaxStorageGB int32
	// MultiAZ keeps a standby in another zone.
	MultiAZ bool
	// Database and Username are made with the instance and cannot be changed.
	Database, Username string
	// SubnetIDs are subnets of one VPC in two zones at least.
	SubnetIDs []string
	// CIDRs and Groups may connect, beside the members of the database's own security group.
	CIDRs, Groups []string
	// Public gives the instance an address on the internet.
	Public bool
	// KMSKey encrypts storage and snapshots; empty: the account's own key for RDS.
	KMSKey string
	// BackupDays is how long automated backups are kept; 0: there are none.
	BackupDays int32
	// Protected refuses deletion.
	Protected bool
	// AutoMinor lets AWS install newer minor versions.
	AutoMinor bool
	// Immediately makes changes at once rather than in the next maintenance window.
	Immediately bool
	// SkipSnapshot deletes without a last snapshot.
	SkipSnapshot bool
	// Snapshot is the name of that snapshot; empty: one of the identifier and the time when the instance was made.
	Snapshot string
}

// Observed is what an instance is like. Changes that wait for the maintenance window are taken as made.
type Observed struct {
	Settings

	// Host and Port are where it is connected to; empty and 0 until it has an address.
	Host string
	Port int32
	// SecretARN is that of the secret in Secrets Manager that holds the user's password.
	SecretARN string
	// ARN and Status are those of the instance.
	ARN, Status string
	// GroupID is that of the database's own security group.
	GroupID string
	// Guards are the security groups that the instance is in.
	Guards []string
	// Others are the rules in that group that somebody else has put there, a line each.
	Others []string
}

// Database is a database as a component wants it, for one operation.
type Database struct {
	Session    *session.Session
	Identifier string
	Settings   Settings
	// Found is filled in by whichever part looks.
	Found *Observed
	// Pause is the first one between two looks at an instance that is changing; 0: two seconds.
	Pause time.Duration

	vpc string
}

// The ports and standard versions of engines. The versions are those with the longest support that clients know well.
var engines = map[string]struct {
	port    int32
	version string
}{
	"mysql":    {3306, "8.4"},
	"postgres": {5432, "17"},
}

// Version is the one that a new instance has where none is named.
func Version(engine string) string { return engines[engine].version }

// Parts are the objects in the order in which they are made: the group of subnets, the security group, the instance.
func (d *Database) Parts() []part.Part {
	d.begin()

	return []part.Part{subnets{d}, firewall{d}, instance{d}}
}

// Looks are the objects in the order in which they are looked at: the instance first, by which the database is known. alone
// leaves out what stands beside it, which only a database of ours has.
func (d *Database) Looks(alone bool) []part.Part {
	d.begin()

	if alone {
		return []part.Part{instance{d}}
	}

	return []part.Part{anchor{instance{d}}, subnets{d}, firewall{d}}
}

func (d *Database) begin() {
	if d.Found == nil {
		d.Found = &Observed{}
	}
}

// What names the instance.
func (d *Database) What() string { return fmt.Sprintf("database %q", d.Identifier) }

// beside is the name of what stands beside the instance. It begins with a word, since names of security groups must not begin
// with "sg-".
func (d *Database) beside() string { return "database-" + d.Identifier }

// RefusedError is something that AWS does not do, or that nobody has agreed to.
type RefusedError struct {
	// Attribute is the setting at fault, by its name in a configuration.
	Attribute string
	// Err is the cause.
	Err error
	// Fix says what to do, in full sentences.
	Fix string
}

// Error returns the cause's text.
func (r *RefusedError) Error() string { return r.Err.Error() }

// Unwrap returns the cause.
func (r *RefusedError) Unwrap() error { return r.Err }

// same says that two lists have the same elements, in whatever order.
func same(a, b []string) bool {
	return slices.Equal(sorted(a), sorted(b))
}

// sorted is a copy that is never nil: an empty list is no missing one.
func sorted(list []string) []string {
	list = append([]string{}, list...)
	slices.Sort(list)

	return slices.Compact(list)
}
