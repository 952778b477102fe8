package provider

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// awsModel is the login to AWS in the provider block. The names are those of the provider hashicorp/aws.
type awsModel struct {
	Region                 types.String `tfsdk:"region"`
	Profile                types.String `tfsdk:"profile"`
	SharedConfigFiles      types.List   `tfsdk:"shared_config_files"`
	SharedCredentialsFiles types.List   `tfsdk:"shared_credentials_files"`
	AccessKey              types.String `tfsdk:"access_key"`
	SecretKey              types.String `tfsdk:"secret_key"`
	Token                  types.String `tfsdk:"token"`
	AssumeRole             types.Object `tfsdk:"assume_role"`
	WebIdentity            types.Object `tfsdk:"assume_role_with_web_identity"`
	DefaultTags            types.Map    `tfsdk:"default_tags"`
	Endpoints              types.Map    `tfsdk:"endpoints"`
	S3UsePathStyle         types.Bool   `tfsdk:"s3_use_path_style"`
	MaxRetries             types.Int64  `tfsdk:"max_retries"`
	AllowedAccountIDs      types.List   `tfsdk:"allowed_account_ids"`
	CustomCABundle         types.String `tfsdk:"custom_ca_bundle"`
}

type roleModel struct {
	ARN         string  `tfsdk:"role_arn"`
	ExternalID  *string `tfsdk:"external_id"`
	SessionName *string `tfsdk:"session_name"`
	Duration    *string `tfsdk:"duration"`
}

type webIdentityModel struct {
	ARN         string  `tfsdk:"role_arn"`
	SessionName *string `tfsdk:"session_name"`
	Token       *string `tfsdk:"web_identity_token"`
	TokenFile   *string `tfsdk:"web_identity_token_file"`
	Duration    *string `tfsdk:"duration"`
}

func awsAttribute() schema.SingleNestedAttribute {
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about}
	}
	secret := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: about}
	}
	list := func(about string) schema.ListAttribute {
		return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: about}
	}
	mapped := func(about string) schema.MapAttribute {
		return schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: about}
	}
	duration := text("How long the session may last, such as `1h`.")
	accounts := list("Accounts that the login may be of, as 12 digits each. Anything else is refused before anything is done.")
	accounts.Validators = []validator.List{listvalidator.SizeAtLeast(1)}

	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Login to AWS, by the names and with the precedence of the provider `hashicorp/aws`: what stands here, then the environment, then the " +
			"shared files, then the machine's own role. It is used when the first flavor in AWS needs it, and never before. Nothing of it goes into the state.",
		Attributes: map[string]schema.Attribute{
			"region":                   text("Region that things are made in, such as `eu-central-1`. Also `AWS_REGION`, or a profile's."),
			"profile":                  text("Profile of the shared files. Also `AWS_PROFILE`."),
			"shared_config_files":      list("Paths of shared configuration files. Also `AWS_CONFIG_FILE`; defaults to `~/.aws/config`."),
			"shared_credentials_files": list("Paths of shared credentials files. Also `AWS_SHARED_CREDENTIALS_FILE`; defaults to `~/.aws/credentials`."),
			"access_key":               secret("Access key. Also `AWS_ACCESS_KEY_ID`."),
			"secret_key":               secret("Secret key. Also `AWS_SECRET_ACCESS_KEY`."),
			"token":                    secret("Session token, of keys that have one. Also `AWS_SESSION_TOKEN`."),
			"assume_role": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Role to work as.",
				Attributes: map[string]schema.Attribute{
					"role_arn":     schema.StringAttribute{Required: true, MarkdownDescription: "ARN of the role."},
					"external_id":  text("External id that the role asks for."),
					"session_name": text("Name of the session in AWS's records."),
					"duration":     duration,
				},
			},
			"assume_role_with_web_identity": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Role to work as, with the token of a web identity.",
				Attributes: map[string]schema.Attribute{
					"role_arn":                schema.StringAttribute{Required: true, MarkdownDescription: "ARN of the role."},
					"session_name":            text("Name of the session in AWS's records."),
					"web_identity_token":      secret("The token itself."),
					"web_identity_token_file": text("File with the token."),
					"duration":                duration,
				},
			},
			"default_tags": mapped("Tags of everything that is made in AWS; a component's labels win over them."),
			"endpoints": mapped("Other addresses of services, by their names: `cloudwatch`, `codebuild`, `ec2`, `ecr`, `eks`, `iam`, `logs`, `rds`, `s3`, `sagemaker`, " +
				"`secretsmanager`, `sso`, `sts`. Also `AWS_ENDPOINT_URL` for all, or `AWS_ENDPOINT_URL_<SERVICE>`."),
			"s3_use_path_style": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether buckets are in the path of an address and not in its host. Defaults to `false`; addresses of this machine always use it.",
			},
			"max_retries": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "How often a call is tried in all. Also `AWS_MAX_ATTEMPTS`. Defaults to `10`.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			"allowed_account_ids": accounts,
			"custom_ca_bundle":    text("File with certificates of authorities to trust. Also `AWS_CA_BUNDLE`."),
		},
	}
}

