package amazon_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/deployer"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/featurestore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/modelregistry"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/orchestrator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/stepoperator"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

const key = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"

func store() map[string]any {
	return map[string]any{
		"name": "artifacts", "type": "artifact_store", "flavor": "s3",
		"outputs": map[string]any{"bucket": "acme-ml-artifacts", "region": awstest.Region, "arn": "arn:aws:s3:::acme-ml-artifacts"},
	}
}

func registry() map[string]any {
	return map[string]any{
		"name": "images", "type": "container_registry", "flavor": "ecr", "outputs": map[string]any{
			"repositories": "acme/ml,acme/tools", "region": awstest.Region, "account": "123456789012",
			"arn": "arn:aws:ecr:" + awstest.Region + ":123456789012:repository/acme/ml",
		},
	}
}

// granting are flavors that make roles and policies, each with as much as it can be asked for.
func granting() map[string]map[string]any {
	network := []any{"subnet-0123456789abcdef0", "subnet-0123456789abcdef1"}
	groups := []any{"sg-0123456789abcdef0"}

	return map[string]map[string]any{
		"orchestrator.sagemaker": {
			"artifact_store": store(), "container_registry": registry(), "kms_key": key, "subnet_ids": network, "security_group_ids": groups, "schedules": true,
		},
		"step_operator.sagemaker": {
			"artifact_store": store(), "container_registry": registry(), "kms_key": key, "subnet_ids": network, "security_group_ids": groups, "role_path": "/a/b/",
		},
		"model_registry.sagemaker": {"group": "Churn-2"},
		"feature_store.sagemaker":  {"artifact_store": store(), "kms_key": key, "group_prefix": "churn"},
		"deployer.app_runner":      {"container_registry": registry(), "role_path": "/"},
		"orchestrator.skypilot_aws": {
			"artifact_store": store(), "regions": []any{"eu-west-1", "us-east-1"}, "open_ports": true, "instance_profile": true,
		},
	}
}

// made is a component in an account of its own.
type made struct {
	double *awstest.Double
	flavor flavor.Flavor
	in     flavor.Input
	given  flavortest.Given
	result flavor.Result
}

func create(t *testing.T, name string, config map[string]any) made {
	t.Helper()

	kind, f := find(t, name)
	m := made{double: awstest.Start(t), flavor: f, given: give(t, name, config)}
	m.in = flavor.Input{
		Kind: kind.Name, Name: "main", Managed: true, Labels: map[string]string{"team": "ml"},
		Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(m.double.Login())}},
	}

	var err error

	m.result, err = f.Create(t.Context(), m.in, m.given.Full)
	must(t, err)

	m.in.Was, m.in.Incarnation, m.in.Outputs = m.in.Name, m.result.Incarnation, m.result.Outputs

	return m
}

func find(t *testing.T, name string) (flavor.Kind, flavor.Flavor) {
	t.Helper()

	kindName, flavorName, _ := strings.Cut(name, ".")

	for _, kind := range []flavor.Kind{orchestrator.Kind(), stepoperator.Kind(), modelregistry.Kind(), featurestore.Kind(), deployer.Kind()} {
		if f, ok := kind.Flavor(flavorName); ok && kind.Name == kindName {
			return kind, f
		}
	}

	t.Fatalf("there is no %s", name)

	return flavor.Kind{}, flavor.Flavor{}
}

func give(t *testing.T, name string, config map[string]any) flavortest.Given {
	t.Helper()

	kind, f := find(t, name)
	given, _ := flavortest.Give(t, kind, f, flavortest.Always(config), nil)

	return given
}

// granted are the texts of all policies in the account by their names, and of whom roles trust.
func (m made) granted(t *testing.T) (inline, managed, trust map[string]string) {
	t.Helper()

	ctx, client := t.Context(), iam.NewFromConfig(m.double.Config(awstest.Region))
	inline, managed, trust = map[string]string{}, map[string]string{}, map[string]string{}

	roles, err := client.ListRoles(ctx, &iam.ListRolesInput{})
	must(t, err)

	for _, role := range roles.Roles {
		trust[aws.ToString(role.RoleName)], err = policy.Decode(aws.ToString(role.AssumeRolePolicyDocument))
		must(t, err)

		names, err := client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: role.RoleName})
		must(t, err)

		for _, name := range names.PolicyNames {
			answer, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String(name)})
			must(t, err)

			inline[aws.ToString(role.RoleName)+"/"+name] = decoded(t, answer.PolicyDocument)
		}
	}

	policies, err := client.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
	must(t, err)

	for _, one := range policies.Policies {
		answer, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: one.Arn, VersionId: one.DefaultVersionId})
		must(t, err)

		managed[aws.ToString(one.Arn)] = decoded(t, answer.PolicyVersion.Document)
	}

	return inline, managed, trust
}

