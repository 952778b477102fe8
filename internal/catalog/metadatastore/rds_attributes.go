package metadatastore

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/database"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
)

// The limits of RDS for storage of the kind gp3, in GiB, and for backups, in days.
const (
	rdsSmallest  = 20
	rdsLargest   = 65536
	rdsBackups   = 35
	rdsDefault   = "zenml"
	rdsOldBackup = 7
)

func rdsAttributes() map[string]schema.Attribute {
	return amazon.Attributes(amazon.Located(), rdsServer(), rdsNetwork(), rdsKeeping())
}

func rdsServer() map[string]schema.Attribute {
	versions := fmt.Sprintf("`%s` of MySQL, `%s` of PostgreSQL", database.Version("mysql"), database.Version("postgres"))
	engine := amazon.Name("Engine: `mysql` or `postgres`.")
	engine.Validators = []validator.String{stringvalidator.OneOf("mysql", "postgres")}

	return map[string]schema.Attribute{
		"engine": engine,
		"engine_version": amazon.Text("Version of the engine, as exact as you want it: `17` takes any 17.x. A newer one is an upgrade in place; there is no way back. " +
			"Defaults to `\"\"`: " + versions + " for a new server, and whatever one that exists has."),
		"identifier": amazon.Text("Name of the server in RDS. Changing it replaces the component. Defaults to `\"\"`: made of the component's name, " +
			"and kept when that changes."),
		"instance_class":             standardText("db.t4g.micro", "Size of the machine."),
		"storage_gb":                 limited(rdsSmallest, rdsSmallest, rdsLargest, "Least storage in GiB. Storage only grows: less than there is changes nothing, and is said."),
		"max_storage_gb":             limited(0, 0, rdsLargest, "GiB up to which storage grows by itself when it fills up, by a tenth more than `storage_gb` at least; 0: it does not."),
		"multi_az":                   amazon.Switch(false, "Whether a standby in another zone takes over when the server fails."),
		"database":                   fixedText(rdsDefault, "Name of the database that the server is made with."),
		"username":                   fixedText(rdsDefault, "User who owns it. AWS makes the password, which the output `master_user_secret_arn` leads to."),
		"auto_minor_version_upgrade": amazon.Switch(true, "Whether AWS installs newer minor versions in the maintenance window, which is no drift then."),
		"apply_immediately":          amazon.Switch(true, "Whether changes are made at once, with whatever interruption they bring, rather than in the next maintenance window."),
	}
}

func rdsNetwork() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"subnet_ids": schema.ListAttribute{
			Required: true, ElementType: types.StringType,
			MarkdownDescription: "IDs of the subnets that the server may be in: of one VPC, in two zones at least. When none of them stays the component is replaced.",
			Validators:          []validator.List{listvalidator.SizeAtLeast(2), listvalidator.UniqueValues()}, //nolint:mnd // RDS asks for two zones
		},
		"allowed_cidrs": listOf("Networks that may connect, such as `10.0.0.0/16`. Defaults to `[]`, none."),
		"allowed_security_group_ids": listOf("IDs of the security groups whose members may connect. Members of the database's own group always may; " +
			"the output `security_group_id` names it. Defaults to `[]`, no others."),
		"publicly_accessible": amazon.Switch(false, "Whether the server has an address on the internet. Who may connect is another question."),
	}
}

func rdsKeeping() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"kms_key":     amazon.Text("ARN of the KMS key that encrypts storage and snapshots. Changing it replaces the component. Defaults to `\"\"`, the account's key for RDS."),
		"backup_days": limited(rdsOldBackup, 0, rdsBackups, "Days for which daily backups are kept; 0: there are none."),
		"deletion_protection": amazon.Switch(true, "Whether nobody can delete the server, this provider included: set it to `false` and apply that before destroying the "+
			"component."),
		"skip_final_snapshot":       amazon.Switch(false, "Whether destroying the component leaves no last snapshot."),
		"final_snapshot_identifier": amazon.Text("Name of the last snapshot, which stays. Defaults to `\"\"`: made of the server's name and the time when it was made."),
	}
}

func limited(standard, least, most int64, about string) schema.Int64Attribute {
	attribute := amazon.Number(standard, about)
	attribute.Validators = []validator.Int64{int64validator.Between(least, most)}

	return attribute
}

func standardText(standard, about string) schema.StringAttribute {
	attribute := amazon.Text(about + " Defaults to `" + standard + "`.")
	attribute.Default = stringdefault.StaticString(standard)
	attribute.Validators = []validator.String{stringvalidator.LengthAtLeast(1)}

	return attribute
}

func fixedText(standard, about string) schema.StringAttribute {
	attribute := standardText(standard, about+" Changing it replaces the component.")
	attribute.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}

	return attribute
}

func listOf(about string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: about,
		Default:    listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		Validators: []validator.List{listvalidator.UniqueValues()},
	}
}
