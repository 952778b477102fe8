package zenml

import (
	"fmt"
	"slices"
	"strconv"
)

func (c *converter) list(f Field, v any, path []string) any {
	list, ok := v.([]any)
	if !ok {
		return c.refuse(path, "%s is not a list", c.show(v))
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = c.convert(*f.Element, e, append(slices.Clone(path), strconv.Itoa(i)))
	}
	return out
}

func (c *converter) tuple(f Field, v any, path []string) any {
	list, ok := v.([]any)
	if !ok {
		return c.refuse(path, "%s is not a list of %d values (ZenML reads no JSON text here)", c.show(v), len(f.Items))
	}
	if len(list) != len(f.Items) {
		return c.refuse(path, "there must be exactly %d values, not %d", len(f.Items), len(list))
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = c.convert(f.Items[i], e, append(slices.Clone(path), strconv.Itoa(i)))
	}
	return out
}

func (c *converter) mapping(f Field, v any, path []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return c.refuse(path, "%s is not a map", c.show(v))
	}
	out := make(map[string]any, len(m))
	for _, key := range sortedKeys(m) {
		out[key] = c.convert(*f.Element, m[key], append(slices.Clone(path), key))
	}
	return out
}

func (c *converter) object(f Field, v any, path []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return c.refuse(path, "%s is not an object", c.show(v))
	}
	out := make(map[string]any, len(m))
	names := make([]string, 0, len(f.Fields))
	for _, member := range f.Fields {
		names = append(names, member.Name)
		deeper := append(slices.Clone(path), member.Name)
		value, given := m[member.Name]
		switch {
		case given && IsSecretReference(value) && member.takesText() && member.SecretReference:
			out[member.Name] = value
		case given:
			out[member.Name] = c.convert(member, value, deeper)
		case member.Required:
			c.faults = append(c.faults, fault{path: deeper, rule: ruleMissingValue, message: "a value is required"})
		case c.complete && member.HasDefault:
			out[member.Name] = member.Default
		}
	}
	for _, key := range sortedKeys(m) {
		if slices.Contains(names, key) {
			continue
		}
		switch f.Extra {
		case "forbid":
			c.faults = append(c.faults, fault{
				path: append(slices.Clone(path), key), rule: RuleUnknownKey,
				message: fmt.Sprintf("there is no %q here", key), fix: oneOf(key, names),
			})
		case "allow":
			out[key] = plainNumbers(m[key])
		}
	}
	return out
}

// union takes the member that fits without any conversion, else (or where order decides) the first that fits at all.
func (c *converter) union(f Field, v any, path []string) any {
	for _, exact := range []bool{true, false} {
		for _, member := range f.AnyOf {
			if exact && (f.FirstFit || !sameKind(member.Type, v)) {
				continue
			}
			try := converter{secret: c.secret, complete: c.complete}
			if value := try.convert(member, v, path); len(try.faults) == 0 {
				return value
			}
		}
	}
	kinds := make([]string, len(f.AnyOf))
	for i, member := range f.AnyOf {
		kinds[i] = member.Type
	}
	return c.refuse(path, "%s is none of: %v", c.show(v), kinds)
}

func sameKind(kind string, v any) bool {
	switch v.(type) {
	case string:
		return kind == "string" || kind == "enum"
	case bool:
		return kind == "bool"
	case int64:
		return kind == "int"
	case float64:
		return kind == "float"
	case []any:
		return kind == "list" || kind == "tuple"
	case map[string]any:
		return kind == "map" || kind == "object"
	default:
		return false
	}
}
