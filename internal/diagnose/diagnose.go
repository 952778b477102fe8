// Package diagnose turns errors into diagnostics. It is the one place that words failures: a summary with verb and
// thing, then the fact with its value, then what to do.
package diagnose

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Verb is what could not be done, and what to do where nobody knows better.
type Verb struct{ word, next string }

// The operations that fail.
var (
	// Plan is the look ahead at a creation.
	Plan   = Verb{"create", "Mend the cause, then plan again; nothing was done."}
	Create = Verb{"create", "Mend the cause, then apply again; what was made is kept."}
	Read   = Verb{"read", "Mend the cause, then plan again; the state keeps what it knew."}
	Update = Verb{"update", "Mend the cause, then apply again; what was changed is kept."}
	Delete = Verb{"delete", "Mend the cause, then destroy again; what was deleted stays so."}
)

// Bug reports what only a mistake in this provider explains.
func Bug(format string, args ...any) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider bug", fmt.Sprintf(format, args...)+
		".\n\nThis is a mistake in the provider, not in your configuration. Please report it with the configuration that led to it.")
}

// NoFlavor reports a component without a flavor.
func NoFlavor(kind flavor.Kind) diag.Diagnostic {
	return diag.NewErrorDiagnostic("No flavor set",
		fmt.Sprintf("%s needs exactly one flavor, and none is set.\n\nSet one of: %s.", article(kind), names(kind)))
}

// NoCluster reports a component without the cluster it would live in.
func NoCluster(kind flavor.Kind, f flavor.Flavor) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(f.Name), "No cluster set",
		fmt.Sprintf("The flavor %s of %s lives in a Kubernetes cluster, and cluster is not set.\n\nSet cluster = mlstacks_cluster.<name>, or "+
			"cluster = data.mlstacks_cluster.<name> for one that exists.", f.Name, words(kind)))
}

// Asleep reports a component that cannot be looked at because its cluster is stopped or was replaced.
func Asleep(kind flavor.Kind, f flavor.Flavor, name string, err error) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(f.Name), fmt.Sprintf("Cannot read %s %q now", words(kind), name),
		sentence(err.Error())+"\n\nThe state keeps what it knew. Applying the cluster decides what becomes of it.")
}

// TwoFlavors reports a component with a second flavor.
func TwoFlavors(at path.Path, kind flavor.Kind, first, second string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Two flavors set",
		fmt.Sprintf("%s needs exactly one flavor; %q and %q are both set.\n\nRemove one of them, or make a second component.",
			article(kind), first, second))
}

// Configuration reports a configuration that ZenML would refuse. written is the attribute the user wrote or has to
// write, as a dotted path.
func Configuration(at path.Path, kind flavor.Kind, f flavor.Flavor, written string, p zenml.Problem) diag.Diagnostic {
	detail := written + ": " + closed(p.Message)
	if p.Fix != "" {
		detail += "\n\n" + closed(p.Fix)
	}

	return diag.NewAttributeErrorDiagnostic(at, "Invalid "+words(kind)+" "+f.Name, detail+"\n\nRule: "+p.Rule)
}

// ImportID reports an import identifier that does not parse.
func ImportID(kind flavor.Kind, id string) diag.Diagnostic {
	name, _, _ := strings.Cut(id, "/")
	forms := fmt.Sprintf("Flavors of %s: %s. For a flavor of your own: custom/<name of the flavor>/<identifier>.", words(kind), names(kind))

	if _, known := kind.Flavor(name); known {
		name = "" // the flavor is right, the rest is missing
	}

	return importID(id, "<flavor>/<identifier>", suggest(name, flavorNames(kind)), forms,
		fmt.Sprintf("mlstacks_%s.this %s/main", kind.Name, kind.Flavors[0].Name))
}

// ClusteredImportID reports an import identifier that does not say where in which cluster.
func ClusteredImportID(kind flavor.Kind, f flavor.Flavor, id string) diag.Diagnostic {
	return importID(id, f.Name+"/<flavor of the cluster>/<its name>/<namespace>/<name>", "",
		"It is found in a cluster, so the identifier says in which.",
		fmt.Sprintf("mlstacks_%s.this %s/k3d/dev/mlstacks/main", kind.Name, f.Name))
}

// FlavorImportID reports an import identifier of a custom flavor that does not parse.
func FlavorImportID(id string) diag.Diagnostic {
	return importID(id, "<component_type>/<name>", "", "", "mlstacks_flavor.this artifact_store/lakefs")
}

