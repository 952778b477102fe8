package stack

import (
	"fmt"
	"slices"
	"strings"
)

// diagram draws a stack as a Mermaid flowchart: a node for each component, a box around those that run in the same
// place, and an arrow from the orchestrator to what its pipelines use.
func diagram(components []component) string {
	var b strings.Builder

	b.WriteString("flowchart LR\n")

	places := []Place{}
	nodes := map[Place][]string{}

	for i, c := range components {
		at := place(c, components)
		if nodes[at] == nil {
			places = append(places, at)
		}

		nodes[at] = append(nodes[at], fmt.Sprintf("    n%d[\"%s<br/>%s: %s\"]\n", i,
			escape(c.Name), strings.ReplaceAll(c.kind.Name, "_", " "), escape(c.Flavor)))
	}

	for i, at := range places {
		fmt.Fprintf(&b, "  subgraph p%d[\"%s\"]\n%s  end\n", i, escape(at.String()), strings.Join(nodes[at], ""))
	}

	from := slices.IndexFunc(components, func(c component) bool { return c.kind.Pipelines })

	for i := range components {
		if from >= 0 && i != from {
			fmt.Fprintf(&b, "  n%d --> n%d\n", from, i)
		}
	}

	return b.String()
}

// escape keeps a text inside a quoted Mermaid label, where it means only itself: no entity, tag, directive or Markdown.
// What is no printable character, line breaks included, becomes a space: Mermaid reads line by line.
func escape(text string) string {
	var b strings.Builder

	for _, r := range text {
		switch {
		case strings.ContainsRune(":$\\", r): // "fa:", "$$" and "\n" mean something even then, but not with a joiner in between
			fmt.Fprintf(&b, "#%d;\u2060", r)
		case strings.ContainsRune("\"#%;`&<>", r):
			fmt.Fprintf(&b, "#%d;", r)
		case r < ' ' || (r >= 0x7f && r < 0xa0) || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}

	return b.String()
}
