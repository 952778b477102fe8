package amazon

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Reference is another component in AWS that a flavor's configuration refers to; as a field it is a pointer, nil where none
// is given and after an import.
type Reference struct {
	Name    string            `tfsdk:"name"`
	Type    string            `tfsdk:"type"`
	Flavor  string            `tfsdk:"flavor"`
	Outputs map[string]string `tfsdk:"outputs"`
}

// StoreAttribute refers to an mlstacks_artifact_store, which is given whole; required. See StoreServes.
func StoreAttribute(about string) schema.SingleNestedAttribute {
	return ReferenceAttribute(about, "bucket, region and arn")
}

// RegistryAttribute refers to an mlstacks_container_registry, which is given whole; required. See RegistryServes.
func RegistryAttribute(about string) schema.SingleNestedAttribute {
	return ReferenceAttribute(about, "registry, repositories, region, account and arn")
}

// Omissible makes an attribute that refers to a component optional.
func Omissible(reference schema.SingleNestedAttribute) schema.SingleNestedAttribute {
	reference.Required, reference.Optional = false, true

	return reference
}

// ReferenceAttribute refers to another component, which is given whole; required. outputs says which of its outputs are used.
func ReferenceAttribute(about, outputs string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Required:            true,
		MarkdownDescription: about,
		Attributes: map[string]schema.Attribute{
			"name":   schema.StringAttribute{Required: true, MarkdownDescription: "Name of the component."},
			"type":   schema.StringAttribute{Required: true, MarkdownDescription: "Type of the component."},
			"flavor": schema.StringAttribute{Required: true, MarkdownDescription: "Flavor of the component."},
			"outputs": schema.MapAttribute{
				Required: true, ElementType: types.StringType, MarkdownDescription: "Outputs of the component: " + outputs + ".",
			},
		},
	}
}

// Bucket is the one that a store is, or the zero value for none: statements about it are left out of policies then.
func Bucket(store *Reference) policy.Bucket {
	if store == nil {
		return policy.Bucket{}
	}

	return policy.Bucket{Name: store.Outputs["bucket"], Key: store.Outputs["kms_key"]}
}

// Repositories are the ARNs of those that a registry has; nil for none.
func Repositories(registry *Reference) []string {
	if registry == nil {
		return nil
	}

	above, _, ok := strings.Cut(registry.Outputs["arn"], ":repository/")
	if !ok {
		region := registry.Outputs["region"]
		above = naming.ARN(naming.Partition(region), "ecr", region, registry.Outputs["account"], "")
		above = strings.TrimSuffix(above, ":")
	}

	var arns []string

	for name := range strings.SplitSeq(registry.Outputs["repositories"], ",") {
		if name = strings.TrimSpace(name); name != "" {
			arns = append(arns, above+":repository/"+name)
		}
	}

	return arns
}

// Referred is an output of the component that an attribute refers to, as far as it is known: a text, nil where there is no
// such component or output, or zenml.Unknown.
func Referred(v flavor.Values, attribute, output string) any {
	reference, ok := v[attribute].(map[string]any)
	if !ok {
		return unknownOrNil(v[attribute])
	}

	outputs, ok := reference["outputs"].(map[string]any)
	if !ok {
		return unknownOrNil(reference["outputs"])
	}

	return outputs[output]
}

func unknownOrNil(value any) any {
	if zenml.IsUnknown(value) {
		return value
	}

	return nil
}

// serving is what an attribute may refer to.
type serving struct {
	attribute, kind, flavor string
	// service is who uses the component, for messages: "SageMaker".
	service string
	// reason says of other flavors why they cannot serve, in words that follow "it is of the flavor X:".
	reason string
}

// StoreAnywhere is StoreServes for a service that reaches buckets of other regions.
func StoreAnywhere(attribute, service string) func(flavor.Subject) []flavor.Problem {
	return func(s flavor.Subject) []flavor.Problem { return store(attribute, service).misfit(s.Values) }
}

func store(attribute, service string) serving {
	return serving{attribute, "artifact_store", "s3", service, service + " reads and writes buckets in S3"}
}