// StackImportID reports an import identifier that cannot be the name of a stack.
func StackImportID(id string) diag.Diagnostic {
	return importID(id, "<name of the stack>", "", "A name has letters, digits, underscores and hyphens.", "mlstacks_stack.this prod")
}

func importID(id, form, guess, forms, example string) diag.Diagnostic {
	if forms != "" {
		forms = "\n\n" + forms
	}

	return diag.NewErrorDiagnostic("Invalid import identifier",
		fmt.Sprintf("%q is not of the form %s.%s%s\n\nFor example: terraform import %s", id, form, guess, forms, example))
}

// Failure reports an operation that failed, on the attribute at fault where the driver names one.
func Failure(verb Verb, kind flavor.Kind, f flavor.Flavor, name string, err error) diag.Diagnostic {
	var (
		fault *flavor.AttributeError
		at    = path.Root(f.Name)
		fix   string
	)

	if errors.As(err, &fault) {
		for _, step := range fault.Attribute {
			at = at.AtName(step)
		}

		fix = fault.Fix
	}

	if fix == "" {
		fix = verb.fix(err, fixReach)
	}

	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Cannot %s %s %q", verb.word, words(kind), name), sentence(err.Error())+"\n\n"+fix)
}

// fixReach is what to do about what does not answer.
const fixReach = "Check that it can be reached from here, then try again."

// fix is what to do about a failure where whoever failed does not say; reach is for what does not answer.
func (v Verb) fix(err error, reach string) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("It did not finish in time. Raise timeouts.%s, then try again.", v.word)
	case errors.Is(err, context.Canceled):
		return "It was interrupted. Apply again to finish it."
	case errors.Is(err, flavor.ErrUnreachable):
		return reach
	default:
		return v.next
	}
}

// Notices report what a user should know of an operation that succeeded.
func Notices(kind flavor.Kind, f flavor.Flavor, name string, notices []string) diag.Diagnostics {
	return about(path.Root(f.Name), fmt.Sprintf("%s %q", words(kind), name), notices)
}

// about warns of each notice.
func about(at path.Path, what string, notices []string) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, notice := range notices {
		diags.AddAttributeWarning(at, "About "+what, notice)
	}

	return diags
}

// Lookup reports something that was looked for and not found, or that could not be asked.
func Lookup(at path.Path, kind flavor.Kind, name string, err error) diag.Diagnostic {
	fix := "Check the name and where it is looked for, then try again."
	if errors.Is(err, flavor.ErrUnreachable) {
		fix = fixReach
	}

	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Cannot find %s %q", words(kind), name), sentence(err.Error())+"\n\n"+fix)
}

// NoSuchFlavor reports a flavor that a kind does not have, or that none has what is asked for.
func NoSuchFlavor(at path.Path, kind flavor.Kind, name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "No such flavor of "+words(kind),
		fmt.Sprintf("%q is none of its flavors.%s\n\nUse one of: %s.", name, suggest(name, flavorNames(kind)), names(kind)))
}

func flavorNames(kind flavor.Kind) []string {
	list := make([]string, 0, len(kind.Flavors))
	for _, f := range kind.Flavors {
		list = append(list, f.Name)
	}

	return list
}

func names(kind flavor.Kind) string { return strings.Join(flavorNames(kind), ", ") }

func words(kind flavor.Kind) string { return strings.ReplaceAll(kind.Name, "_", " ") }

func article(kind flavor.Kind) string {
	if strings.ContainsRune("aeiou", rune(kind.Name[0])) {
		return "An " + words(kind)
	}

	return "A " + words(kind)
}

// closed ends a text with a full stop, unless it ends a sentence already.
func closed(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}

	return text + "."
}

func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}

	return closed(string(unicode.ToUpper(first)) + text[size:])
}

func suggest(written string, known []string) string {
	if near := zenml.DidYouMean(written, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}

	return ""
}

// Composition reports an objection to a stack, on the slot at fault.
func Composition(at path.Path, p compose.Problem) diag.Diagnostic {
	var detail strings.Builder

	detail.WriteString(closed(p.Message))

	if p.Because != "" {
		detail.WriteString("\n\nBecause: " + closed(p.Because))
	}

	if p.Fix != "" {
		detail.WriteString("\n\n" + closed(p.Fix))
	}

	detail.WriteString("\n\nRule: " + p.ID)

	if p.Severity == compose.Warning {
		return diag.NewAttributeWarningDiagnostic(at, p.Summary, detail.String())
	}

	return diag.NewAttributeErrorDiagnostic(at, p.Summary, detail.String())
}