// awsEndpoints are the services that endpoints can name.
var awsEndpoints = map[string]bool{
	"cloudwatch": true, "codebuild": true, "ec2": true, "ecr": true, "eks": true, "iam": true, "logs": true, "rds": true, "s3": true,
	"sagemaker": true, "secretsmanager": true, "sso": true, "sts": true,
}

// logins keeps a login for as long as the provider block says the same.
type logins struct {
	mu    sync.Mutex
	block types.Object
	login *session.Session
	// zenml are the logins to ZenML servers, and clouds those by which clusters are reached.
	zenml  *zenserver.Logins
	clouds flavor.Clouds
}

// open returns the login that a block describes, which has not been used yet or is shared with those that have.
func (l *logins) open(ctx context.Context, block types.Object, version string) (*session.Session, diag.Diagnostics) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if l.login != nil && l.block.Equal(block) {
		return l.login, nil
	}

	login, diags := awsSession(ctx, block, version)
	if !diags.HasError() {
		l.block, l.login = block, login
	}

	return login, diags
}

// awsSession reads the login to AWS. Nothing is contacted.
func awsSession(ctx context.Context, block types.Object, version string) (*session.Session, diag.Diagnostics) {
	var diags diag.Diagnostics

	config := session.Config{Version: version}

	if !whole(block) {
		config.Unknown = true

		return session.New(config), diags
	}

	if block.IsNull() {
		return session.New(config), diags
	}

	var m awsModel

	diags.Append(block.As(ctx, &m, basetypes.ObjectAsOptions{})...)

	config.Region, config.Profile = m.Region.ValueString(), m.Profile.ValueString()
	config.AccessKey, config.SecretKey, config.Token = m.AccessKey.ValueString(), m.SecretKey.ValueString(), m.Token.ValueString()
	config.CustomCABundle, config.S3UsePathStyle = m.CustomCABundle.ValueString(), m.S3UsePathStyle.ValueBool()
	config.MaxRetries = int(m.MaxRetries.ValueInt64())

	diags.Append(m.SharedConfigFiles.ElementsAs(ctx, &config.SharedConfigFiles, false)...)
	diags.Append(m.SharedCredentialsFiles.ElementsAs(ctx, &config.SharedCredentialsFiles, false)...)
	diags.Append(m.AllowedAccountIDs.ElementsAs(ctx, &config.AllowedAccountIDs, false)...)
	diags.Append(m.DefaultTags.ElementsAs(ctx, &config.DefaultTags, false)...)
	diags.Append(m.Endpoints.ElementsAs(ctx, &config.Endpoints, false)...)

	for name := range config.Endpoints {
		if !awsEndpoints[name] {
			diags.AddAttributeError(path.Root("aws").AtName("endpoints"), "Unknown service",
				fmt.Sprintf("endpoints: no flavor uses a service called %q.\n\nSee the page of the provider for their names.", name))
		}
	}

	diags.Append(awsRoles(ctx, m, &config)...)

	return session.New(config), diags
}

func awsRoles(ctx context.Context, m awsModel, config *session.Config) diag.Diagnostics {
	var diags diag.Diagnostics

	if !m.AssumeRole.IsNull() {
		var role roleModel

		diags.Append(m.AssumeRole.As(ctx, &role, basetypes.ObjectAsOptions{})...)

		config.AssumeRole = []session.Role{{
			ARN: role.ARN, ExternalID: orEmpty(role.ExternalID), SessionName: orEmpty(role.SessionName),
			Duration: span(path.Root("aws").AtName("assume_role").AtName("duration"), role.Duration, &diags),
		}}
	}

	if !m.WebIdentity.IsNull() {
		var role webIdentityModel

		diags.Append(m.WebIdentity.As(ctx, &role, basetypes.ObjectAsOptions{})...)

		config.WebIdentity = &session.WebIdentity{
			ARN: role.ARN, SessionName: orEmpty(role.SessionName), Token: orEmpty(role.Token), TokenFile: orEmpty(role.TokenFile),
			Duration: span(path.Root("aws").AtName("assume_role_with_web_identity").AtName("duration"), role.Duration, &diags),
		}
	}

	return diags
}

// whole says that every part of a block is known.
func whole(block types.Object) bool {
	if block.IsUnknown() {
		return false
	}

	value, err := block.ToTerraformValue(context.Background())

	return err == nil && value.IsFullyKnown()
}

func span(at path.Path, text *string, diags *diag.Diagnostics) time.Duration {
	if text == nil {
		return 0
	}

	parsed, err := time.ParseDuration(*text)
	if err != nil {
		diags.AddAttributeError(at, "Not a duration", fmt.Sprintf("duration: %q is no duration.\n\nWrite one such as 1h or 30m.", *text))
	}

	return parsed
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}
