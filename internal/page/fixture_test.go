package page_test

import (
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/page"
)

var (
	machine = page.Place{Label: "This machine", Tone: page.Gray}
	k3d     = page.Place{Label: "Kubernetes cluster dev (k3d)", Tone: page.Blue}
	eks     = page.Place{Label: "Kubernetes cluster prod (eks)", Tone: page.Blue}
	aws     = page.Place{Label: "Amazon Web Services", Tone: page.Amber}
	remote  = page.Place{Label: "Services elsewhere", Tone: page.Violet}
	custom  = page.Place{Label: "Custom flavors", Tone: page.Teal}
)

const mermaid = "flowchart LR\n  subgraph p0[\"This machine\"]\n    n0[\"laptop<br/>orchestrator: local\"]\n  end\n"

// laptop is a small stack that nothing is said against.
func laptop() page.Stack {
	return page.Stack{Name: "laptop", Mermaid: mermaid, ZenML: "0.98.0", Components: []page.Component{
		{Slot: "orchestrator", Kind: "orchestrator", Name: "pipelines", Flavor: "local", Pipelines: true, Place: machine},
		{Slot: "artifact_store", Kind: "artifact_store", Name: "artifacts", Flavor: "local", Place: machine, URI: "/home/ada/stack/artifacts"},
		{
			Slot: "experiment_tracker", Kind: "experiment_tracker", Name: "tracker", Flavor: "mlflow_local", Place: machine,
			URI: "sqlite:////home/ada/stack/mlflow.db",
		},
	}, Environment: map[string]string{"MLFLOW_TRACKING_URI": "sqlite:////home/ada/stack/mlflow.db"}}
}

