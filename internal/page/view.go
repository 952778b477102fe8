package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// view is a stack in the words of the template.
type view struct {
	Name, Summary       string
	Verdict             verdict
	Wide, Narrow        drawing
	Findings            []note
	Components          []card
	Secrets             []secret
	Import, Environment []string
	Create              []string
	Mermaid, ZenML      string
}

// verdict is what the findings come to. Tone is bad, fair or good.
type verdict struct{ Tone, Text string }

// note is a finding; About and Anchor lead to the component.
type note struct {
	Finding

	Tone, Label   string
	About, Anchor string
}

// card is a component.
type card struct {
	Component

	ID, What string
	Address  address
}

// secret is a secret that has to be in ZenML, with the keys that are asked for; none where it is taken whole.
type secret struct {
	Name string
	Keys []string
}

func look(s Stack) view {
	v := view{
		Name: s.Name, Summary: summarize(s.Components), Verdict: judge(s.Findings), Mermaid: s.Mermaid, ZenML: s.ZenML,
		Wide: drawWide(s.Components), Narrow: drawNarrow(s.Components),
		Import: importCommands(s.Name), Environment: exportCommands(s.Environment),
	}

	for i, c := range s.Components {
		v.Components = append(v.Components, card{Component: c, ID: anchor(i), What: what(c), Address: locate(c)})
	}

	for _, f := range s.Findings {
		v.Findings = append(v.Findings, noted(f, s.Components))
	}

	v.Secrets = groupSecrets(s.Secrets)
	v.Create = createCommands(v.Secrets)

	return v
}

func anchor(i int) string { return "c" + strconv.Itoa(i) }

// what is the kind in words, and whether it is one beside another.
func what(c Component) string {
	if strings.HasPrefix(c.Slot, "additional_") {
		return words(c.Kind) + ", additional"
	}

	return words(c.Kind)
}

func words(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

func summarize(components []Component) string {
	places := map[Place]bool{}
	for _, c := range components {
		places[c.Place] = true
	}

	return count(len(components), "component") + " in " + count(len(places), "place")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}

	return strconv.Itoa(n) + " " + noun + "s"
}

func judge(findings []Finding) verdict {
	errs, warnings, waived := 0, 0, 0

	for _, f := range findings {
		switch {
		case f.Waived:
			waived++
		case f.Error:
			errs++
		default:
			warnings++
		}
	}

	said := []string{}
	if warnings > 0 {
		said = append(said, count(warnings, "warning"))
	}

	if waived > 0 {
		said = append(said, fmt.Sprintf("%d waived", waived))
	}

	switch {
	case errs > 0:
		return verdict{"bad", "Cannot work: " + strings.Join(append([]string{count(errs, "error")}, said...), ", ")}
	case len(said) > 0:
		return verdict{"fair", "Fits together: " + strings.Join(said, ", ")}
	default:
		return verdict{"good", "Fits together"}
	}
}

func noted(f Finding, components []Component) note {
	n := note{Finding: f, Tone: "fair", Label: "Warning"}
	n.Message, n.Because, n.Fix = blot(f.Message), blot(f.Because), blot(f.Fix)

	switch {
	case f.Waived:
		n.Label = "Waived"
	case f.Error:
		n.Tone, n.Label = "bad", "Error"
	}

	at := slices.IndexFunc(components, func(c Component) bool { return c.Slot == f.Slot })
	if at >= 0 {
		n.Anchor, n.About = anchor(at), words(components[at].Kind)+" "+components[at].Name
	}

	return n
}
