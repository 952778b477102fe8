package live_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestAWS_SaysWhatIsWrongWithTheLogin(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		login       string
		environment []string
		fault       aws.Fault
		says        []string
	}{
		"nobody": {
			environment: []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
			says:        []string{`Cannot create container registry "images"`, "Log in to AWS: No valid credential sources found"},
		},
		"no region": {
			environment: []string{"AWS_REGION=", "AWS_DEFAULT_REGION="},
			says:        []string{"Log in to AWS: no region is set.", "Set aws.region of the provider, AWS_REGION, or a region of the profile."},
		},
		"expired": {
			fault: aws.Fault{Operation: "sts:GetCallerIdentity", Status: 403, Code: "ExpiredToken", Message: "The security token included in the request is expired", Times: -1},
			says:  []string{"AWS said ExpiredToken: The security token included in the request is expired", "The credentials have expired. Log in again, then try again."},
		},
		"unknown key": {
			fault: aws.Fault{Operation: "sts:GetCallerIdentity", Status: 403, Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid.", Times: -1},
			says:  []string{"AWS said InvalidClientTokenId", "AWS does not know this access key. Check aws.access_key, AWS_ACCESS_KEY_ID or the profile."},
		},
		"other account": {
			login: `allowed_account_ids = ["111122223333"]`,
			says: []string{
				"Log in to AWS: the credentials are those of account ACCOUNT", "aws.allowed_account_ids has 111122223333",
				"Log in to an account that is allowed, or put this one on the list.",
			},
		},
		"no such profile": {
			login: `profile = "nobody"`, environment: []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
			says: []string{"Log in to AWS: failed to get shared config profile, nobody"},
		},
		"unknown service": {
			login: `endpoints = { sagemakr = "http://127.0.0.1:1" }`,
			says:  []string{"Unknown service", `no flavor uses a service called "sagemakr"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := inAWS(t, "provider \"mlstacks\" {\n  aws = { "+c.login+" }\n}\n"+oneRepository)
			a.environment = c.environment

			if c.fault.Operation != "" {
				a.double.Inject(c.fault)
			}

			for i, text := range c.says {
				c.says[i] = strings.ReplaceAll(text, "ACCOUNT", a.double.Account)
			}

			a.fails([]string{"plan"}, c.says...)

			if calls := a.calls(); len(calls) > 0 {
				t.Errorf("more was asked than whose login it is: %v", calls)
			}
		})
	}
}

// Whoever uses nothing in AWS needs no login there, and a broken one harms nobody.
func TestAWS_LoginThatNobodyUsesIsNotLookedAt(t *testing.T) {
	t.Parallel()

	a := inAWS(t, `
provider "mlstacks" {
  aws = {
    region              = "nowhere"
    profile             = "nobody"
    shared_config_files = ["/nowhere/config"]
    custom_ca_bundle    = "/nowhere/ca.pem"
  }
}
resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}
`)
	a.nobody()
	a.plan()
	a.apply()
	a.settled()
	a.destroy()

	if calls := a.double.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked: %v", calls)
	}
}

// The name of a bucket and the region say all that a first plan shows.
func TestAWS_FirstPlanOfABucketAsksNobody(t *testing.T) {
	t.Parallel()

	a := inAWS(t, oneBucket)

	if p := a.plan(); p.of(bucketAddress) != "create" || len(a.double.Calls()) > 0 {
		t.Errorf("AWS was asked: %v", a.double.Calls())
	}
}

// A login may come from resources that are not there yet: the plan leaves open what it would tell, and apply knows it.
func TestAWS_LoginThatOnlyApplyKnowsDoesNotFailThePlan(t *testing.T) {
	t.Parallel()

	a := inAWS(t, `
resource "terraform_data" "region" { input = "eu-west-1" }
provider "mlstacks" {
  aws = { region = terraform_data.region.output }
}
`+uses[strings.Index(uses, "}\n")+2:]+jobs)

	p := a.plan()
	if p.of(pipelinesAddress) != "create" || p.after(bucketAddress, "uri") != "s3://"+a.bucket() || len(a.double.Calls()) > 0 {
		t.Errorf("the plan is %s, after %v", p.text, a.double.Calls())
	}

	a.apply()
	a.settled()
	a.leavesNothing()
}

// HCP Terraform hands a run the files of each configuration of dynamic credentials in a variable.
func TestAWS_DynamicCredentialsOfSeveralConfigurations(t *testing.T) {
	t.Parallel()

	a := inAWS(t, `
variable "endpoint" { type = string }
variable "tfc_aws_dynamic_credentials" {
  type = object({
    default = object({ shared_config_file = string })
    aliases = map(object({ shared_config_file = string }))
  })
}
provider "mlstacks" {
  aws = {
    shared_config_files = [var.tfc_aws_dynamic_credentials.default.shared_config_file]
    endpoints           = { sts = var.endpoint }
  }
}
provider "mlstacks" {
  alias = "research"
  aws = {
    shared_config_files = [var.tfc_aws_dynamic_credentials.aliases["RESEARCH"].shared_config_file]
    endpoints           = { sts = var.endpoint }
  }
}
resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}
resource "mlstacks_container_registry" "research" {
  provider = mlstacks.research
  name     = "images"
  ecr      = { repository = "acme/ml" }
}
resource "mlstacks_artifact_store" "research" {
  provider = mlstacks.research
  name     = "artifacts"
  s3       = { bucket = "BUCKET" }
}
`)

	token := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmdhbml6YXRpb246YWNtZSJ9.c2lnbmVk"
	a.secrets.add("token of the workload", token)

	elsewhere := t.TempDir() // not where secrets are looked for
	files := map[string]string{}

	for alias, account := range map[string]string{"default": a.double.Account, "research": a.double.Other} {
		must(t, os.WriteFile(filepath.Join(elsewhere, alias+"-token"), []byte(token), 0o600))

		files[alias] = filepath.Join(elsewhere, alias)
		must(t, os.WriteFile(files[alias], []byte(fmt.Sprintf("[default]\nweb_identity_token_file=%s-token\nrole_arn=arn:aws:iam::%s:role/hcp\nrole_session_name=run\n",
			files[alias], account)), 0o600))
	}

	a.environment = []string{
		"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "TF_VAR_endpoint=" + a.double.Endpoint,
		fmt.Sprintf(`TF_VAR_tfc_aws_dynamic_credentials={"default":{"shared_config_file":%q},"aliases":{"RESEARCH":{"shared_config_file":%q}}}`, files["default"], files["research"]),
	}

	a.apply()
	a.settled()

	theirs := s3.NewFromConfig(aws.As(a.double.Config(aws.Region), a.double.Other), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := theirs.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: sdk.String(a.bucket()), ExpectedBucketOwner: sdk.String(a.double.Other)}); err != nil {
		t.Errorf("the bucket is not in the account of the alias: %v", err)
	}

	if left := a.double.Left(t, aws.Region); !slices.Equal(left, []string{"repository acme/ml"}) {
		t.Errorf("in the account of the default there are %q", left)
	}

	a.leavesNothing()
}
