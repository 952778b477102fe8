package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/browser"
)

// The way of a user: apply, write the page to a file as the example says, and open it.
func TestStackPage_OpensFromWhatTerraformPrints(t *testing.T) {
	t.Parallel()

	chromium := browser.Start(t)
	cli := acctest.NewCLI(t, configuration(t, filepath.Join(examples, "data-sources", "mlstacks_stack_page", "data-source.tf")))

	output, err := cli.Run(t, "apply", "-auto-approve")
	if err != nil || strings.Contains(output, "<!DOCTYPE") {
		t.Fatalf("apply fails, or shows the page: %v\n%s", err, output)
	}

	command := cli.Command(t.Context(), "output", "-raw")
	command.Args = append(command.Args, "page") // names come after all options

	html, err := command.Output()
	must(t, err)

	file := filepath.Join(t.TempDir(), "laptop.html")
	must(t, os.WriteFile(file, html, 0o600))

	p := chromium.ShowFile(t, file, browser.Screen{Width: 1280, Height: 4000})
	p.Screenshot(t, "cli")

	var shown []string

	p.Evaluate(t, `["h1", "#c0 h3", "#c1 h3", ".pill"].map(at => document.querySelector(at).innerText)`, &shown)

	if !slices.Equal(shown, []string{"laptop", "pipelines", "artifacts", "Fits together"}) {
		t.Errorf("the page shows %q", shown)
	}

	for _, fault := range p.Faults() {
		t.Error(fault)
	}

	succeeds(t, cli, "plan", "-detailed-exitcode")
}

const page = `
data "mlstacks_stack_page" "x" {
  stack = mlstacks_stack.x
}

output "page" {
  value     = data.mlstacks_stack_page.x.html
  sensitive = true
}
`

// The CLI itself waits while it plans a change of the stack; a page of what is there is known at once.
func TestStackPage_IsKnownAtPlanWhenTheStackIsThere(t *testing.T) {
	t.Parallel()

	acctest.Run(t,
		resource.TestStep{Config: chatty},
		resource.TestStep{Config: chatty + page, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectKnownOutputValue("page", knownvalue.StringRegexp(acctest.SaysAll("<h1><bdi>chatty</bdi></h1>", "discord", "custom/neo4j", "</html>"))),
		}}},
		resource.TestStep{Config: chatty + page, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestStackPage_WaitsForTheStack(t *testing.T) {
	t.Parallel()

	config := later(`"https://later.example.com"`) + strings.ReplaceAll(chatty, `"https://mlflow.example.com"`, "terraform_data.later.output") + page

	acctest.Run(t,
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("page")}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("page", knownvalue.StringRegexp(acctest.Says(`href="https://later.example.com"`)))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestStackPage_TakesOnlyAStack(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: localOrchestrator + `
data "mlstacks_stack_page" "x" {
  stack = mlstacks_orchestrator.local
}`,
		ExpectError: acctest.SaysAll(`attribute "stack"`, "are required"),
	})
}
