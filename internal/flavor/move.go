package flavor

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Move is a type of resource of another provider whose objects a flavor takes over as they are, for `moved` blocks.
type Move struct {
	// Type is what configurations call the resource, for example "aws_s3_bucket".
	Type string
	// Provider is the namespace and the name of its provider, for example "hashicorp/aws", in whatever registry.
	Provider string
	// Take finds the object in a state of that resource. What it needs is judged by its shape, not by the version of the
	// schema, since every version has to be read. An AttributeError says what can be done about an object that cannot be
	// taken over.
	Take func(state Former) (Moved, error)
}

// Moved is what the state of another provider tells of an object: no more than an import does, since Read finds out the rest.
type Moved struct {
	// ID is the driver's; see Result.
	ID string
	// Outputs are those that Read has to have, such as the region; nil where the id is enough.
	Outputs map[string]string
	// Warning is what the user should know before he applies; empty for nothing.
	Warning string
}

// Former is the state of another provider's resource as JSON has it: nil, bool, string, float64, []any or map[string]any.
type Former map[string]any

// Text returns a text that cannot be done without.
func (f Former) Text(name string) (string, error) {
	text, ok := f[name].(string)
	if !ok || text == "" {
		return "", &AttributeError{
			Err: fmt.Errorf("its state has no %s", name),
			Fix: "Where its creation did not finish, finish it with its own provider first. Otherwise take the object over with an import block, " +
				"which needs no state.",
		}
	}

	return text, nil
}

// Take finds what one of the moves makes of a state in JSON. ok is false where none of them is from that resource; address is
// that of its provider, "<host>/<namespace>/<name>".
func Take(moves []Move, resource, address string, state []byte) (moved Moved, ok bool, err error) {
	_, provider, _ := strings.Cut(address, "/")

	for _, move := range moves {
		if move.Type != resource || move.Provider != provider {
			continue
		}

		var former Former
		if err := json.Unmarshal(state, &former); err != nil {
			return Moved{}, true, fmt.Errorf("read its state: %w", err)
		}

		moved, err = move.Take(former)

		return moved, true, err
	}

	return Moved{}, false, nil
}