func decoded(t *testing.T, text *string) string {
	t.Helper()

	plain, err := policy.Decode(aws.ToString(text))
	must(t, err)

	return plain
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func TestGranted_NoPolicyIsWiderThanItMayBe(t *testing.T) {
	t.Parallel()

	for name, config := range granting() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			m := create(t, name, config)
			inline, managed, trust := m.granted(t)

			if len(managed) != 1 || managed[m.result.Outputs[amazon.OutputClientPolicy]] == "" {
				t.Errorf("policies are %v, and the output names %s", managed, m.result.Outputs[amazon.OutputClientPolicy])
			}

			for about, text := range inline {
				judge(t, about, text, policy.InlineLimit)
			}

			for about, text := range managed {
				judge(t, about, text, policy.ManagedLimit)
			}

			for role, text := range trust {
				if strings.Contains(text, "sagemaker.amazonaws.com") && !strings.Contains(text, m.double.Account) {
					t.Errorf("role %s lets SageMaker take it on for any account: %s", role, text)
				}
			}

			must(t, m.flavor.Delete(t.Context(), m.in, m.result.ID, m.given.Stored))

			if left := m.double.Left(t, awstest.Region); len(left) > 0 {
				t.Errorf("left over: %q", left)
			}
		})
	}
}

func judge(t *testing.T, about, text string, limit int) {
	t.Helper()

	if problems := policy.Forbidden(text); len(problems) > 0 {
		t.Errorf("%s: %q", about, problems)
	}

	if len(text) > limit {
		t.Errorf("%s has %d characters, and IAM takes %d", about, len(text), limit)
	}
}

func TestGranted_RolesReachTheStacksOwnBucketAndRepositories(t *testing.T) {
	t.Parallel()

	m := create(t, "orchestrator.sagemaker", granting()["orchestrator.sagemaker"])
	inline, managed, _ := m.granted(t)
	runtime := inline["main-sagemaker-orchestrator-eu-west-1/runtime"]
	client := managed[m.result.Outputs[amazon.OutputClientPolicy]]

	for _, text := range []string{runtime, client} {
		for _, want := range []string{
			`"arn:aws:s3:::acme-ml-artifacts/*"`, `"arn:aws:ecr:eu-west-1:123456789012:repository/acme/ml"`, `repository/acme/tools"`, key, m.result.Outputs["role_arn"],
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is missing in %s", want, text)
			}
		}
	}

	if !strings.Contains(client, m.result.Outputs["scheduler_role_arn"]) || !strings.Contains(runtime, "subnet/subnet-0123456789abcdef0") {
		t.Errorf("schedules or subnets are missing: %s; %s", client, runtime)
	}
}

func TestGranted_StepsStartNoJobsOfTheirOwn(t *testing.T) {
	t.Parallel()

	m := create(t, "step_operator.sagemaker", granting()["step_operator.sagemaker"])
	inline, _, _ := m.granted(t)

	if text := inline["main-sagemaker-step-operator-eu-west-1/runtime"]; text == "" || strings.Contains(text, "sagemaker:Create") || strings.Contains(text, "PassRole") {
		t.Errorf("steps may %s", text)
	}

	if want := "arn:aws:iam::" + m.double.Account + ":role/a/b/main-sagemaker-step-operator-eu-west-1"; m.result.Outputs["role_arn"] != want {
		t.Errorf("the role is %s, want %s", m.result.Outputs["role_arn"], want)
	}
}

func TestGranted_ServicesReadNoSecretsButThoseOfTheirPrefix(t *testing.T) {
	t.Parallel()

	config := granting()["deployer.app_runner"]
	config["secret_name_prefix"] = "acme-"
	m := create(t, "deployer.app_runner", config)
	inline, managed, _ := m.granted(t)

	for about, text := range map[string]string{
		"instance role": inline["main-app-runner-instance-eu-west-1/secrets"], "client": managed[m.result.Outputs[amazon.OutputClientPolicy]],
	} {
		if !strings.Contains(text, ":secret:acme-*") || strings.Contains(text, ":secret:*") {
			t.Errorf("%s: %s", about, text)
		}
	}

	config["use_secrets_manager"] = false
	inline, managed, _ = create(t, "deployer.app_runner", config).granted(t)

	for about, text := range managed {
		if strings.Contains(text, "secretsmanager") || inline["main-app-runner-instance-eu-west-1/secrets"] != "" {
			t.Errorf("%s reaches secrets where there are none: %s", about, text)
		}
	}
}

func TestGranted_FeaturesAreWrittenBelowTheirPrefix(t *testing.T) {
	t.Parallel()

	m := create(t, "feature_store.sagemaker", granting()["feature_store.sagemaker"])
	inline, _, _ := m.granted(t)

	if text := inline["main-sagemaker-features-eu-west-1/offline-store"]; !strings.Contains(text, `"arn:aws:s3:::acme-ml-artifacts/feature-store/main/*"`) ||
		strings.Contains(text, "acme-ml-artifacts/*") {
		t.Errorf("the offline store: %s", text)
	}

	if m.result.Outputs["offline_store_uri"] != "s3://acme-ml-artifacts/feature-store/main" || m.result.Outputs["online_store"] != "true" {
		t.Errorf("outputs: %v", m.result.Outputs)
	}
}

