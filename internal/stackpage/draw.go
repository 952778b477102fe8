package stackpage

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/page"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// errNoStack is what is no stack, such as an object that was written in place of one and lacks a part.
var errNoStack = errors.New("it is no whole stack")

// draw returns the page of a stack, as a value of stack.Type.
func (d *DataSource) draw(value tftypes.Value) (string, error) {
	whole, err := stack.Read(d.kinds, d.candidates, value)
	if err != nil {
		return "", err
	}

	if !whole.Known() || whole.Name() == "" {
		return "", errNoStack
	}

	return page.Render(pictured(whole))
}

// pictured is a stack as the page takes it.
func pictured(whole stack.Whole) page.Stack {
	s := page.Stack{
		Name: whole.Name(), Secrets: whole.RequiredSecrets(), Environment: whole.Environment(), Mermaid: whole.Diagram(), ZenML: zenml.Version,
	}

	for _, p := range whole.Parts() {
		in, region := amazon(p)
		s.Components = append(s.Components, page.Component{
			Slot: p.Slot, Kind: p.Kind.Name, Name: p.Name, Flavor: p.Flavor, Pipelines: p.Kind.Pipelines,
			Place: page.Place{Label: p.Place.String(), Tone: tones[p.Place.Runs]},
			URI:   p.URI, Amazon: in, Region: region, Connector: p.ConnectorName,
		})
	}

	for _, f := range whole.Findings() {
		s.Findings = append(s.Findings, page.Finding{
			Rule: f.ID, Error: f.Severity == compose.Error, Waived: f.Waived, Slot: f.Subject.Slot, Message: f.Message, Because: f.Because, Fix: f.Fix,
		})
	}

	return s
}

// tones are the colors of places.
var tones = map[flavor.Place]page.Tone{
	flavor.ThisMachine: page.Gray,
	flavor.InCluster:   page.Blue,
	flavor.InAWS:       page.Amber,
	flavor.Elsewhere:   page.Violet,
	flavor.WithTracker: page.Violet,
	flavor.Custom:      page.Teal,
}

// amazon says whether a component is in Amazon itself, and not on another server that speaks the language of its services,
// and in which region, as far as its clients are told.
func amazon(p stack.Part) (in bool, region string) {
	told, _ := p.Configuration["client_kwargs"].(map[string]any)
	region, _ = told["region_name"].(string)

	return p.Place.Runs == flavor.InAWS && told["endpoint_url"] == nil, region
}
