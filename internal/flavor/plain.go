package flavor

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Plain turns a Terraform value into plain Go: nil, bool, string, int64, float64, []any, map[string]any, and
// zenml.Unknown for whatever is unknown.
func Plain(value tftypes.Value) (any, error) {
	switch {
	case !value.IsKnown():
		return zenml.Unknown{}, nil
	case value.IsNull():
		return nil, nil
	}

	switch t := value.Type(); {
	case t.Is(tftypes.String):
		var s string
		err := value.As(&s)

		return s, err
	case t.Is(tftypes.Bool):
		var b bool
		err := value.As(&b)

		return b, err
	case t.Is(tftypes.Number):
		var n big.Float
		err := value.As(&n)

		return plainNumber(&n), err
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		return plainMap(value)
	default:
		return plainList(value)
	}
}

// PlainMap turns an object or a map into a map of plain values; a null one is empty, an unknown one is not known.
func PlainMap(value tftypes.Value) (values map[string]any, known bool, err error) {
	if !value.IsKnown() {
		return nil, false, nil
	}

	if value.IsNull() {
		return map[string]any{}, true, nil
	}

	values, err = plainMap(value)

	return values, true, err
}

func plainMap(value tftypes.Value) (map[string]any, error) {
	var children map[string]tftypes.Value
	if err := value.As(&children); err != nil {
		return nil, fmt.Errorf("read object: %w", err)
	}

	values := make(map[string]any, len(children))

	for name, child := range children {
		plain, err := Plain(child)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", name, err)
		}

		values[name] = plain
	}

	return values, nil
}

func plainList(value tftypes.Value) ([]any, error) {
	var children []tftypes.Value
	if err := value.As(&children); err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}

	values := make([]any, 0, len(children))

	for i, child := range children {
		plain, err := Plain(child)
		if err != nil {
			return nil, fmt.Errorf("read element %d: %w", i, err)
		}

		values = append(values, plain)
	}

	return values, nil
}

func plainNumber(n *big.Float) any {
	if i, accuracy := n.Int64(); accuracy == big.Exact {
		return i
	}

	f, _ := n.Float64()

	return f
}

// Text writes a plain value the way Terraform keeps a ZenML configuration: a map of strings, JSON where the value is
// nested. It returns false when the value, or a part of it, is unknown.
func Text(value any) (text string, known bool) {
	if zenml.HoldsUnknown(value) {
		return "", false
	}

	switch value := value.(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case int64:
		return strconv.FormatInt(value, 10), true
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64), true
	}

	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value), true // unreachable: plain values are JSON values
	}

	return string(encoded), true
}
