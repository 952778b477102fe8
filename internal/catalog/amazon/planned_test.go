package amazon_test

import (
	"maps"
	"strings"
	"testing"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// planned are the facts of a component before it is made.
func planned(t *testing.T, name string, given flavortest.Given, region, account any) flavor.Facts {
	t.Helper()

	kind, f := find(t, name)

	value, err := given.Stored.ToTerraformValue(t.Context())
	must(t, err)

	values, _, err := flavor.PlainMap(value)
	must(t, err)

	return f.Facts(kind, flavor.Subject{Name: "main", Values: values, Outputs: zenml.Unknown{}, Ask: func(fact string) any {
		return map[string]any{"region": region, "account": account}[fact]
	}})
}

func TestGranted_WhatIsPlannedIsWhatIsMade(t *testing.T) {
	t.Parallel()

	for name, config := range granting() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			m := create(t, name, config)
			facts := planned(t, name, m.given, awstest.Region, m.double.Account)

			told := map[string]any{}
			for key, value := range m.result.Outputs {
				told[key] = value
			}

			if facts.Outputs["arn"] == (zenml.Unknown{}) { // of a group whose name has capitals, which SageMaker may write otherwise
				delete(facts.Outputs, "arn")
				delete(told, "arn")
			}

			if !maps.Equal(facts.Outputs, told) || facts.Open {
				t.Errorf("planned %v, made %v", facts.Outputs, told)
			}
		})
	}
}

func TestGranted_KeysArePlannedWhileTheAccountIsNotKnown(t *testing.T) {
	t.Parallel()

	for name, config := range granting() {
		given := give(t, name, config)
		known, unknown := planned(t, name, given, awstest.Region, "123456789012"), planned(t, name, given, zenml.Unknown{}, zenml.Unknown{})

		for key, value := range known.Outputs {
			later, ok := unknown.Outputs[key]
			if !ok || later != value && !zenml.IsUnknown(later) {
				t.Errorf("%s: output %s is %v, and %v while nothing is known of the login", name, key, value, later)
			}
		}

		for key := range known.Configuration {
			if _, ok := unknown.Configuration[key]; !ok {
				t.Errorf("%s: %s is missing in ZenML's configuration while nothing is known of the login", name, key)
			}
		}
	}
}

func TestGranted_ZenMLIsToldRolesBucketAndRegion(t *testing.T) {
	t.Parallel()

	const roles = "arn:aws:iam::123456789012:role/mlstacks/main-"

	for name, want := range map[string]map[string]any{
		"orchestrator.sagemaker": {
			"execution_role": roles + "sagemaker-orchestrator-eu-west-1", "scheduler_role": roles + "sagemaker-scheduler-eu-west-1",
			"bucket": "acme-ml-artifacts", "region": "eu-west-1", "synchronous": true, "instance_type": nil,
		},
		"step_operator.sagemaker": {"role": "arn:aws:iam::123456789012:role/a/b/main-sagemaker-step-operator-eu-west-1", "bucket": "acme-ml-artifacts"},
		"deployer.app_runner": {
			"instance_role_arn": "arn:aws:iam::123456789012:role/main-app-runner-instance-eu-west-1",
			"access_role_arn":   "arn:aws:iam::123456789012:role/main-app-runner-access-eu-west-1", "region": "eu-west-1", "secret_name_prefix": "zenml-",
		},
		"orchestrator.skypilot_aws": {"region": nil, "down": true, "use_spot": false},
	} {
		facts := planned(t, name, give(t, name, granting()[name]), awstest.Region, "123456789012")
		for key, value := range want {
			if facts.Configuration[key] != value {
				t.Errorf("%s: %s is %v, want %v", name, key, facts.Configuration[key], value)
			}
		}
	}
}

func TestGranted_ARoleOfTheUsersOwnIsUsed(t *testing.T) {
	t.Parallel()

	config := granting()["orchestrator.sagemaker"]
	config["execution_role_arn"], config["schedules"] = "arn:aws:iam::210987654321:role/theirs", false

	facts := planned(t, "orchestrator.sagemaker", give(t, "orchestrator.sagemaker", config), awstest.Region, "123456789012")
	if facts.Configuration["execution_role"] != config["execution_role_arn"] || facts.Outputs["role_name"] != "" ||
		facts.Outputs["scheduler_role_arn"] != "" || facts.Configuration["scheduler_role"] != nil || facts.Outputs["account"] != "123456789012" {
		t.Errorf("configuration %v, outputs %v", facts.Configuration, facts.Outputs)
	}
}

