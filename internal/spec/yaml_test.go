package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

func TestYAML_SyntaxErrorsHaveLineAndColumn(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ text, at string }{
		"colon in a text":      {"spec_version: 1\nname: a: b\n", "stack_yaml:2:8"},
		"tab":                  {"spec_version: 1\ncomponents:\n\t- a\n", "stack_yaml:3:1"},
		"quote not closed":     {"spec_version: 1\nname: \"abc\nprovider: k3d\n", "stack_yaml:2:7"},
		"bracket not closed":   {"spec_version: 1\nspec_type: stack\ncomponents: [a, b\n", "stack_yaml:3:17"},
		"indentation":          {"spec_version: 1\nspec_type: stack\n name: x\n", "stack_yaml:3:6"},
		"alias of nothing":     {"spec_version: 1\nname: *nothing\n", "stack_yaml:2:7"},
		"first line":           {"a: b: c\n", "stack_yaml:1:5"},
		"second document":      {goodStack + "---\nname: x\n", "stack_yaml:7:1"},
		"mistake in a second":  {goodStack + "---\na: b: c\n", "stack_yaml:8:5"},
		"carriage returns":     {"spec_version: 1\r\nname: a: b\r\n", "stack_yaml:2:8"},
		"after other alphabet": {"größe: ü\nname: 語語: b\n", "stack_yaml:2:9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, problems := Parse(c.text, nil, Options{})
			hasError(t, problems, RuleSyntax, c.at, "")

			if len(problems) != 1 {
				t.Errorf("more is said: %v", problems)
			}
		})
	}
}

func TestYAML_FilesThatAreNone(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ text, rule, at string }{
		"empty":        {"", RuleShape, "stack_yaml:1:1"},
		"white space":  {" \n\n", RuleShape, "stack_yaml:1:1"},
		"comments":     {"# nothing\n", RuleShape, "stack_yaml:1:1"},
		"null":         {"~\n", RuleShape, "stack_yaml:1:1"},
		"a list":       {"- a\n", RuleShape, "stack_yaml:1:1"},
		"a text":       {"hello\n", RuleShape, "stack_yaml:1:1"},
		"binary":       {"spec_version: 1\nx: \x00\n", RuleFile, "stack_yaml:2:4"},
		"Latin 1":      {"name: gr\xf6\xdfe\n", RuleFile, "stack_yaml:1:9"},
		"UTF-16":       {"\xff\xfes\x00p\x00", RuleFile, "stack_yaml:1:1"},
		"endless loop": {"&a [*a]\n", RuleShape, "stack_yaml:1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, problems := Parse(c.text, nil, Options{})
			hasError(t, problems, c.rule, c.at, "")
		})
	}
}

func TestYAML_AnchorsAliasesAndMergesAreFollowed(t *testing.T) {
	t.Parallel()

	component := "base: &base\n  spec_version: 1\n"
	_, problems := Parse(goodStack, []string{component + goodStore[len("spec_version: 1\n"):] + "<<: *base\n"}, Options{})
	hasError(t, problems, RuleUnknown, "component_yaml[0] (store.yaml):1:1", `no key "base"`)

	stack := "spec_version: 1\nspec_type: stack\nname: &name laptop\nprovider: k3d\ndefault_tags: &tags\n  team: *name\n  owner: me\ncomponents: [store.yaml]\n"
	store := goodStore + "metadata:\n  config: &config {bucket_name: acme}\n  tags:\n    <<: *config\n    owner: you\n"

	s, problems := Parse(stack, []string{store}, Options{})
	refuseErrors(t, problems)

	if s.Tags["team"] != "laptop" || s.Components[0].Labels["bucket_name"] != "acme" || s.Components[0].Labels["owner"] != "you" {
		t.Errorf("tags %v, labels %v", s.Tags, s.Components[0].Labels)
	}

	// A mistake behind an alias is where the alias is used.
	_, problems = Parse("spec_version: 1\nspec_type: stack\nname: &n a b\nprovider: *n\n", nil, Options{})
	hasError(t, problems, RuleType, "stack_yaml:4:11", `"a b"`)
}

func TestYAML_MergesInACircleEnd(t *testing.T) {
	t.Parallel()

	_, problems := Parse("&a\nspec_version: 1\n<<: *a\n", nil, Options{})
	if len(problems) == 0 {
		t.Error("nothing is said")
	}
}

// The place is found in a large file in no time.
func TestYAML_SyntaxErrorsOfLargeFilesAreFoundQuickly(t *testing.T) {
	t.Parallel()

	begun := time.Now()
	_, problems := Parse(strings.Repeat("# "+strings.Repeat("ü", 60)+"\n", 7000)+"a: b: c\n"+strings.Repeat("x: y\n", 9000), nil, Options{})
	hasError(t, problems, RuleSyntax, "stack_yaml:7001:5", "")

	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A billion laughs are not expanded: nothing reads deeper than a spec is.
func TestYAML_BombsDoNotGoOff(t *testing.T) {
	t.Parallel()

	text := "a0: &a0 [x, x]\n"
	for i := range 60 {
		n, m := string(rune('A'+i/26))+string(rune('a'+i%26)), "a0"
		if i > 0 {
			m = string(rune('A'+(i-1)/26)) + string(rune('a'+(i-1)%26))
		}

		text += n + ": &" + n + " [*" + m + ", *" + m + "]\n"
	}

	_, problems := Parse(text, nil, Options{})
	if len(problems) < 60 {
		t.Errorf("%d problems", len(problems))
	}
}

// Nor are maps that are merged into each other nine times at each of many levels.
func TestYAML_BombsOfMergedMapsDoNotGoOff(t *testing.T) {
	t.Parallel()

	text := "a: &m0 {x: y}\n"
	for i := range 15 {
		text += fmt.Sprintf("b%d: &m%d {<<: [%s]}\n", i, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*m%d, ", i), 9), ", "))
	}

	begun := time.Now()
	_, problems := Parse(text+"<<: *m15\n", nil, Options{})

	said := slices.DeleteFunc(problems, func(p Problem) bool { return !strings.Contains(p.Message, "merged") })
	if len(said) != 1 || said[0].Rule != RuleShape {
		t.Errorf("it says %v", said)
	}

	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestYAML_LinesMayEndAsOnWindowsAndBeginWithAByteOrderMark(t *testing.T) {
	t.Parallel()

	windows := func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") }

	s, problems := Parse(windows(goodStack), []string{windows(goodStore)}, Options{})
	refuseErrors(t, problems)

	if s.Name != "laptop" || len(s.Components) != 1 || s.Components[0].Name != "store" || strings.Contains(s.HCL, "\r") {
		t.Errorf("%+v", s)
	}

	_, problems = Parse(windows(edited(t, goodStack, "laptop", "my laptop")), []string{windows(goodStore)}, Options{})
	hasError(t, problems, RuleName, "stack_yaml:3:7", "my laptop")
}

func FuzzParse(f *testing.F) {
	f.Add(goodStack, goodStore)
	f.Add("&a [*a]", "<<: *b")
	f.Add(edited2(goodStack), goodStore)

	f.Fuzz(func(t *testing.T, stack, component string) {
		s, problems := Parse(stack, []string{component}, Options{StateURL: "s3://acme"})

		for _, p := range problems {
			if p.Severity == compose.Error {
				if s.HCL != "" {
					t.Errorf("a configuration beside an error: %v", p)
				}

				return
			}
		}

		sound(t, s.HCL)
	})
}

func edited2(text string) string { return strings.ReplaceAll(text, "k3d", "aws") }
