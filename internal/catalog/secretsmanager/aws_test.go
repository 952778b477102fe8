package secretsmanager

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const policyInDouble = "policy/mlstacks/main-secrets-eu-west-1"

func awsFacts(v flavor.Values, account, outputs any) flavor.Facts {
	return AWS.Facts(Kind(), flavor.Subject{Name: "main", Values: v, Outputs: outputs, Ask: func(fact string) any {
		return map[string]any{"region": "eu-west-1", "account": account}[fact]
	}})
}

func TestAWS_IsKnownAtPlanButForTheNamesOfSecrets(t *testing.T) {
	t.Parallel()

	v := flavor.Values{"prefix": "zenml/", "policy_path": "/mlstacks/", "region": ""}
	want := map[string]any{
		"policy_arn": "arn:aws:iam::123456789012:" + policyInDouble, "prefix": "zenml/", "secrets": "", "region": "eu-west-1", "account": "123456789012",
	}

	if facts := awsFacts(v, "123456789012", zenml.Unknown{}); !maps.Equal(facts.Outputs, want) || facts.ZenML != nil {
		t.Errorf("facts are %+v", facts)
	}

	if facts := awsFacts(v, zenml.Unknown{}, zenml.Unknown{}); !zenml.IsUnknown(facts.Outputs["policy_arn"]) || facts.Outputs["prefix"] != "zenml/" {
		t.Errorf("without the account: %+v", facts.Outputs)
	}

	v["secrets_wo_version"] = int64(1)

	if facts := awsFacts(v, "123456789012", zenml.Unknown{}); !zenml.IsUnknown(facts.Outputs["secrets"]) {
		t.Errorf("before apply: %+v", facts.Outputs)
	}

	if facts := awsFacts(v, "", map[string]any{"secrets": "a,b", "account": "123456789012"}); facts.Outputs["secrets"] != "a,b" {
		t.Errorf("after apply: %+v", facts.Outputs)
	}
}

func TestAWS_RefusesNamesWithoutShowingValues(t *testing.T) {
	t.Parallel()

	for want, v := range map[string]flavor.Values{
		`secrets_wo: Secret name "zenml/a b"`:        {"secrets_wo": map[string]any{"a b": "hunter2"}},
		`secrets_wo: Secret name "zenml/key-abcdef"`: {"secrets_wo": map[string]any{"key-abcdef": "hunter2"}},
		`secrets_wo: a secret needs a name`:          {"secrets_wo": map[string]any{"": "hunter2"}},
		`prefix: Secret prefix "a b/" contains`:      {"prefix": "a b/"},
		`policy_path: Role path "team" is not`:       {"policy_path": "team"},
		`kms_key: "alias/mine" is an alias`:          {"kms_key": "alias/mine"},
		`region: "eu-west-7" is no AWS region`:       {"region": "eu-west-77"},
	} {
		problems := AWS.Check(Kind(), flavor.Subject{Values: v})
		if strings.HasPrefix(want, "region") {
			if len(problems) != 1 {
				t.Errorf("region: %+v", problems)
			}

			continue
		}

		if len(problems) != 1 || !strings.HasPrefix(problems[0].Detail, want) || strings.Contains(problems[0].Detail, "hunter2") {
			t.Errorf("want %s, got %+v", want, problems)
		}
	}
}

// manager is a component in a double of AWS, and the version of its secrets.
type manager struct {
	t      *testing.T
	double *awstest.Double
	in     flavor.Input
	cfg    awsConfig
}

func newManager(t *testing.T) *manager {
	t.Helper()

	d := awstest.Start(t)

	return &manager{t: t, double: d, cfg: awsConfig{Prefix: "zenml/", PolicyPath: "/mlstacks/", RecoveryDays: 0}, in: flavor.Input{
		Kind: "secrets_manager", Name: "main", Was: "main", Managed: true, Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(d.Login())}},
	}}
}

// wants changes which secrets there are to be.
func (m *manager) wants(version int64, secrets map[string]string) awsConfig {
	cfg := m.cfg
	cfg.Secrets, cfg.SecretsVersion = secrets, &version

	return cfg
}

func (m *manager) create(cfg awsConfig) flavor.Result {
	m.t.Helper()

	result, err := awsDriver{awsObjects}.Create(m.t.Context(), m.in, cfg)
	if err != nil {
		m.t.Fatal(err)
	}

	m.keep(cfg, result)

	return result
}

// keep has the state record a result, without what is write-only.
func (m *manager) keep(cfg awsConfig, result flavor.Result) {
	m.in.Outputs = result.Outputs
	if result.Incarnation != "" {
		m.in.Incarnation = result.Incarnation
	}

	cfg.Secrets = nil
	m.cfg = cfg
}

func (m *manager) update(cfg awsConfig) flavor.Result {
	m.t.Helper()

	result, err := awsDriver{awsObjects}.Update(m.t.Context(), m.in, "main", m.cfg, cfg)
	if err != nil {
		m.t.Fatal(err)
	}

	m.keep(cfg, result)

	return result
}

