package containerregistry

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// told is what a login to an account in Ireland knows.
func told(account any) func(string) any {
	return func(fact string) any { return map[string]any{"region": "eu-west-1", "account": account}[fact] }
}

func ecrFacts(v flavor.Values, ask func(string) any) flavor.Facts {
	return ECR.Facts(Kind(), flavor.Subject{Name: "images", Values: v, Outputs: zenml.Unknown{}, Ask: ask})
}

func TestECR_IsKnownAtPlanFromAccountAndRegion(t *testing.T) {
	t.Parallel()

	v := flavor.Values{"repository": "acme/ml", "additional_repositories": []any{"acme/tools"}, "region": ""}
	facts := ecrFacts(v, told("123456789012"))

	const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"

	if facts.URI != host || facts.Configuration["uri"] != host || facts.Configuration["default_repository"] != "acme/ml" {
		t.Errorf("uri is %v, configuration %v", facts.URI, facts.Configuration)
	}

	want := map[string]any{
		"registry": host, "repository": host + "/acme/ml", "repositories": "acme/ml,acme/tools", "region": "eu-west-1", "account": "123456789012",
		"arn": "arn:aws:ecr:eu-west-1:123456789012:repository/acme/ml",
	}
	if !maps.Equal(facts.Outputs, want) {
		t.Errorf("outputs are %v", facts.Outputs)
	}

	v["region"] = "cn-north-1"
	if china := ecrFacts(v, told("123456789012")); china.URI != "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn" ||
		china.Outputs["arn"] != "arn:aws-cn:ecr:cn-north-1:123456789012:repository/acme/ml" {
		t.Errorf("in China: %v, %v", china.URI, china.Outputs)
	}
}

func TestECR_LeavesToApplyWhatIsNotKnown(t *testing.T) {
	t.Parallel()

	v := flavor.Values{"repository": "acme/ml", "additional_repositories": []any{}, "region": ""}

	facts := ecrFacts(v, told(zenml.Unknown{}))
	if !zenml.IsUnknown(facts.URI) || !zenml.IsUnknown(facts.Outputs["registry"]) || facts.Outputs["repositories"] != "acme/ml" || facts.Open {
		t.Errorf("without the account: %v, %v", facts.URI, facts.Outputs)
	}

	v["additional_repositories"] = zenml.Unknown{}
	if facts := ecrFacts(v, told("123456789012")); !zenml.IsUnknown(facts.Outputs["repositories"]) || zenml.IsUnknown(facts.URI) {
		t.Errorf("without the further repositories: %v, %v", facts.URI, facts.Outputs)
	}
}

func TestECR_IsOneForComposition(t *testing.T) {
	t.Parallel()

	facts := ecrFacts(flavor.Values{"repository": "acme/ml", "region": ""}, told("123456789012"))

	component := compose.Adapt("container_registry", "aws", facts.Texts("container_registry"), nil)
	if len(component.Provides) != 1 || component.Provides[0] != compose.AbilityECR || component.Flavor != "ecr" || component.Facts[compose.FactRegion] != "eu-west-1" {
		t.Errorf("provides %v, facts %v", component.Provides, component.Facts)
	}
}

func TestECR_RefusesNamesThatAWSDoes(t *testing.T) {
	t.Parallel()

	for want, v := range map[string]flavor.Values{
		`repository: Repository name "Acme"`:                     {"repository": "Acme"},
		`additional_repositories: Repository name "b//c"`:        {"repository": "a1", "additional_repositories": []any{zenml.Unknown{}, "b//c"}},
		`additional_repositories: "a1" is the repository itself`: {"repository": "a1", "additional_repositories": []any{"a1"}},
		`kms_key: "alias/x" is an alias`:                         {"repository": "a1", "kms_key": "alias/x"},
	} {
		problems := ECR.Check(Kind(), flavor.Subject{Values: v})
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Detail, want) {
			t.Errorf("want %s, got %+v", want, problems)
		}
	}

	if problems := ECR.Check(Kind(), flavor.Subject{Values: flavor.Values{"repository": zenml.Unknown{}, "additional_repositories": zenml.Unknown{}}}); problems != nil {
		t.Errorf("what is not known is refused: %v", problems)
	}
}

func TestECR_ConformsWithEveryAttribute(t *testing.T) {
	t.Parallel()

	flavortest.Conform(t, Kind(), ECR, flavortest.Sample{
		Config: flavortest.Always(map[string]any{
			"repository": "acme/ml", "additional_repositories": []any{}, "expire_untagged_after_days": int64(30), "keep_images": int64(0),
		}),
		Changed: flavortest.Always(map[string]any{
			"repository": "acme/ml", "additional_repositories": []any{}, "expire_untagged_after_days": int64(0), "keep_images": int64(10), "immutable_tags": true,
			"scan_on_push": false,
		}),
		Clouds: func(t *testing.T) flavor.Clouds {
			t.Helper()

			return flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(awstest.Start(t).Login())}}
		},
	})
}

