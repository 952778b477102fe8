package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// rootARN is how IAM writes an account that was given by its number.
var rootARN = regexp.MustCompile(`^arn:[a-z-]+:iam::(\d{12}):root$`)

// Decode is a policy as JSON, also when it is URL-encoded as IAM returns it.
func Decode(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || text[0] == '{' {
		return text, nil
	}

	decoded, err := url.PathUnescape(text)
	if err != nil {
		return "", fmt.Errorf("decode policy: %w", err)
	}

	return strings.TrimSpace(decoded), nil
}

// Equal says whether two policies mean the same: order, repetition, a single value without its list, the case of actions and of
// keys of conditions do not matter. Either may be URL-encoded, or "" for none.
func Equal(a, b string) (bool, error) {
	one, err := normalized(a)
	if err != nil {
		return false, err
	}

	other, err := normalized(b)
	if err != nil {
		return false, err
	}

	return one == other, nil
}

// normalized is one text for all policies that mean the same.
func normalized(policy string) (string, error) {
	text, err := Decode(policy)
	if err != nil || text == "" {
		return "", err
	}

	var raw map[string]any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return "", fmt.Errorf("read policy: %w", err)
	}

	var statements []string

	for _, statement := range listOf(raw["Statement"]) {
		fields, ok := statement.(map[string]any)
		if !ok {
			return "", errors.New("read policy: a statement is no object")
		}

		statements = append(statements, encoded(plain(fields)))
	}

	slices.Sort(statements)

	version, _ := raw["Version"].(string)
	if version == "" {
		version = "2008-10-17" // what AWS takes where there is none
	}

	return encoded(map[string]any{"Version": version, "Statement": slices.Compact(statements)}), nil
}

// plain brings a statement into one form.
func plain(fields map[string]any) map[string]any {
	out := map[string]any{}

	for name, value := range fields {
		switch name {
		case "Action", "NotAction":
			out[name] = texts(value, strings.ToLower)
		case "Resource", "NotResource":
			out[name] = texts(value, nil)
		case "Principal", "NotPrincipal":
			out[name] = principals(value)
		case "Condition":
			if conditions := conditions(value); len(conditions) > 0 {
				out[name] = conditions
			}
		default:
			if value != "" {
				out[name] = value
			}
		}
	}

	return out
}

func principals(value any) map[string][]string {
	byType, ok := value.(map[string]any)
	if !ok { // "*" is short for any of AWS
		byType = map[string]any{"AWS": value}
	}

	out := map[string][]string{}
	for kind, names := range byType {
		out[kind] = texts(names, func(name string) string { return rootARN.ReplaceAllString(name, "$1") })
	}

	return out
}

// conditions compares the keys of conditions without case, as IAM does, except for what is behind a slash: the key of a tag.
func conditions(value any) map[string]map[string][]string {
	operators, _ := value.(map[string]any)
	out := map[string]map[string][]string{}

	for operator, entries := range operators {
		keys, _ := entries.(map[string]any)
		for key, list := range keys {
			if out[operator] == nil {
				out[operator] = map[string][]string{}
			}

			name, tag, tagged := strings.Cut(key, "/")
			if name = strings.ToLower(name); tagged && !strings.Contains(name, ".") {
				key = name + "/" + tag
			} else if !tagged {
				key = name
			}

			out[operator][key] = texts(list, nil)
		}
	}

	return out
}

// texts is a value or a list of values, sorted and without repetition. Numbers and truth values are their texts.
func texts(value any, change func(string) string) []string {
	list := []string{}

	for _, element := range listOf(value) {
		text := fmt.Sprint(element)
		if change != nil {
			text = change(text)
		}

		list = append(list, text)
	}

	slices.Sort(list)

	return slices.Compact(list)
}

func listOf(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}
