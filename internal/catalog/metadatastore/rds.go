package metadatastore

import (
	"net"
	"strconv"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// RDS is a MySQL or PostgreSQL server of Amazon's.
var RDS = flavor.Define[rdsConfig](flavor.Meta{
	Name: "rds",
	Summary: "A MySQL or PostgreSQL server in Amazon RDS, encrypted, backed up, protected from deletion, and reached only from where you say. AWS makes the " +
		"password and keeps it in Secrets Manager.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied: rdsApplied,
}, rdsAttributes(), rdsService{rdsDriver}).
	Checked(amazon.Judged(
		amazon.Rule{Attribute: "identifier", Judge: naming.DBIdentifier}, amazon.Rule{Attribute: "database", Judge: naming.DBName},
		amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey}, amazon.Rule{Attribute: "instance_class", Judge: judgeClass},
		amazon.Rule{Attribute: "engine_version", Judge: judgeVersion}, amazon.Rule{Attribute: "final_snapshot_identifier", Judge: naming.DBIdentifier},
	)).
	Checked(checkRDS).Replaced(rdsReplaced)

type rdsConfig struct {
	Region      string   `tfsdk:"region"`
	Engine      string   `tfsdk:"engine"`
	Version     string   `tfsdk:"engine_version"`
	Identifier  *string  `tfsdk:"identifier"`
	Class       string   `tfsdk:"instance_class"`
	Storage     int64    `tfsdk:"storage_gb"`
	MaxStorage  int64    `tfsdk:"max_storage_gb"`
	MultiAZ     bool     `tfsdk:"multi_az"`
	Database    string   `tfsdk:"database"`
	Username    string   `tfsdk:"username"`
	Subnets     []string `tfsdk:"subnet_ids"`
	CIDRs       []string `tfsdk:"allowed_cidrs"`
	Groups      []string `tfsdk:"allowed_security_group_ids"`
	Public      bool     `tfsdk:"publicly_accessible"`
	KMSKey      *string  `tfsdk:"kms_key"`
	BackupDays  int64    `tfsdk:"backup_days"`
	Protected   bool     `tfsdk:"deletion_protection"`
	SkipLast    bool     `tfsdk:"skip_final_snapshot"`
	Last        string   `tfsdk:"final_snapshot_identifier"`
	AutoMinor   bool     `tfsdk:"auto_minor_version_upgrade"`
	Immediately bool     `tfsdk:"apply_immediately"`

	run *rdsRun
}

// The outputs of rds, beside those that any database has.
const (
	rdsHost       = "host"
	rdsPort       = "port"
	rdsURI        = "uri"
	rdsSecret     = "master_user_secret_arn"
	rdsGroup      = "security_group_id"
	rdsOthers     = "other_rules"
	rdsIdentifier = "identifier"
)

// rdsApplied tells what is known of the instance. Where it gets its name from that of the component only apply tells which:
// a component that is renamed keeps its database.
func rdsApplied(facts *flavor.Facts, s flavor.Subject) {
	var identifier, arn any = zenml.Unknown{}, zenml.Unknown{}

	if given, ok := s.Values[rdsIdentifier].(string); ok && given != "" {
		identifier = given
		arn = amazon.ARN(s, "rds", false, "db:"+given)
	}

	facts.Outputs = map[string]any{
		rdsHost: zenml.Unknown{}, rdsPort: zenml.Unknown{}, rdsURI: zenml.Unknown{}, rdsSecret: zenml.Unknown{}, rdsGroup: zenml.Unknown{},
		rdsOthers: zenml.Unknown{}, rdsIdentifier: identifier, "arn": arn, "account": amazon.Account(s), "region": amazon.Region(s),
		databaseKey: s.Values["database"], usernameKey: s.Values["username"],
	}

	facts.URI = s.Output(rdsURI)
	if facts.URI == "" {
		facts.URI = nil
	}
}

// rdsAddress is where clients connect to, without credentials; empty until there is an address.
func rdsAddress(engine, host, port, database string) string {
	if host == "" {
		return ""
	}

	scheme := "mysql"
	if engine == "postgres" {
		scheme = "postgresql"
	}

	return scheme + "://" + net.JoinHostPort(host, port) + "/" + database
}

// portText is a port as outputs tell it; empty for none.
func portText(port int32) string {
	if port == 0 {
		return ""
	}

	return strconv.Itoa(int(port))
}
