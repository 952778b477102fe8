package dvc

import (
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// stageNodes writes stages as DVC reads them, sorted by name so that the same stages are always the same text.
func stageNodes(stages map[string]Stage) *yaml.Node {
	node := mapping()
	for _, name := range slices.Sorted(maps.Keys(stages)) {
		put(node, name, stages[name].node())
	}

	return node
}

func (s Stage) node() *yaml.Node {
	node := mapping()
	put(node, "cmd", scalar(s.Command))

	if s.WorkDir != "" && s.WorkDir != "." {
		put(node, "wdir", scalar(s.WorkDir))
	}

	for _, list := range []struct {
		key    string
		values []string
		entry  func(string) *yaml.Node
	}{
		{"deps", s.Deps, scalar},
		{"params", s.Params, paramNode},
		{"outs", s.Outs, scalar},
		{"metrics", s.Metrics, uncached},
		{"plots", s.Plots, uncached},
	} {
		if len(list.values) == 0 {
			continue
		}

		sequence := &yaml.Node{Kind: yaml.SequenceNode}
		for _, value := range list.values {
			sequence.Content = append(sequence.Content, list.entry(value))
		}

		put(node, list.key, sequence)
	}

	return node
}

// uncached keeps a small text out of DVC's cache, so that Git shows how it changed.
func uncached(file string) *yaml.Node {
	options, node := mapping(), mapping()
	put(options, "cache", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"})
	put(node, file, options)

	return node
}

func paramNode(param string) *yaml.Node {
	file, keys, ok := strings.Cut(param, ":")
	if !ok {
		return scalar(param)
	}

	value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	if keys != "" {
		value = &yaml.Node{Kind: yaml.SequenceNode}
		for key := range strings.SplitSeq(keys, ",") {
			value.Content = append(value.Content, scalar(strings.TrimSpace(key)))
		}
	}

	node := mapping()
	put(node, file, value)

	return node
}

// parseStage reads a stage back. ok is false when the stage is not what Stage would have written: then it holds
// something that a Stage cannot say.
func parseStage(node *yaml.Node) (stage Stage, ok bool) {
	stage = Stage{WorkDir: "."}

	for key, value := range children(node) {
		switch key {
		case "cmd":
			stage.Command = value.Value
		case "wdir":
			stage.WorkDir = value.Value
		case "deps":
			stage.Deps = entries(value)
		case "params":
			stage.Params = entries(value)
		case "outs":
			stage.Outs = entries(value)
		case "metrics":
			stage.Metrics = entries(value)
		case "plots":
			stage.Plots = entries(value)
		}
	}

	return stage, sameYAML(node, stage.node())
}

// entries reads a list whose elements are texts, or one text each with options.
func entries(list *yaml.Node) []string {
	var values []string

	for _, element := range list.Content {
		if element.Kind == yaml.ScalarNode {
			values = append(values, element.Value)

			continue
		}

		for name, value := range children(element) {
			values = append(values, name+paramKeys(value))
		}
	}

	return values
}

// paramKeys is what follows the file in a parameter; nothing for the options of a metric.
func paramKeys(value *yaml.Node) string {
	switch value.Kind {
	case yaml.SequenceNode:
		return ":" + strings.Join(entries(value), ",")
	case yaml.ScalarNode:
		return ":"
	default:
		return ""
	}
}

func sameYAML(a, b *yaml.Node) bool {
	var left, right any

	return a.Decode(&left) == nil && b.Decode(&right) == nil && reflect.DeepEqual(left, right)
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

// scalar is a text; the encoder quotes it where it would be read as anything else.
func scalar(text string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(text)

	return node
}

func children(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}

		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

func child(node *yaml.Node, name string) *yaml.Node {
	for key, value := range children(node) {
		if key == name {
			return value
		}
	}

	return nil
}

func put(node *yaml.Node, name string, value *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		*node = *mapping()
	}

	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content[i+1] = value

			return
		}
	}

	node.Content = append(node.Content, scalar(name), value)
}

func drop(node *yaml.Node, name string) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			node.Content = append(node.Content[:i], node.Content[i+2:]...)

			return
		}
	}
}