// StoreServes is a check that an attribute of StoreAttribute refers to a bucket that a service, such as "SageMaker", can use:
// an s3 in the component's own region. What is not known yet is not refused.
func StoreServes(attribute, service string) func(flavor.Subject) []flavor.Problem {
	return func(s flavor.Subject) []flavor.Problem {
		w := store(attribute, service)
		if problems := w.misfit(s.Values); problems != nil {
			return problems
		}

		there, here := w.regions(s)
		if there == "" || here == "" || there == here {
			return nil
		}

		return w.objection(false, "Bucket in another region", fmt.Sprintf("the bucket %s of %s is in %s, and this component is in %s: %s uses "+
			"buckets of its own region.", quotedOr(Referred(s.Values, attribute, "bucket")), w.name(s.Values), there, here, service),
			"Set region of both to the same one. A bucket cannot move: its replacement begins empty.")
	}
}

// RegistryServes is a check that an attribute of RegistryAttribute refers to a registry that a service can pull from: an ecr.
// One in another region or account is warned of.
func RegistryServes(attribute, service string) func(flavor.Subject) []flavor.Problem {
	return func(s flavor.Subject) []flavor.Problem {
		w := serving{attribute, "container_registry", "ecr", service, service + " pulls images from ECR, with its role's permissions"}
		if problems := w.misfit(s.Values); problems != nil {
			return problems
		}

		var problems []flavor.Problem

		if there, here := w.regions(s); there != "" && here != "" && there != here {
			problems = append(problems, w.objection(true, "Registry in another region", fmt.Sprintf("%s is in %s, and this component is in %s: each "+
				"image crosses regions, which costs time and money, and jobs of some kinds refuse it.", w.name(s.Values), there, here),
				"Use a registry in "+here+".")...)
		}

		return append(problems, w.foreign(s)...)
	}
}

// foreign warns of a registry of another account.
func (w serving) foreign(s flavor.Subject) []flavor.Problem {
	there, ok := Referred(s.Values, w.attribute, "account").(string)
	if !ok || there == "" {
		return nil
	}

	here, ok := Account(s).(string)
	if !ok || here == there {
		return nil
	}

	return w.objection(true, "Registry of another account", fmt.Sprintf("%s is in the account %s, and this component is in the account %s: what the "+
		"role of this component may do is not enough.", w.name(s.Values), there, here),
		"Let the policies of the repositories admit the account "+here+", or use a registry of that account.")
}

// misfit refuses a component of another kind or flavor.
func (w serving) misfit(v flavor.Values) []flavor.Problem {
	given, ok := v[w.attribute].(map[string]any)
	if !ok {
		return nil
	}

	if kind, known := given["type"].(string); known && kind != w.kind {
		return w.objection(false, "Component of another type",
			fmt.Sprintf("%s is of the type %s, and one of the type %s is wanted.", quotedOr(given["name"]), kind, w.kind),
			"Give an mlstacks_"+w.kind+" of the flavor "+w.flavor+".")
	}

	if named, known := given["flavor"].(string); known && named != w.flavor {
		return w.objection(false, "Component that cannot serve", fmt.Sprintf("%s is of the flavor %s: %s.", w.name(v), named, w.reason),
			"Give an mlstacks_"+w.kind+" of the flavor "+w.flavor+".")
	}

	return nil
}

// regions are those of the other component and of this one, each "" where it is not known.
func (w serving) regions(s flavor.Subject) (there, here string) {
	there, _ = Referred(s.Values, w.attribute, "region").(string)
	if there != "" {
		here, _ = Region(s).(string)
	}

	return there, here
}

func (w serving) name(v flavor.Values) string {
	given, _ := v[w.attribute].(map[string]any)

	return w.kind + " " + quotedOr(given["name"])
}

func (w serving) objection(warning bool, summary, fact, fix string) []flavor.Problem {
	return []flavor.Problem{{
		Path: []string{w.attribute}, Warning: warning, Summary: summary, Detail: w.attribute + ": " + fact + "\n\n" + fix,
	}}
}

// quotedOr quotes a text; a name that is not known yet is left out.
func quotedOr(value any) string {
	if text, ok := value.(string); ok {
		return fmt.Sprintf("%q", text)
	}

	return "(not known yet)"
}
