package amazon

import (
	"reflect"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// told is a login in eu-west-1.
func told(account any) func(string) any {
	return func(fact string) any { return map[string]any{"region": "eu-west-1", "account": account}[fact] }
}

func component(kind, name string, outputs any) map[string]any {
	return map[string]any{"name": "other", "type": kind, "flavor": name, "outputs": outputs}
}

func TestReference_TellsWhatCannotServe(t *testing.T) {
	t.Parallel()

	here := told("123456789012")
	store, registry := StoreServes("store", "SageMaker"), RegistryServes("registry", "SageMaker")

	for want, one := range map[string]struct {
		check   func(flavor.Subject) []flavor.Problem
		value   any
		ask     func(string) any
		warning bool
	}{
		`store: "other" is of the type image_builder, and one of the type artifact_store is wanted.`: {
			store, component("image_builder", "codebuild", nil), here, false,
		},
		`store: artifact_store "other" is of the flavor minio: SageMaker reads and writes buckets in S3.`: {
			store, component("artifact_store", "minio", zenml.Unknown{}), here, false,
		},
		`store: the bucket "b" of artifact_store "other" is in us-east-1, and this component is in eu-west-1: `: {
			store, component("artifact_store", "s3", map[string]any{"bucket": "b", "region": "us-east-1"}), here, false,
		},
		`registry: container_registry "other" is of the flavor ghcr: SageMaker pulls images from ECR`: {
			registry, component("container_registry", "ghcr", nil), here, false,
		},
		`registry: container_registry "other" is in us-east-1, and this component is in eu-west-1: `: {
			registry, component("container_registry", "ecr", map[string]any{"region": "us-east-1", "account": "123456789012"}), here, true,
		},
		`registry: container_registry "other" is in the account 210987654321, and this component is in the account 123456789012: `: {
			registry, component("container_registry", "ecr", map[string]any{"region": "eu-west-1", "account": "210987654321"}), here, true,
		},
	} {
		problems := one.check(flavor.Subject{Values: flavor.Values{"store": one.value, "registry": one.value}, Ask: one.ask})
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Detail, want) || problems[0].Warning != one.warning ||
			problems[0].Summary == "" || !strings.Contains(problems[0].Detail, "\n\n") {
			t.Errorf("want %s, got %+v", want, problems)
		}
	}
}

func TestReference_DefersWhatIsNotKnown(t *testing.T) {
	t.Parallel()

	unknown := zenml.Unknown{}

	for _, s := range []flavor.Subject{
		{Values: flavor.Values{"a": nil}},
		{Values: flavor.Values{"a": unknown}},
		{Values: flavor.Values{"a": map[string]any{"name": unknown, "type": unknown, "flavor": unknown, "outputs": unknown}}},
		{Values: flavor.Values{"a": component("artifact_store", "s3", map[string]any{"region": "us-east-1"})}},
		{Values: flavor.Values{"a": component("artifact_store", "s3", map[string]any{"region": unknown})}, Ask: told(unknown)},
		{Values: flavor.Values{"a": component("artifact_store", "s3", map[string]any{"region": "us-east-1"}), "region": unknown}, Ask: told(unknown)},
		{Values: flavor.Values{"a": component("artifact_store", "s3", map[string]any{"region": "us-east-1"}), "region": "us-east-1"}, Ask: told(unknown)},
	} {
		if problems := StoreServes("a", "SageMaker")(s); problems != nil {
			t.Errorf("%+v: %+v", s.Values, problems)
		}
	}

	for _, s := range []flavor.Subject{
		{Values: flavor.Values{"a": component("container_registry", "ecr", map[string]any{"region": "us-east-1", "account": "1"})}},
		{Values: flavor.Values{"a": component("container_registry", "ecr", map[string]any{"region": "eu-west-1", "account": unknown})}, Ask: told("2")},
	} {
		if problems := RegistryServes("a", "SageMaker")(s); problems != nil {
			t.Errorf("%+v: %+v", s.Values, problems)
		}
	}

	if problems := StoreAnywhere("a", "SkyPilot")(flavor.Subject{
		Values: flavor.Values{"a": component("artifact_store", "s3", map[string]any{"region": "us-east-1"})}, Ask: told("1"),
	}); problems != nil {
		t.Errorf("a bucket anywhere: %+v", problems)
	}
}

func TestReferred_IsUnknownWhileItsComponentIs(t *testing.T) {
	t.Parallel()

	for _, one := range []struct{ value, want any }{
		{nil, nil},
		{zenml.Unknown{}, zenml.Unknown{}},
		{component("artifact_store", "s3", zenml.Unknown{}), zenml.Unknown{}},
		{component("artifact_store", "s3", nil), nil},
		{component("artifact_store", "s3", map[string]any{"bucket": zenml.Unknown{}}), zenml.Unknown{}},
		{component("artifact_store", "s3", map[string]any{"bucket": "b"}), "b"},
	} {
		if got := Referred(flavor.Values{"a": one.value}, "a", "bucket"); got != one.want {
			t.Errorf("%v: got %v, want %v", one.value, got, one.want)
		}
	}
}

func TestRepositories_AreThoseOfTheRegistrysAccountAndRegion(t *testing.T) {
	t.Parallel()

	want := []string{"arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/b", "arn:aws-cn:ecr:cn-north-1:123456789012:repository/c"}

	for _, outputs := range []map[string]string{
		{"repositories": "a/b,c", "arn": "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/b"},
		{"repositories": "a/b, c", "region": "cn-north-1", "account": "123456789012"},
	} {
		if got := Repositories(&Reference{Outputs: outputs}); !reflect.DeepEqual(got, want) {
			t.Errorf("%v: got %v", outputs, got)
		}
	}

	if got := Repositories(nil); got != nil || Bucket(nil).Name != "" {
		t.Errorf("nothing has %v and %v", got, Bucket(nil))
	}
}
