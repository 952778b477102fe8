package policy

import (
	"encoding/json"
	"fmt"
	"slices"
)

// SidTLSOnly marks the statement of TLSOnly as ours.
const SidTLSOnly = "MLStacksTLSOnly"

// TLSOnly refuses everybody who speaks to a bucket without TLS. It goes into the bucket's policy by WithStatement.
func TLSOnly(bucketARN string) Statement {
	return Statement{
		Sid: SidTLSOnly, Effect: deny, Principal: map[string][]string{"AWS": {"*"}},
		Action: []string{"s3:*"}, Resource: []string{bucketARN, bucketARN + "/*"},
	}.when("Bool", "aws:SecureTransport", "false")
}

// WithStatement puts a statement into an existing policy, which may be "", in the place of any of the same Sid. Everything else in
// the policy stays as it is.
func WithStatement(existing string, statement Statement) (string, error) {
	fields, statements, err := opened(existing)
	if err != nil {
		return "", err
	}

	statements = append(dropped(statements, statement.Sid), json.RawMessage(statement.json()))

	return closed(fields, statements), nil
}

// Without takes the statements of a Sid out of a policy. It returns "" when nothing is left, which is to be deleted: there is no
// policy without statements.
func Without(existing, sid string) (string, error) {
	fields, statements, err := opened(existing)
	if err != nil {
		return "", err
	}

	if statements = dropped(statements, sid); len(statements) == 0 {
		return "", nil
	}

	return closed(fields, statements), nil
}

// Find returns the statement of a Sid in a policy as JSON, or "".
func Find(existing, sid string) (string, error) {
	_, statements, err := opened(existing)
	if err != nil {
		return "", err
	}

	for _, statement := range statements {
		if sidOf(statement) == sid {
			return string(statement), nil
		}
	}

	return "", nil
}

// opened reads a policy as far as needed: what is in its statements is not touched.
func opened(existing string) (fields map[string]json.RawMessage, statements []json.RawMessage, err error) {
	text, err := Decode(existing)
	if err != nil {
		return nil, nil, err
	}

	if text == "" {
		return map[string]json.RawMessage{"Version": json.RawMessage(quoted(Version))}, nil, nil
	}

	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil, nil, fmt.Errorf("read policy: %w", err)
	}

	statement, ok := fields["Statement"]
	if !ok {
		return fields, nil, nil
	}

	if err := json.Unmarshal(statement, &statements); err == nil {
		return fields, statements, nil
	}

	return fields, []json.RawMessage{statement}, nil // a single one may stand without a list
}

// closed writes a policy with its fields in the usual order.
func closed(fields map[string]json.RawMessage, statements []json.RawMessage) string {
	type text struct {
		Version   json.RawMessage `json:",omitempty"`
		ID        json.RawMessage `json:"Id,omitempty"`
		Statement []json.RawMessage
	}

	return encoded(text{fields["Version"], fields["Id"], statements})
}

func dropped(statements []json.RawMessage, sid string) []json.RawMessage {
	return slices.DeleteFunc(slices.Clone(statements), func(statement json.RawMessage) bool { return sidOf(statement) == sid })
}

func sidOf(statement json.RawMessage) string {
	var named struct{ Sid string }
	if json.Unmarshal(statement, &named) != nil {
		return ""
	}

	return named.Sid
}
