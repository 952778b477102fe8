package spec

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

// render writes the configuration: requirements, provider, variables, resources, the stack, and what ZenML imports.
func (w *writer) render() string {
	var out bytes.Buffer

	out.Write(comments(w.preface()))
	out.Write(block("terraform", nil, object{}, w.requirements()))
	out.Write(block("provider", []string{"mlstacks"}, w.login()))

	for _, v := range w.variables {
		out.Write(block("variable", []string{v.name}, object{{"description", text(v.about)}, {"type", expression("string")}}))
	}

	for _, r := range w.resources {
		out.WriteString("\n")
		out.Write(comments(r.comments))

		written := block("resource", []string{typePrefix + r.kind, r.label}, r.body)[1:]
		if r.off {
			written = commented(written)
		}

		out.Write(written)
	}

	label := w.label("stack", w.stack.Name)
	out.Write(block("resource", []string{typePrefix + "stack", label}, w.slots()))
	out.Write(block("output", []string{"zenml_yaml"}, object{
		{"description", text("The stack for zenml stack import.")}, {"value", expression(typePrefix + "stack." + label + ".zenml_yaml")},
	}))

	return string(hclwrite.Format(out.Bytes()))
}

// preface says where the text is from, and what is to be known of the stack as a whole.
func (w *writer) preface() []string {
	lines := []string{"The stack " + quoted(w.stack.Name) + ", from the YAML files of the mlstacks tool."}

	for _, p := range w.problems {
		if p.Severity == compose.Warning && p.Argument == 0 {
			lines = append(lines, "", comment(p))
		}
	}

	return append(lines, "")[:len(lines)]
}

func (w *writer) requirements() func(*hclwrite.Body) {
	return func(body *hclwrite.Body) {
		body.SetAttributeRaw("required_version", text(">= 1.11").tokens())
		body.AppendNewline()
		object{{"mlstacks", object{{"source", text("mlstacks/mlstacks")}}}}.into(body.AppendNewBlock("required_providers", nil).Body())

		if w.stack.state == nil {
			return
		}

		body.AppendNewline()

		// The tool's own state stays where it is: with the same key, Terraform would take it for that of this configuration.
		place := object{{"bucket", text(w.stack.state.bucket)}}

		if w.stack.state.backend == "s3" {
			place = append(place, field{"key", text("mlstacks/" + w.stack.Name + ".tfstate")})
			if w.stack.Region != "" {
				place = append(place, field{"region", text(w.stack.Region)})
			}

			place = append(place, field{"use_lockfile", expression("true")})
		} else {
			place = append(place, field{"prefix", text("mlstacks/" + w.stack.Name)})
		}

		place.into(body.AppendNewBlock("backend", []string{w.stack.state.backend}).Body())
	}
}

func (w *writer) login() object {
	login := object{}
	if len(w.stack.Tags) > 0 {
		login = append(login, field{"default_labels", texts(w.stack.Tags)})
	}

	if w.stack.Provider == aws && w.stack.Region != "" {
		login = append(login, field{"aws", object{{"region", text(w.stack.Region)}}})
	}

	return login
}

// block is a formatted block after an empty line.
func block(kind string, labels []string, body object, more ...func(*hclwrite.Body)) []byte {
	file := hclwrite.NewEmptyFile()
	written := file.Body().AppendNewBlock(kind, labels)
	body.into(written.Body())

	for _, add := range more {
		add(written.Body())
	}

	return append([]byte("\n"), hclwrite.Format(file.Bytes())...)
}

func commented(written []byte) []byte {
	var out bytes.Buffer

	for line := range bytes.Lines(written) {
		out.WriteString("# ")
		out.Write(line)
	}

	return out.Bytes()
}
