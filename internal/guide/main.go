// Command guide fills the marks of a documentation template with tables computed from the provider: the composition
// rules and the catalog. It rewrites the files it is given in place.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

func main() {
	log.SetFlags(0)

	for _, file := range os.Args[1:] {
		if err := fill(file); err != nil {
			log.Fatal(err)
		}
	}
}

func fill(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}

	text = bytes.ReplaceAll(text, []byte("<!-- rules -->"), []byte(rules()))
	text = bytes.ReplaceAll(text, []byte("<!-- flavors -->"), []byte(flavors()))

	if err := os.WriteFile(file, text, 0o644); err != nil {
		return fmt.Errorf("write guide: %w", err)
	}

	return nil
}

// rules is a section with a table for each source of rules.
func rules() string {
	var b strings.Builder

	for _, source := range compose.Sources() {
		fmt.Fprintf(&b, "### Rules of %s\n\n| rule | severity | about | demand | because |\n|---|---|---|---|---|\n", sourceName(source))

		for _, rule := range compose.Rules() {
			if rule.Source != source {
				continue
			}

			id := "`" + rule.ID + "`"
			if !rule.Waivable {
				id += " (cannot be waived)"
			}

			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", id, rule.Severity, code(rule.About), cell(rule.Demand), cell(rule.Because))
		}

		b.WriteString("\n")
	}

	return strings.TrimSpace(b.String())
}

func sourceName(source string) string {
	switch source {
	case compose.SourceOurs:
		return "this provider"
	case compose.SourceMLStacks:
		return "the mlstacks tool (only with `target`)"
	default:
		return source
	}
}

// flavors is a table of the catalog.
func flavors() string {
	var b strings.Builder

	b.WriteString("| resource | flavor | ZenML | what it is |\n|---|---|---|---|\n")

	for _, kind := range catalog.Kinds() {
		for _, f := range kind.Flavors {
			name := "–"
			if kind.ZenML && f.ZenML != "" {
				name = "`" + f.ZenML + "`"
			}

			fmt.Fprintf(&b, "| `mlstacks_%s` | `%s` | %s | %s |\n", kind.Name, f.Name, name, cell(f.Summary))
		}
	}

	return strings.TrimSpace(b.String())
}

func code(names []string) string {
	quoted := make([]string, 0, len(names))
	for _, name := range names {
		if name == "*/*" {
			return "every component"
		}

		quoted = append(quoted, "`"+strings.ReplaceAll(name, "|", "`, `"+kindOf(name))+"`")
	}

	return strings.Join(quoted, ", ")
}

func kindOf(pattern string) string {
	kind, _, _ := strings.Cut(pattern, "/")

	return kind + "/"
}

func cell(text string) string {
	text = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`).Replace(text)

	return strings.TrimSuffix(text, ".")
}
