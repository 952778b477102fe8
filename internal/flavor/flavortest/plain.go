package flavortest

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// encode turns a plain value into a Terraform value of a type: the other way round than flavor.Plain.
func encode(as tftypes.Type, value any) (tftypes.Value, error) {
	if value == nil {
		return tftypes.NewValue(as, nil), nil
	}

	switch as := as.(type) {
	case tftypes.Object:
		return encodeObject(as, value)
	case tftypes.Map:
		children, err := encodeMap(value, func(string) (tftypes.Type, bool) { return as.ElementType, true })
		if err != nil {
			return tftypes.Value{}, err
		}

		return tftypes.NewValue(as, children), nil
	case tftypes.List:
		return encodeList(as, as.ElementType, value)
	case tftypes.Set:
		return encodeList(as, as.ElementType, value)
	}

	if as.Is(tftypes.DynamicPseudoType) {
		return encodeDynamic(value)
	}

	leaf := number(value)
	if err := tftypes.ValidateValue(as, leaf); err != nil {
		return tftypes.Value{}, fmt.Errorf("%v is not a %s: %w", value, as, err)
	}

	return tftypes.NewValue(as, leaf), nil
}

func number(value any) any {
	switch value := value.(type) {
	case int:
		return big.NewFloat(float64(value))
	case int64:
		return new(big.Float).SetInt64(value)
	case float64:
		return big.NewFloat(value)
	default:
		return value
	}
}

func encodeObject(as tftypes.Object, value any) (tftypes.Value, error) {
	children, err := encodeMap(value, func(name string) (tftypes.Type, bool) {
		t, ok := as.AttributeTypes[name]

		return t, ok
	})
	if err != nil {
		return tftypes.Value{}, err
	}

	for name, t := range as.AttributeTypes {
		if _, ok := children[name]; !ok {
			children[name] = tftypes.NewValue(t, nil)
		}
	}

	return tftypes.NewValue(as, children), nil
}

func encodeMap(value any, typeOf func(name string) (tftypes.Type, bool)) (map[string]tftypes.Value, error) {
	tree, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%v is not an object", value)
	}

	children := make(map[string]tftypes.Value, len(tree))

	for name, child := range tree {
		as, ok := typeOf(name)
		if !ok {
			return nil, fmt.Errorf("there is no attribute %q", name)
		}

		encoded, err := encode(as, child)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}

		children[name] = encoded
	}

	return children, nil
}

func encodeList(as, of tftypes.Type, value any) (tftypes.Value, error) {
	list, ok := value.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%v is not a list", value)
	}

	children := make([]tftypes.Value, len(list))

	for i, child := range list {
		encoded, err := encode(of, child)
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("element %d: %w", i, err)
		}

		children[i] = encoded
	}

	return tftypes.NewValue(as, children), nil
}

// encodeDynamic takes the type from the value, as Terraform does.
func encodeDynamic(value any) (tftypes.Value, error) {
	switch value := value.(type) {
	case bool:
		return tftypes.NewValue(tftypes.Bool, value), nil
	case string:
		return tftypes.NewValue(tftypes.String, value), nil
	case int, int64, float64:
		return tftypes.NewValue(tftypes.Number, number(value)), nil
	case []any:
		list := make([]tftypes.Value, len(value))
		of := make([]tftypes.Type, len(value))

		for i, child := range value {
			encoded, err := encode(tftypes.DynamicPseudoType, child)
			if err != nil {
				return tftypes.Value{}, err
			}

			list[i], of[i] = encoded, encoded.Type()
		}

		return tftypes.NewValue(tftypes.Tuple{ElementTypes: of}, list), nil
	default:
		children, err := encodeMap(value, func(string) (tftypes.Type, bool) { return tftypes.DynamicPseudoType, true })
		if err != nil {
			return tftypes.Value{}, err
		}

		of := make(map[string]tftypes.Type, len(children))
		for name, child := range children {
			of[name] = child.Type()
		}

		return tftypes.NewValue(tftypes.Object{AttributeTypes: of}, children), nil
	}
}

// place is where a value stands in a configuration: names of attributes, keys and indices.
type place []string

// String is the place as messages of the suite write it: dotted, as users know it from diagnostics.
func (p place) String() string { return strings.Join(p, ".") }

// places lists where values stand, outer ones before what is in them.
func places(value any, at place) []place {
	var all []place

	visit := func(name string, child any) {
		here := append(slices.Clone(at), name)
		all = append(append(all, here), places(child, here)...)
	}

	switch value := value.(type) {
	case flavor.Values:
		return places(map[string]any(value), at)
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			visit(name, value[name])
		}
	case []any:
		for i, child := range value {
			visit(strconv.Itoa(i), child)
		}
	}

	return all
}

// with is a copy of a configuration in which something else stands at a place.
func with(v flavor.Values, at place, value any) flavor.Values {
	replaced, ok := replace(map[string]any(v), at, value).(map[string]any)
	if !ok {
		return nil // unreachable: a map stays a map
	}

	return replaced
}

func replace(tree any, at place, value any) any {
	if len(at) == 0 {
		return value
	}

	switch tree := tree.(type) {
	case map[string]any:
		copied := maps.Clone(tree)
		copied[at[0]] = replace(tree[at[0]], at[1:], value)

		return copied
	case []any:
		copied := slices.Clone(tree)
		if i, err := strconv.Atoi(at[0]); err == nil {
			copied[i] = replace(tree[i], at[1:], value)
		}

		return copied
	default:
		return tree
	}
}

// clone copies all of a tree.
func clone(tree any) any {
	switch tree := tree.(type) {
	case flavor.Values:
		return flavor.Values(cloneMap(tree))
	case map[string]any:
		return cloneMap(tree)
	case []any:
		copied := make([]any, len(tree))
		for i, child := range tree {
			copied[i] = clone(child)
		}

		return copied
	default:
		return tree
	}
}

func cloneMap(tree map[string]any) map[string]any {
	copied := make(map[string]any, len(tree))
	for name, child := range tree {
		copied[name] = clone(child)
	}

	return copied
}
