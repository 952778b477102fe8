package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const (
	idOfferedKind   = "mlstacks-kind-offered"
	idOfferedFlavor = "mlstacks-flavor-offered"
	idOneProvider   = "mlstacks-one-provider"
)

const (
	becauseRecipe      = "it has no recipe for any other"
	becauseOneProvider = "the tool deploys a stack to one provider"
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
			Because: becauseRecipe, Waivable: true,
		},
		{
			ID: idOfferedFlavor, Kind: KindTarget, Source: SourceMLStacks, About: about, Demand: "The mlstacks tool offers every component's flavor for the stack's provider.",
			Because: becauseRecipe, Waivable: true,
		},
		{
			ID: idOneProvider, Kind: KindTarget, Source: SourceMLStacks, About: about, Demand: "Every component is at the stack's provider, as far as its flavor or its address tells.",
			Because: becauseOneProvider, Waivable: true,
		},
	}
}

// checkTarget holds a stack to the mlstacks tool's table when it names a provider of that tool. What the table does not
// offer is not refused a second time for its provider, unless the stack waives the first.
func (c Checker) checkTarget(s Stack) []Problem {
	if s.Target == "" {
		return nil
	}
	kinds, known := offered[s.Target]
	if !known {
		return []Problem{{
			ID: idOfferedKind, Kind: KindTarget, Source: SourceMLStacks, Summary: "Unknown provider", Message: fmt.Sprintf("The mlstacks tool has no provider %q.", s.Target),
			Because: becauseRecipe, Fix: "Use one of: " + strings.Join(Targets(), ", ") + ".",
		}}
	}
	var problems []Problem
	for i := range s.Components {
		part := &s.Components[i]
		if part.Unknown {
			continue
		}
		refusal, refused := refuseOffer(part, s.Target, kinds)
		if refused {
			problems = append(problems, refusal)
		}
		if provider := providerOf(part); provider != "" && provider != s.Target && (!refused || slices.Contains(c.Waive, refusal.ID)) {
			problems = append(problems, Problem{
				ID: idOneProvider, Kind: KindTarget, Source: SourceMLStacks, Subject: part.party(), Summary: fmt.Sprintf("%s is not on %s", part.label(), s.Target),
				Message: fmt.Sprintf("%s is on %s, and the stack's target is %s.", part.label(), provider, s.Target),
				Because: becauseOneProvider, Fix: fmt.Sprintf("Use one that is on %s.", s.Target),
			})
		}
	}
	return problems
}

// refuseOffer says that the tool does not offer a component where the stack is to run.
func refuseOffer(c *Component, target string, kinds map[string][]string) (p Problem, refused bool) {
	p = Problem{
		Kind: KindTarget, Source: SourceMLStacks, Subject: c.party(), Summary: fmt.Sprintf("The mlstacks tool does not offer %s on %s", c.label(), target),
		Because: becauseRecipe,
	}
	flavors, hasKind := kinds[c.Kind]
	switch {
	case !hasKind:
		p.ID, p.Message = idOfferedKind, fmt.Sprintf("The mlstacks tool offers no %s on %s.", c.Kind, target)
		p.Fix = "Leave it out."
	case !slices.ContainsFunc(flavors, func(pattern string) bool { return isOffered(pattern, c) }):
		p.ID, p.Message = idOfferedFlavor, fmt.Sprintf("The mlstacks tool does not offer %s on %s.", c.label(), target)
		p.Fix = "Use one of: " + strings.Join(flavors, ", ") + "."
	default:
		return p, false
	}
	if len(kinds) == 0 {
		p.Fix = "Use one of the providers " + strings.Join(Targets(), ", ") + "."
	}
	return p, true
}

func isOffered(pattern string, c *Component) bool {
	hit, _ := path.Match(pattern, c.flavor())
	return hit
}

// providerFlavors are the flavors that exist at one provider only. Names are ours.
var providerFlavors = []struct{ provider, on string }{
	{"aws", "*/:s3|:ecr|:sagemaker|:skypilot_aws|:codebuild|:app_runner|:rds|:cloudwatch"},
	{"aws", "secrets_manager/:aws"},
	{"gcp", "*/:gcs|:artifact_registry|:vertex|:skypilot_gcp|:cloud_build|:cloud_run|:cloud_sql|:cloud_monitoring"},
	{"gcp", "secrets_manager/:gcp"},
	{"azure", "*/:azure_blob|:acr|:azureml|:skypilot_azure"},
	{"lambda", "*/:skypilot_lambda"},
	{"k3d", "*/:k3d"},
}

// providerHosts are the domains of which a provider hands out the names below.
var providerHosts = []struct{ provider, domain string }{
	{"aws", "amazonaws.com"},
	{"aws", "amazonaws.com.cn"},
	{"aws", "on.aws"},
	{"aws", "awsapprunner.com"},
	{"aws", "public.ecr.aws"},
	{"gcp", "googleapis.com"},
	{"gcp", "run.app"},
	{"gcp", "pkg.dev"},
	{"gcp", "gcr.io"},
	{"azure", "azurecr.io"},
	{"azure", "azure.com"},
	{"azure", "azureml.ms"},
	{"azure", "core.windows.net"},
	{"azure", "azurecontainerapps.io"},
}

// providerOf tells at which provider a component is, where that follows from its flavor or its address; else "".
func providerOf(c *Component) string {
	for _, row := range providerFlavors {
		if matches(row.on, c) && ownEndpoint(c) == zenml.False {
			return row.provider
		}
	}
	host := hostOf(text(c.URI))
	for _, row := range providerHosts {
		if host == row.domain || strings.HasSuffix(host, "."+row.domain) {
			return row.provider
		}
	}
	return ""
}
