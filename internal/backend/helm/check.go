package helm

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
)

// Problem is what a chart's schema says against values.
type Problem struct {
	// Path leads to the value, through keys of objects and indexes of lists.
	Path []string
	// Message says what is wrong with it.
	Message string
}

// String is path and message.
func (p Problem) String() string {
	if len(p.Path) == 0 {
		return p.Message
	}

	return strings.Join(p.Path, ".") + ": " + p.Message
}

// Check judges values, merged over the chart's, by values.schema.json of the chart and of the charts in it. It contacts
// nobody. What is Unknown, and what might be right or wrong because of it, is passed over.
func (c *Chart) Check(values map[string]any) []Problem {
	parsed, err := c.open()
	if err != nil {
		return []Problem{{Message: err.Error()}}
	}

	given, unknown := known(values)

	given, err = plain(given)
	if err != nil {
		return []Problem{{Message: err.Error()}}
	}

	skip := undecided(parsed, unknown)

	if err := chartutil.ProcessDependencies(parsed, given); err != nil {
		return []Problem{{Message: err.Error()}}
	}

	all, err := util.CoalesceValues(parsed, given)
	if err != nil {
		return []Problem{{Message: err.Error()}}
	}

	problems := check(parsed, all, unknown, skip)

	slices.SortStableFunc(problems, func(a, b Problem) int { return slices.Compare(a.Path, b.Path) })

	return slices.CompactFunc(problems, func(a, b Problem) bool { return a.String() == b.String() })
}

// undecided are the charts within of which nobody can say yet whether they are installed.
func undecided(c *chart.Chart, unknown [][]string) map[string]bool {
	skip := map[string]bool{}

	for _, dependency := range c.Metadata.Dependencies {
		name := dependency.Name
		if dependency.Alias != "" {
			name = dependency.Alias
		}

		var deciding [][]string
		for condition := range strings.SplitSeq(dependency.Condition, ",") {
			deciding = append(deciding, strings.Split(strings.TrimSpace(condition), "."))
		}

		for _, tag := range dependency.Tags {
			deciding = append(deciding, []string{"tags", tag})
		}

		skip[name] = slices.ContainsFunc(unknown, func(path []string) bool {
			return len(path) == 1 && path[0] == name || slices.ContainsFunc(deciding, func(by []string) bool {
				return within(path, by) || within(by, path)
			})
		})
	}

	return skip
}

func check(c *chart.Chart, values map[string]any, unknown [][]string, skip map[string]bool) []Problem {
	for _, path := range unknown {
		hold(values, path)
	}

	var problems []Problem

	if len(c.Schema) > 0 {
		problems = checkOne(c.Schema, values, unknown)
	}

	for _, below := range c.Dependencies() {
		name := below.Name()

		inner, ok := values[name].(map[string]any)
		if !ok || skip[name] {
			continue
		}

		var inside [][]string

		for _, path := range unknown {
			switch {
			case path[0] == name && len(path) > 1:
				inside = append(inside, path[1:])
			case path[0] == "global":
				inside = append(inside, path)
			}
		}

		for _, problem := range check(below, inner, inside, nil) {
			problem.Path = append([]string{name}, problem.Path...)
			problems = append(problems, problem)
		}
	}

	return problems
}

// hold puts null where something will be, so that it is not reported missing.
func hold(values map[string]any, path []string) {
	for i, key := range path {
		if i == len(path)-1 {
			values[key] = nil

			return
		}

		next, there := values[key]
		if !there {
			next = map[string]any{}
			values[key] = next
		}

		below, ok := next.(map[string]any)
		if !ok {
			// A list holds its own; anything else has been replaced.
			return
		}

		values = below
	}
}

func checkOne(schema []byte, values map[string]any, unknown [][]string) []Problem {
	compiled, err := compile(schema)
	if err != nil {
		return []Problem{{Message: fmt.Sprintf("the chart's values.schema.json cannot be used: %v", err)}}
	}

	var invalid *jsonschema.ValidationError

	err = compiled.Validate(values)
	if !errors.As(err, &invalid) {
		return nil
	}

	v := verdict{unknown: unknown}
	v.collect(invalid, false)

	return v.problems
}

// within says that a path is at or below another.
func within(path, above []string) bool {
	return len(path) >= len(above) && slices.Equal(path[:len(above)], above)
}