func TestGranted_TwoRegionsHaveTwoRoles(t *testing.T) {
	t.Parallel()

	given := give(t, "orchestrator.sagemaker", granting()["orchestrator.sagemaker"])
	here, there := planned(t, "orchestrator.sagemaker", given, "eu-west-1", "1"), planned(t, "orchestrator.sagemaker", given, "us-east-1", "1")

	if here.Outputs["role_name"] == there.Outputs["role_name"] || here.Outputs["client_policy_arn"] == there.Outputs["client_policy_arn"] {
		t.Errorf("both have %v", here.Outputs)
	}
}

func TestGranted_ObjectsToWhatAWSRefuses(t *testing.T) {
	t.Parallel()

	for want, one := range map[string]struct {
		name   string
		change flavor.Values
	}{
		`role_path: Role path "ml"`:                            {"orchestrator.sagemaker", flavor.Values{"role_path": "ml"}},
		`permissions_boundary: "Boundary" is not an ARN`:       {"step_operator.sagemaker", flavor.Values{"permissions_boundary": "Boundary"}},
		`execution_role_arn: "runs" is not an ARN`:             {"orchestrator.sagemaker", flavor.Values{"execution_role_arn": "runs"}},
		`kms_key: "alias/a" is an alias`:                       {"step_operator.sagemaker", flavor.Values{"kms_key": "alias/a"}},
		`subnet_ids: a job in a subnet has security groups`:    {"orchestrator.sagemaker", flavor.Values{"security_group_ids": []any{}}},
		`security_group_ids: there are no subnets`:             {"orchestrator.sagemaker", flavor.Values{"subnet_ids": []any{}}},
		`aws_auth_role_arn: "me" is not an ARN`:                {"orchestrator.sagemaker", flavor.Values{"aws_auth_role_arn": "me"}},
		`group: Model package group name "a_b"`:                {"model_registry.sagemaker", flavor.Values{"group": "a_b"}},
		`prefix: "a/*" is no prefix of keys`:                   {"feature_store.sagemaker", flavor.Values{"prefix": "a/*"}},
		`group_prefix: Feature group name "a b"`:               {"feature_store.sagemaker", flavor.Values{"group_prefix": "a b"}},
		`service_name_prefix: "-a" is no beginning`:            {"deployer.app_runner", flavor.Values{"service_name_prefix": "-a"}},
		`secret_name_prefix: Secret prefix "a b"`:              {"deployer.app_runner", flavor.Values{"secret_name_prefix": "a b"}},
		`regions: "eu-west1" is no AWS region`:                 {"orchestrator.skypilot_aws", flavor.Values{"regions": []any{"eu-west1"}}},
		`infra: "gcp/europe-west1" is not in AWS`:              {"orchestrator.skypilot_aws", flavor.Values{"infra": "gcp/europe-west1"}},
		`infra: "eu-west-1a" is an availability zone`:          {"orchestrator.skypilot_aws", flavor.Values{"infra": "aws/eu-west-1a"}},
		`artifact_store: artifact_store "artifacts" is of the`: {"orchestrator.skypilot_aws", flavor.Values{"artifact_store": flavored(store(), "minio")}},
	} {
		kind, f := find(t, one.name)

		value, err := give(t, one.name, granting()[one.name]).Stored.ToTerraformValue(t.Context())
		must(t, err)

		values, _, err := flavor.PlainMap(value)
		must(t, err)
		maps.Copy(values, one.change)

		found := false
		for _, problem := range f.Check(kind, flavor.Subject{Name: "main", Values: values}) {
			found = found || !problem.Warning && strings.HasPrefix(problem.Detail, want)
		}

		if !found {
			t.Errorf("want %s, got %+v", want, f.Check(kind, flavor.Subject{Name: "main", Values: values}))
		}
	}
}

func flavored(component map[string]any, name string) map[string]any {
	component["flavor"] = name

	return component
}

func TestAppRunner_IsWarnedOf(t *testing.T) {
	t.Parallel()

	kind, f := find(t, "deployer.app_runner")

	problems := f.Check(kind, flavor.Subject{Values: flavor.Values{}})
	if len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Detail, "2026-04-30") || !strings.Contains(problems[0].Detail, "flavor kubernetes") {
		t.Errorf("got %+v", problems)
	}
}
