// Package corpus judges stacks whose verdict is known, line by line, and says where this project and ZenML differ.
//
// A line is a JSON object: id, components (type → component or list of components; a component has flavor,
// configuration and connector), valid, errors [{kind, type, missing}] and tags. Only components is required; without
// a verdict a stack is judged but not compared.
package corpus

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Report says how far the verdicts agree.
type Report struct {
	// Agreed counts the stacks on which validity and every error agree, Unjudged those without a verdict.
	Agreed, Unjudged int
	// Deliberate are differences that the table of deliberate differences explains, Differing all others.
	Deliberate, Differing []Difference
	// ImageBuilderDefault says in which of ZenML's two settings the verdicts were compared.
	ImageBuilderDefault bool
}

// Difference is a stack on which the verdicts differ. Wanted and Got list errors as kind/type, sorted.
type Difference struct {
	ID          string
	Wanted, Got []string
	// Rules are the ids of the rules that objected here.
	Rules []string
	// Reason is set when the difference is deliberate.
	Reason string
}

type line struct {
	ID         string                     `json:"id"`
	Components map[string]json.RawMessage `json:"components"`
	Valid      *bool                      `json:"valid"`
	Errors     []verdict                  `json:"errors"`
	text       string
}

type verdict struct {
	Kind    string   `json:"kind"`
	Type    string   `json:"type"`
	Missing []string `json:"missing"`
}

type component struct {
	Name          string          `json:"name"`
	Flavor        string          `json:"flavor"`
	Configuration map[string]any  `json:"configuration"`
	Connector     json.RawMessage `json:"connector"`
}

// Judge reads lines, plain or gzipped, and compares each verdict with ours. The one setting of ZenML that changes
// verdicts, whether it adds an image builder by itself, is read off them: only without it can a builder be missing.
func Judge(r io.Reader) (Report, error) {
	lines, err := read(r)
	if err != nil {
		return Report{}, err
	}
	report := Report{ImageBuilderDefault: !slices.ContainsFunc(lines, func(l line) bool {
		return slices.ContainsFunc(l.Errors, func(v verdict) bool { return slices.Contains(v.Missing, "image_builder") })
	})}
	checker := compose.Checker{ImageBuilderDefault: report.ImageBuilderDefault}
	for _, l := range lines {
		stack, err := l.stack()
		if err != nil {
			return Report{}, fmt.Errorf("stack %s: %w", l.ID, err)
		}
		problems := slices.DeleteFunc(checker.Check(stack), func(p compose.Problem) bool { return p.Severity != compose.Error })
		if l.Valid == nil {
			report.Unjudged++
			continue
		}
		d, same := l.compare(problems)
		switch {
		case same:
			report.Agreed++
		case d.Reason != "":
			report.Deliberate = append(report.Deliberate, d)
		default:
			report.Differing = append(report.Differing, d)
		}
	}
	return report, nil
}

func read(r io.Reader) ([]line, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("read gzip: %w", err)
		}
		buffered = bufio.NewReader(unzipped)
	}
	var lines []line
	for number := 1; ; number++ {
		text, err := buffered.ReadString('\n')
		if strings.TrimSpace(text) != "" {
			l := line{text: text}
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				return nil, fmt.Errorf("line %d: %w", number, err)
			}
			if l.ID == "" {
				l.ID = fmt.Sprintf("line %d", number)
			}
			lines = append(lines, l)
		}
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// stack takes the components the way everything from ZenML comes in.
func (l line) stack() (compose.Stack, error) {
	var s compose.Stack
	for _, componentType := range slices.Sorted(maps.Keys(l.Components)) {
		components, err := decode(l.Components[componentType])
		if err != nil {
			return s, fmt.Errorf("%s: %w", componentType, err)
		}
		for i, c := range components {
			connector, err := decodeConnector(c.Connector)
			if err != nil {
				return s, fmt.Errorf("%s: connector: %w", componentType, err)
			}
			adapted := compose.Adapt(componentType, c.Flavor, c.Configuration, connector)
			adapted.Name = c.Name
			if len(components) > 1 {
				adapted.Slot = fmt.Sprintf("%s[%d]", componentType, i)
			}
			s.Components = append(s.Components, adapted)
		}
	}
	return s, nil
}

// decode reads one component or a list of them; null is none. Numbers keep the difference between 1 and 1.0.
func decode(raw json.RawMessage) ([]component, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	var components []component
	if raw[0] != '[' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&components); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return components, nil
}

func decodeConnector(raw json.RawMessage) (*zenml.Connector, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	if raw[0] == '"' {
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		return &zenml.Connector{Type: name}, nil
	}
	var c struct {
		Type          string   `json:"type"`
		ResourceTypes []string `json:"resource_types"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return &zenml.Connector{Type: c.Type, ResourceTypes: c.ResourceTypes}, nil
}

// compare sets the wanted errors beside ours. ZenML reports the first objection of each component only, so ours are
// counted once per component as well.
func (l line) compare(problems []compose.Problem) (Difference, bool) {
	d := Difference{ID: l.ID}
	for _, v := range l.Errors {
		d.Wanted = append(d.Wanted, describe(v.Kind, v.Type, v.Missing))
	}
	d.Got = errorsOf(problems)
	for _, p := range problems {
		d.Rules = append(d.Rules, p.ID)
	}
	slices.Sort(d.Wanted)
	slices.Sort(d.Rules)
	d.Rules = slices.Compact(d.Rules)
	if slices.Equal(d.Wanted, d.Got) && *l.Valid == (len(problems) == 0) {
		return d, true
	}
	d.Reason = l.deliberate(d, problems)
	return d, false
}

// errorsOf lists problems as ZenML would have: per component one for its configuration, one for its connector and
// one for the composition.
//
// What it refuses only when a component is made, it refuses only in a stack whose components are otherwise in order.
func errorsOf(problems []compose.Problem) []string {
	seen := map[string]bool{}
	early := slices.ContainsFunc(problems, func(p compose.Problem) bool {
		return p.Source == compose.SourceZenML && p.Kind != compose.KindComposition && p.Stage != zenml.StageInstantiate
	})
	problems = slices.DeleteFunc(slices.Clone(problems), func(p compose.Problem) bool { return early && p.Stage == zenml.StageInstantiate })
	var out []string
	for _, p := range problems {
		stage := ""
		if p.Kind == compose.KindConfig && p.Stage == zenml.StageConnector {
			stage = p.Stage
		}
		key := strings.Join([]string{p.Kind, p.Subject.Kind, p.Subject.Slot, stage}, "|")
		if p.Kind == compose.KindCardinality || p.Kind == compose.KindMissing {
			key = p.Kind + "|" + p.Subject.Kind
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		var missing []string
		if p.Kind == compose.KindComposition && p.ID != "huggingface-deployer-needs-registry" { // ZenML words this one as a plain refusal
			missing = p.Missing
		}
		out = append(out, describe(p.Kind, p.Subject.Kind, missing))
	}
	slices.Sort(out)
	return out
}

func describe(kind, componentType string, missing []string) string {
	text := kind + "/" + componentType
	if len(missing) > 0 {
		text += " without " + strings.Join(slices.Sorted(slices.Values(missing)), "+")
	}
	return text
}
