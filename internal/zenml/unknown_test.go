package zenml

import (
	"maps"
	"slices"
	"testing"
)

// A rule must wait for each of its inputs. Which these are is found by trial: where some value of a field, or its
// absence, would content the rule, it must not object while the field is unknown.
func TestRules_WaitForEachOfTheirInputs(t *testing.T) {
	t.Parallel()

	for _, c := range configCases() {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()

			objects := func(config conf) bool { return slices.Contains(rulesOf(Check(c.kind, c.flavor, config, nil)), c.rule) }
			inputs := 0

			known, _ := Lookup(c.kind, c.flavor)
			for _, field := range known.Fields {
				name := field.Name
				if !slices.ContainsFunc(contenting(c.bad, c.good, name), func(config conf) bool { return !objects(config) }) {
					continue
				}

				inputs++

				if objects(changed(c.bad, name, Unknown{})) {
					t.Errorf("it objects while %s is unknown, although a value would content it", name)
				}
			}

			if inputs == 0 && c.hide != "" {
				t.Error("no input was found that contents the rule")
			}
		})
	}
}

// An unknown part of a list or an object is as good as an unknown field to a rule that looks into it.
func TestRules_WaitForEachPartOfTheirInputs(t *testing.T) {
	t.Parallel()

	for _, c := range configCases() {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()

			if slices.Contains(rulesOf(Check(c.kind, c.flavor, c.good, nil)), c.rule) {
				t.Fatal("the rule should be content")
			}

			for name, value := range c.good {
				for _, open := range partlyUnknown(value) {
					if got := Check(c.kind, c.flavor, changed(c.good, name, open), nil); slices.Contains(rulesOf(got), c.rule) {
						t.Errorf("with %s = %v it objects: %+v", name, open, got)
					}
				}
			}
		})
	}
}

// contenting are configurations that differ in one field, of which some may content a rule.
func contenting(bad, good conf, name string) []conf {
	without := maps.Clone(bad)
	delete(without, name)

	all := []conf{without, changed(bad, name, good[name])}
	for _, value := range []any{
		nil, true, false, "", "x", int64(1), int64(1000), "https://x.example.com", "databricks", "{{a.b}}", "file:/x", []any{}, map[string]any{},
	} {
		all = append(all, changed(bad, name, value))
	}

	return all
}

func changed(config conf, name string, value any) conf {
	again := conf{}
	maps.Copy(again, config)
	again[name] = value

	return again
}

// partlyUnknown gives copies of a value with one part unknown each, the value itself first.
func partlyUnknown(value any) []any {
	all := []any{Unknown{}}

	switch value := value.(type) {
	case []any:
		for i, element := range value {
			for _, open := range partlyUnknown(element) {
				again := slices.Clone(value)
				again[i] = open
				all = append(all, again)
			}
		}
	case map[string]any:
		for key, element := range value {
			for _, open := range partlyUnknown(element) {
				all = append(all, changed(value, key, open))
			}
		}
	}

	return all
}