// registry is a component in a double of AWS.
func registry(t *testing.T) (*awstest.Double, flavor.Input, ecrConfig) {
	t.Helper()

	d := awstest.Start(t)

	return d, flavor.Input{
		Kind: "container_registry", Name: "images", Was: "images", Managed: true, Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(d.Login())}},
	}, ecrConfig{Repository: "acme/ml", Additional: []string{"acme/tools"}}
}

func exists(t *testing.T, d *awstest.Double, name string) bool {
	t.Helper()

	_, err := ecr.NewFromConfig(d.Config(awstest.Region)).DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}})
	if err != nil && !session.Is(err, "RepositoryNotFoundException") {
		t.Fatal(err)
	}

	return err == nil
}

func TestECR_FurtherRepositoriesComeAndGo(t *testing.T) {
	t.Parallel()

	d, in, cfg := registry(t)

	result, err := ecrDriver.Create(t.Context(), in, cfg)
	if err != nil || !exists(t, d, "acme/tools") {
		t.Fatalf("create: %+v, %v", result, err)
	}

	in.Outputs, in.Incarnation = result.Outputs, result.Incarnation
	next := cfg
	next.Additional = []string{"acme/more"}

	result, err = ecrDriver.Update(t.Context(), in, result.ID, cfg, next)
	if err != nil || exists(t, d, "acme/tools") || !exists(t, d, "acme/more") || result.Outputs["repositories"] != "acme/ml,acme/more" {
		t.Fatalf("update: %+v, %v", result, err)
	}

	in.Outputs = result.Outputs

	if observed, read, err := ecrDriver.Read(t.Context(), in, "acme/ml", next); err != nil || len(read.Drift) > 0 || len(observed.Additional) != 1 {
		t.Errorf("read: %+v, %+v, %v", observed, read, err)
	}

	if err := ecrDriver.Delete(t.Context(), in, "acme/ml", next); err != nil || exists(t, d, "acme/more") || exists(t, d, "acme/ml") {
		t.Errorf("delete: %v", err)
	}
}

func TestECR_TakesNoRepositoryThatIsNotItsOwn(t *testing.T) {
	t.Parallel()

	d, in, cfg := registry(t)

	result, err := ecrDriver.Create(t.Context(), in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	client := ecr.NewFromConfig(d.Config(awstest.Region))
	if _, err := client.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("acme/theirs")}); err != nil {
		t.Fatal(err)
	}

	in.Outputs, in.Incarnation = result.Outputs, result.Incarnation
	next := cfg
	next.Additional = []string{"acme/tools", "acme/theirs"}

	_, err = ecrDriver.Update(t.Context(), in, result.ID, cfg, next)
	if !errors.Is(err, flavor.ErrNotOurs) || !strings.Contains(err.Error(), `repository "acme/theirs"`) {
		t.Errorf("update: %v", err)
	}
}

func TestECR_RepositoryThatIsDeletedByHandIsMadeAgain(t *testing.T) {
	t.Parallel()

	d, in, cfg := registry(t)

	result, err := ecrDriver.Create(t.Context(), in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	client := ecr.NewFromConfig(d.Config(awstest.Region))
	if _, err := client.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: aws.String("acme/tools")}); err != nil {
		t.Fatal(err)
	}

	in.Outputs, in.Incarnation = result.Outputs, result.Incarnation

	_, read, err := ecrDriver.Read(t.Context(), in, result.ID, cfg)
	if err != nil || len(read.Drift) != 1 || read.Drift[0] != `repository "acme/tools" does not exist` {
		t.Errorf("read: %+v, %v", read, err)
	}

	if _, err := ecrDriver.Update(t.Context(), in, result.ID, cfg, cfg); err != nil || !exists(t, d, "acme/tools") {
		t.Errorf("update: %v", err)
	}
}

func TestECR_SaysWhichAttributeConsentsToTheLossOfImages(t *testing.T) {
	t.Parallel()

	d, in, cfg := registry(t)

	result, err := ecrDriver.Create(t.Context(), in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	in.Outputs, in.Incarnation = result.Outputs, result.Incarnation
	d.Inject(awstest.Fault{Operation: "ecr:DeleteRepository", Code: "RepositoryNotEmptyException", Times: -1})

	for what, err := range map[string]error{
		"delete": ecrDriver.Delete(t.Context(), in, result.ID, cfg),
		"update": func() error {
			_, err := ecrDriver.Update(t.Context(), in, result.ID, cfg, ecrConfig{Repository: "acme/ml"})

			return err
		}(),
	} {
		fault, ok := errors.AsType[*flavor.AttributeError](err)
		if !ok || !errors.Is(err, flavor.ErrHoldsData) || fault.Attribute[0] != "force_delete" || !strings.Contains(fault.Fix, "force_delete = true") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
