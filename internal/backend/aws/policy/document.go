// Package policy writes the IAM policies of the provider: what each role and client may do, as Go values with resources and
// conditions, and nothing wider than what AWS lets one say. It asks nobody.
package policy

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Version is that of the policy language.
const Version = "2012-10-17"

const (
	allow = "Allow"
	deny  = "Deny"
)

// What IAM takes at most, in characters that are no white space.
const (
	// InlineLimit is for all inline policies of a role together.
	InlineLimit = 10240
	// ManagedLimit is for one managed policy.
	ManagedLimit = 6144
	// TrustLimit is for a trust policy.
	TrustLimit = 2048
)

// Document is an IAM policy: of a role, of trust in a role, or of a resource.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement is one permission or prohibition.
type Statement struct {
	// Sid is unique in its document: letters and digits.
	Sid string
	// Effect is Allow or Deny.
	Effect string
	// Principal is whom the statement is about, by type: "Service", "AWS" or "Federated". It is nil in the policies of roles.
	Principal map[string][]string
	// Action has the form service:Action.
	Action []string
	// Resource are ARNs. It is nil in trust policies.
	Resource []string
	// Condition is operator → key → values.
	Condition map[string]map[string][]string
}

// Empty says that a document permits nothing; IAM takes no such document.
func (d Document) Empty() bool { return len(d.Statement) == 0 }

// JSON is the document in its one form: compact, with everything sorted whose order does not matter. It is "" for an empty document.
func (d Document) JSON() string {
	if d.Empty() {
		return ""
	}

	texts := make([]string, 0, len(d.Statement))
	for _, statement := range d.Statement {
		texts = append(texts, statement.json())
	}

	slices.Sort(texts)

	return `{"Version":` + quoted(d.Version) + `,"Statement":[` + strings.Join(texts, ",") + `]}`
}

// Size is the length by which IAM measures a document: without white space.
func (d Document) Size() int { return size(d.JSON()) }

func size(text string) int {
	count := 0

	for _, char := range text {
		if !unicode.IsSpace(char) {
			count++
		}
	}

	return count
}

// json begins with the Sid, so that statements sort by it.
func (s Statement) json() string {
	type text struct {
		Sid       string `json:",omitempty"`
		Effect    string
		Principal map[string]values            `json:",omitempty"`
		Action    values                       `json:",omitempty"`
		Resource  values                       `json:",omitempty"`
		Condition map[string]map[string]values `json:",omitempty"`
	}

	out := text{Sid: s.Sid, Effect: s.Effect, Principal: valuesOf(s.Principal), Action: s.Action, Resource: s.Resource}

	for operator, keys := range s.Condition {
		if out.Condition == nil {
			out.Condition = map[string]map[string]values{}
		}

		out.Condition[operator] = valuesOf(keys)
	}

	return encoded(out)
}

// values are written as one string where there is only one.
type values []string

// MarshalJSON sorts, so that the same values are the same text.
func (v values) MarshalJSON() ([]byte, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(v)))
	if len(sorted) == 1 {
		return []byte(quoted(sorted[0])), nil
	}

	return []byte(encoded(sorted)), nil
}

func valuesOf(lists map[string][]string) map[string]values {
	out := make(map[string]values, len(lists))
	for key, list := range lists {
		out[key] = list
	}

	return out
}

func quoted(text string) string { return encoded(text) }

// encoded is JSON in which ">" and "&" stay readable. What it is given are strings, lists and maps of them: that cannot fail.
func encoded(value any) string {
	var buffer bytes.Buffer

	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(value); err != nil {
		return ""
	}

	return strings.TrimSuffix(buffer.String(), "\n")
}

// Join makes one document of several. A statement that several have, such as the login to a registry, is in it once; where two
// different ones have the same Sid, the later one gets a number.
func Join(documents ...Document) Document {
	var (
		joined Document
		seen   = map[string]bool{}
		sids   = map[string]bool{}
	)

	for _, document := range documents {
		for _, statement := range document.Statement {
			text := statement.json()
			if seen[text] {
				continue
			}

			seen[text] = true

			for n, sid := 2, statement.Sid; sids[statement.Sid] && sid != ""; n++ {
				statement.Sid = sid + strconv.Itoa(n)
			}

			sids[statement.Sid] = true
			joined.Statement = append(joined.Statement, statement)
		}
	}

	joined.Version = Version

	return joined
}

// document leaves out statements about nothing: a bucket, key or repository that is not there.
func document(statements ...Statement) Document {
	out := Document{Version: Version}

	for _, statement := range statements {
		if len(statement.Resource) > 0 {
			out.Statement = append(out.Statement, statement)
		}
	}

	return out
}

// permit allows actions on resources; without resources the statement is left out of the document.
func permit(sid string, actions []string, resources ...string) Statement {
	statement := Statement{Sid: sid, Effect: allow, Action: actions}

	for _, arn := range resources {
		if arn != "" {
			statement.Resource = append(statement.Resource, arn)
		}
	}

	return statement
}

// when adds a condition.
func (s Statement) when(operator, key string, values ...string) Statement {
	condition := map[string]map[string][]string{}

	for name, keys := range s.Condition {
		condition[name] = maps.Clone(keys)
	}

	if condition[operator] == nil {
		condition[operator] = map[string][]string{}
	}

	condition[operator][key] = values
	s.Condition = condition

	return s
}

// of prefixes each action with its service.
func of(service string, actions ...string) []string {
	out := make([]string, 0, len(actions))
	for _, action := range actions {
		out = append(out, service+":"+action)
	}

	return out
}