// has checks which secrets there are, by name and value.
func (m *manager) has(want map[string]string) {
	m.t.Helper()

	client := secretsmanager.NewFromConfig(m.double.Config(awstest.Region))

	list, err := client.ListSecrets(m.t.Context(), &secretsmanager.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true)})
	if err != nil {
		m.t.Fatal(err)
	}

	got := map[string]string{}

	for _, one := range list.SecretList {
		value, err := client.GetSecretValue(m.t.Context(), &secretsmanager.GetSecretValueInput{SecretId: one.Name})
		if err != nil {
			m.t.Fatal(err)
		}

		got[*one.Name] = *value.SecretString
	}

	if !maps.Equal(got, want) {
		m.t.Errorf("there are %v, want %v", got, want)
	}
}

func TestAWS_SecretsComeChangeAndGo(t *testing.T) {
	t.Parallel()

	m := newManager(t)

	result := m.create(m.wants(1, map[string]string{"b": "1", "a": "1"}))
	if result.Outputs["secrets"] != "a,b" {
		t.Errorf("outputs are %v", result.Outputs)
	}

	m.has(map[string]string{"zenml/a": "1", "zenml/b": "1"})

	// Under the same version nothing is written, and the names stay what they were.
	result = m.update(m.wants(1, map[string]string{"a": "2", "c": "2"}))
	if result.Outputs["secrets"] != "a,b" {
		t.Errorf("outputs are %v", result.Outputs)
	}

	m.has(map[string]string{"zenml/a": "1", "zenml/b": "1"})

	result = m.update(m.wants(2, map[string]string{"a": "2", "c": "2"}))
	if result.Outputs["secrets"] != "a,c" {
		t.Errorf("outputs are %v", result.Outputs)
	}

	m.has(map[string]string{"zenml/a": "2", "zenml/c": "2"})

	moved := m.wants(2, map[string]string{"a": "2", "c": "2"})
	moved.Prefix = "team/"
	m.update(moved)
	m.has(map[string]string{"team/a": "2", "team/c": "2"})

	if err := (awsDriver{awsObjects}).Delete(t.Context(), m.in, "main", m.cfg); err != nil {
		t.Fatal(err)
	}

	m.has(nil)
}

func TestAWS_SecretDeletedByHandIsMadeAgain(t *testing.T) {
	t.Parallel()

	m := newManager(t)
	m.create(m.wants(1, map[string]string{"a": "1"}))

	client := secretsmanager.NewFromConfig(m.double.Config(awstest.Region))
	if _, err := client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: aws.String("zenml/a")}); err != nil {
		t.Fatal(err)
	}

	_, read, err := awsDriver{awsObjects}.Read(t.Context(), m.in, "main", m.cfg)
	if err != nil || !slices.Equal(read.Drift, []string{`secret "zenml/a" does not exist`}) || read.Outputs["secrets"] != "a" {
		t.Errorf("read: %+v, %v", read, err)
	}

	m.update(m.wants(1, map[string]string{"a": "1"}))
	m.has(map[string]string{"zenml/a": "1"})
}

func TestAWS_LeavesNothingOfAnApplyThatFailed(t *testing.T) {
	t.Parallel()

	m := newManager(t)
	cfg := m.wants(1, map[string]string{"a": "1", "b": "1"})

	m.double.Inject(awstest.Fault{Operation: "secretsmanager:CreateSecret", Code: "AccessDeniedException", After: 1})

	result, err := awsDriver{awsObjects}.Create(t.Context(), m.in, cfg)
	if err == nil || result.ID == "" || result.Outputs["secrets"] != "a,b" {
		t.Fatalf("create: %+v, %v", result, err)
	}

	m.keep(cfg, result)

	if err := (awsDriver{awsObjects}).Delete(t.Context(), m.in, "main", m.cfg); err != nil {
		t.Fatal(err)
	}

	m.has(nil)

	// And of an update that failed, of which the state has nothing.
	m.create(m.wants(1, map[string]string{"a": "1"}))
	m.double.Inject(awstest.Fault{Operation: "secretsmanager:CreateSecret", Code: "AccessDeniedException", After: 1})

	if _, err := (awsDriver{awsObjects}).Update(t.Context(), m.in, "main", m.cfg, m.wants(2, map[string]string{"a": "1", "b": "2", "c": "2"})); err == nil {
		t.Fatal("the update succeeded")
	}

	m.has(map[string]string{"zenml/a": "1", "zenml/b": "2"})

	if err := (awsDriver{awsObjects}).Delete(t.Context(), m.in, "main", m.cfg); err != nil {
		t.Fatal(err)
	}

	m.has(nil)
}

func TestAWS_PolicyReachesThePrefixAlone(t *testing.T) {
	t.Parallel()

	m := newManager(t)
	arn := m.create(m.cfg).Outputs["policy_arn"]

	client := iam.NewFromConfig(m.double.Config(awstest.Region))

	version, err := client.GetPolicyVersion(t.Context(), &iam.GetPolicyVersionInput{PolicyArn: aws.String(arn), VersionId: aws.String("v1")})
	if err != nil {
		t.Fatal(err)
	}

	if text := *version.PolicyVersion.Document; !strings.Contains(text, "secret%3Azenml%2F%2A") && !strings.Contains(text, "secret:zenml/*") {
		t.Errorf("policy is %s", text)
	}

	changed := m.cfg
	changed.Prefix = "other/"

	if _, read, err := (awsDriver{awsObjects}).Read(t.Context(), m.in, "main", changed); err != nil || len(read.Drift) != 1 {
		t.Errorf("read: %+v, %v", read, err)
	}
}
