package stack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// diagram draws a stack as a Mermaid flowchart: a node for each component, a box around those that run in the same
// place, and an arrow from the orchestrator to what its pipelines use.
func diagram(components []component) string {
	var b strings.Builder

	b.WriteString("flowchart LR\n")

	places := []flavor.Place{}
	nodes := map[flavor.Place][]string{}

	for i, c := range components {
		place := flavor.Custom
		if c.ok {
			place = c.flavor.Runs
		}

		if nodes[place] == nil {
			places = append(places, place)
		}

		nodes[place] = append(nodes[place], fmt.Sprintf("    n%d[%q]\n", i,
			escape(c.Name)+"<br/>"+strings.ReplaceAll(c.kind.Name, "_", " ")+": "+escape(c.Flavor)))
	}

	for i, place := range places {
		fmt.Fprintf(&b, "  subgraph p%d[%q]\n%s  end\n", i, place, strings.Join(nodes[place], ""))
	}

	from := slices.IndexFunc(components, func(c component) bool { return c.kind.Pipelines })

	for i := range components {
		if from >= 0 && i != from {
			fmt.Fprintf(&b, "  n%d --> n%d\n", from, i)
		}
	}

	return b.String()
}

// escape keeps a text inside a quoted Mermaid label.
func escape(text string) string {
	return strings.NewReplacer(`"`, "#quot;", `\`, "#92;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(text)
}