// large is a stack with a component of each of fifteen kinds, in two clusters, AWS and elsewhere, with findings of each sort,
// names as long as they come, and texts that are not English.
func large() page.Stack {
	long := strings.Repeat("acme-production-", 3) + "eu-central-1"

	return page.Stack{
		Name: "prod", ZenML: "0.98.0", Mermaid: mermaid,
		Components: []page.Component{
			{Slot: "orchestrator", Kind: "orchestrator", Name: "pipelines", Flavor: "kubernetes", Pipelines: true, Place: k3d, Connector: "dev-cluster"},
			{
				Slot: "artifact_store", Kind: "artifact_store", Name: long, Flavor: "s3", Place: aws, Amazon: true, Region: "eu-central-1",
				URI: "s3://acme-ml-artifacts/team/project",
			},
			{
				Slot: "container_registry", Kind: "container_registry", Name: "images", Flavor: "ecr", Place: aws,
				URI: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/ml", Connector: "aws-prod",
			},
			{Slot: "experiment_tracker", Kind: "experiment_tracker", Name: "tracker", Flavor: "mlflow", Place: k3d, URI: "http://192.0.2.7:30500"},
			{Slot: "model_registry", Kind: "model_registry", Name: "models", Flavor: "mlflow", Place: k3d},
			{Slot: "metadata_store", Kind: "metadata_store", Name: "metadata", Flavor: "postgres", Place: k3d, URI: "postgresql://192.0.2.7:30432/metadata"},
			{Slot: "model_deployer", Kind: "model_deployer", Name: "serving", Flavor: "seldon", Place: eks, URI: "https://serving.example.com/"},
			{Slot: "monitoring", Kind: "monitoring", Name: "metrics", Flavor: "prometheus", Place: eks},
			{Slot: "step_operator", Kind: "step_operator", Name: "training", Flavor: "sagemaker", Place: aws},
			{Slot: "image_builder", Kind: "image_builder", Name: "docker", Flavor: "local", Place: machine},
			{Slot: "secrets_manager", Kind: "secrets_manager", Name: "secrets", Flavor: "aws", Place: aws, URI: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ml"},
			{Slot: "alerter", Kind: "alerter", Name: "chat", Flavor: "slack", Place: remote},
			{Slot: "additional_alerters[0]", Kind: "alerter", Name: "ops", Flavor: "discord", Place: remote},
			{Slot: "data_validator", Kind: "data_validator", Name: "expectations", Flavor: "great_expectations", Place: machine, URI: "/srv/ml/Erwartungen/Überprüfung"},
			{Slot: "feature_store", Kind: "feature_store", Name: "features", Flavor: "custom/lakefs", Place: custom, URI: "gs://acme-features/خصائص"},
		},
		Findings: []page.Finding{
			{
				Rule: "kubernetes-needs-remote-registry", Waived: true, Slot: "container_registry",
				Message: `orchestrator "pipelines" (kubernetes) cannot pull from container_registry "images". The stack waives the rule, so this is only a warning.`,
				Because: "its pods run on other machines, which cannot reach what only this one can.",
				Fix:     "As container_registry use one of: ecr, ghcr, k3d.",
			},
			{
				Rule: "plain-http-with-remote", Slot: "experiment_tracker",
				Message: "experiment_tracker \"tracker\" (mlflow) is reached over plain HTTP.", Because: "what is sent can be read on the way.",
			},
		},
		Secrets: []string{"discord.token", "slack.token", "tracker.password", "tracker.username", "whole"},
		Environment: map[string]string{
			"MLFLOW_TRACKING_URI": "http://192.0.2.7:30500", "FEAST_GRUSS": "Grüße an 'alle'", "AWS_REGION": "eu-central-1",
		},
	}
}

// hostile is a stack whose texts try to be more than texts.
func hostile() page.Stack {
	s := page.Stack{
		Name:    `</title><script>alert("name")</script>`,
		Mermaid: "flowchart LR\n</code></pre><script>alert('mermaid')</script>",
		ZenML:   "<i>0</i>",
		Components: []page.Component{
			{
				Slot: `orchestrator"><script>`, Kind: "orchestrator<b>", Name: `"><img src=x onerror=alert(1)>`, Flavor: "custom/<svg onload=alert(2)>", Pipelines: true,
				Place: page.Place{Label: "</text><script>alert(3)</script>", Tone: page.Gray}, URI: "javascript:alert(document.domain)", Connector: "'onclick='alert(4)",
			},
		},
		Findings:    []page.Finding{{Rule: "<b>rule</b>", Error: true, Slot: `orchestrator"><script>`, Message: "<script>alert(5)</script>", Because: "<a href='javascript:alert(6)'>", Fix: "<style>*{}</style>"}},
		Secrets:     []string{"</code><script>.key", "$(rm -rf ~).`id`"},
		Environment: map[string]string{"A": "'; rm -rf / #", "B=1;C": "dropped", "URL": "https://ada:lovelace@example.com/x"},
	}

	for _, uri := range []string{
		"JaVaScRiPt://host/%0aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "https://ada:lovelace@example.com/a?b=1#c",
		"http://exa mple.com", "//example.com/x", "https:", "s3://bucket/\" onmouseover=\"x", "gs://bucket/../..", "file:///etc/passwd", "\u202egpj.exe",
		"שלום-עולם-\u202e-נתיב/קובץ", strings.Repeat("endless", 60),
	} {
		s.Components = append(s.Components, page.Component{Slot: "alerter", Kind: "alerter", Name: strings.TrimPrefix(uri, "https://ada:lovelace@"), Flavor: "custom/x", Place: custom, URI: uri, Amazon: true})
	}

	return s
}

// lonely is a stack without anything that runs pipelines, as far as it got.
func lonely() page.Stack {
	return page.Stack{Name: "مكدس-التجارب", ZenML: "0.98.0", Mermaid: "flowchart LR\n", Components: []page.Component{
		{Slot: "artifact_store", Kind: "artifact_store", Name: "مخزن", Flavor: "custom/مخزن", Place: custom},
	}, Findings: []page.Finding{{Rule: "missing-orchestrator", Error: true, Message: "العنصر orchestrator مفقود.", Fix: "Add one."}}}
}
