package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	idOfferedKind   = "mlstacks-kind-offered"
	idOfferedFlavor = "mlstacks-flavor-offered"
	idOneProvider   = "mlstacks-one-provider"
)

// offered is the mlstacks tool's table: what it can deploy, by provider and kind. Names are ours, or ZenML's where a
// component has none of ours.
var offered = map[string]map[string][]string{
	"aws": {
		kindStore: {"s3"}, kindRegistry: {"ecr"}, kindTracker: {"mlflow", "mlflow_*"}, kindOrchestrator: {"kubeflow", "kubernetes", "sagemaker", "skypilot_*", "tekton"},
		"mlops_platform": {"zenml"}, kindModel: {"seldon"}, kindStepOperator: {"sagemaker"},
	},
	"gcp": {
		kindStore: {"gcs"}, kindRegistry: {"artifact_registry"}, kindTracker: {"mlflow", "mlflow_*"}, kindOrchestrator: {"kubeflow", "kubernetes", "skypilot_*", "tekton", "vertex"},
		"mlops_platform": {"zenml"}, kindModel: {"seldon"}, kindStepOperator: {"vertex"},
	},
	"k3d": {
		kindStore: {"minio"}, kindRegistry: {"k3d"}, kindTracker: {"mlflow", "mlflow_*"}, kindOrchestrator: {"kubeflow", "kubernetes", "tekton"},
		"mlops_platform": {"zenml"}, kindModel: {"seldon"},
	},
	"azure": {},
}

func targetRules() []Rule {
	about := []string{"*/*"}
	return []Rule{
		{
			ID: idOfferedKind, Kind: KindTarget, Source: SourceMLStacks, About: about, Demand: "The mlstacks tool offers the kind of every component for the stack's provider.",
			Because: "it has no recipe for any other", Waivable: true,
		},
		{
			ID: idOfferedFlavor, Kind: KindTarget, Source: SourceMLStacks, About: about, Demand: "The mlstacks tool offers every component's flavor for the stack's provider.",
			Because: "it has no recipe for any other", Waivable: true,
		},
		{
			ID: idOneProvider, Kind: KindTarget, Source: SourceMLStacks, About: about, Demand: "Every component has the stack's provider.",
			Because: "the tool deploys a stack to one provider", Waivable: true,
		},
	}
}

// checkTarget holds a stack to the mlstacks tool's table when it names a provider of that tool.
func checkTarget(s Stack) []Problem {
	if s.Target == "" {
		return nil
	}
	kinds, known := offered[s.Target]
	if !known {
		return []Problem{{
			ID: idOfferedKind, Kind: KindTarget, Source: SourceMLStacks, Summary: "Unknown provider", Message: fmt.Sprintf("The mlstacks tool has no provider %q.", s.Target),
			Because: "it has no recipe for any other", Fix: "Use one of: aws, gcp, k3d.",
		}}
	}
	var problems []Problem
	for i := range s.Components {
		c := &s.Components[i]
		if c.Unknown {
			continue
		}
		p := Problem{
			Kind: KindTarget, Source: SourceMLStacks, Subject: c.party(), Summary: fmt.Sprintf("The mlstacks tool does not offer %s on %s", c.label(), s.Target),
			Because: "it has no recipe for it",
		}
		if provider := text(c.Facts[FactProvider]); provider != "" && provider != s.Target {
			other := p
			other.ID, other.Message = idOneProvider, fmt.Sprintf("%s has the provider %q, the stack %q.", c.label(), provider, s.Target)
			other.Because, other.Fix = "the tool deploys a stack to one provider", fmt.Sprintf("Set its provider to %q.", s.Target)
			problems = append(problems, other)
		}
		flavors, hasKind := kinds[c.Kind]
		switch {
		case !hasKind:
			p.ID, p.Message = idOfferedKind, fmt.Sprintf("The mlstacks tool offers no %s on %s.", c.Kind, s.Target)
			p.Fix = "Leave it out, or use one of: " + strings.Join(sortedNames(kinds), ", ") + "."
		case !slices.ContainsFunc(flavors, func(pattern string) bool { return isOffered(pattern, c) }):
			p.ID, p.Message = idOfferedFlavor, fmt.Sprintf("The mlstacks tool does not offer %s on %s.", c.label(), s.Target)
			p.Fix = "Use one of: " + strings.Join(flavors, ", ") + "."
		default:
			continue
		}
		if len(kinds) == 0 {
			p.Fix = "Use one of the providers aws, gcp, k3d."
		}
		problems = append(problems, p)
	}
	return problems
}

func isOffered(pattern string, c *Component) bool {
	hit, _ := path.Match(pattern, c.flavor())
	return hit
}

func sortedNames(kinds map[string][]string) []string {
	m := map[string]any{}
	for kind := range kinds {
		m[kind] = nil
	}
	return sorted(m)
}