func TestGranted_WhatIsChangedByHandShowsAndIsRepaired(t *testing.T) {
	t.Parallel()

	m := create(t, "orchestrator.sagemaker", granting()["orchestrator.sagemaker"])
	client := iam.NewFromConfig(m.double.Config(awstest.Region))
	ctx := t.Context()
	scheduler := aws.String("main-sagemaker-scheduler-eu-west-1")
	boundary := "arn:aws:iam::aws:policy/ReadOnlyAccess"

	for what, one := range map[string]struct {
		change func() error
		drift  string
	}{
		"policy for clients": {func() error {
			_, err := client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
				PolicyArn: aws.String(m.result.Outputs[amazon.OutputClientPolicy]), SetAsDefault: true,
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::a"}]}`),
			})

			return err
		}, `policy "main-sagemaker-orchestrator-client-eu-west-1" does not say what it should`},
		"role of schedules": {func() error {
			_, err := client.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: scheduler, PolicyName: aws.String("start")})

			return err
		}, `policy "start" of role "main-sagemaker-scheduler-eu-west-1" does not exist`},
		"boundary": {func() error {
			_, err := client.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: scheduler, PermissionsBoundary: aws.String(boundary)})

			return err
		}, ""},
	} {
		must(t, one.change())

		observed, read, err := m.flavor.Read(ctx, m.in, m.result.ID, m.given.Stored)
		must(t, err)

		if one.drift != "" && !slices.Equal(read.Drift, []string{one.drift}) {
			t.Errorf("%s: drift is %q", what, read.Drift)
		}

		if one.drift == "" && !strings.Contains(observed.Attributes()["permissions_boundary"].String(), boundary) {
			t.Errorf("%s: %s", what, observed.Attributes()["permissions_boundary"])
		}

		_, err = m.flavor.Update(ctx, m.in, m.result.ID, observed, m.given.Full)
		must(t, err)
		m.whole(t, what)
	}
}

// whole checks that everything is as it was described.
func (m made) whole(t *testing.T, what string) {
	t.Helper()

	observed, read, err := m.flavor.Read(context.Background(), m.in, m.result.ID, m.given.Stored)
	must(t, err)

	if !observed.Equal(m.given.Stored) || len(read.Drift) > 0 {
		t.Errorf("%s: observed %s; drift %q", what, observed, read.Drift)
	}
}

func TestGranted_WhatIsWantedNoLongerGoes(t *testing.T) {
	t.Parallel()

	own := map[string]any{"artifact_store": store(), "container_registry": registry()}
	theirs := map[string]any{
		"artifact_store": store(), "container_registry": registry(), "client_policy": false, "schedules": true, "execution_role_arn": "arn:aws:iam::123456789012:role/theirs",
	}
	m := create(t, "orchestrator.sagemaker", own)

	turn := func(config map[string]any, want ...string) {
		next := give(t, "orchestrator.sagemaker", config)

		updated, err := m.flavor.Update(t.Context(), m.in, m.result.ID, m.given.Stored, next.Full)
		must(t, err)

		if left := m.double.Left(t, awstest.Region); !slices.Equal(left, want) {
			t.Errorf("there is %q, want %q", left, want)
		}

		m.in.Outputs, m.result.Outputs, m.given = updated.Outputs, updated.Outputs, next
		m.whole(t, "after the change")
	}

	turn(theirs, "role main-sagemaker-scheduler-eu-west-1")

	if m.result.Outputs["role_arn"] != theirs["execution_role_arn"] || m.result.Outputs["role_name"] != "" || m.result.Outputs["client_policy_arn"] != "" {
		t.Errorf("outputs: %v", m.result.Outputs)
	}

	theirs["schedules"] = false
	turn(theirs)
	turn(own, "policy main-sagemaker-orchestrator-client-eu-west-1", "role main-sagemaker-orchestrator-eu-west-1")

	must(t, m.flavor.Delete(t.Context(), m.in, m.result.ID, m.given.Stored))

	if left := m.double.Left(t, awstest.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestGranted_AComponentOfNothingIsThereAllTheSame(t *testing.T) {
	t.Parallel()

	m := create(t, "step_operator.sagemaker", map[string]any{
		"artifact_store": store(), "container_registry": registry(), "client_policy": false, "execution_role_arn": "arn:aws:iam::123456789012:role/theirs",
	})

	if m.result.ID != "main" || len(m.double.Left(t, awstest.Region)) > 0 {
		t.Errorf("made %+v", m.result)
	}

	m.whole(t, "nothing")
	must(t, m.flavor.Delete(t.Context(), m.in, m.result.ID, m.given.Stored))
}
