package helm

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Unknown stands in values for what is not known yet.
type Unknown struct{}

// Merge puts values over ours, deep in objects; lists are replaced. A null stays, because Helm removes by it what the
// chart would have there.
func Merge(ours, over map[string]any) map[string]any {
	merged := maps.Clone(ours)
	if merged == nil {
		merged = map[string]any{}
	}

	for key, value := range over {
		theirs, isObject := value.(map[string]any)

		switch below := merged[key].(type) {
		case map[string]any:
			if isObject {
				value = Merge(below, theirs)
			}
		case Unknown:
			// What is known cannot say what is missing from it.
			if isObject {
				value = Unknown{}
			}
		}

		merged[key] = value
	}

	return merged
}

// known takes out of values what is not, and says where it was. In lists it leaves null, because the rest has its place.
func known(values map[string]any) (map[string]any, [][]string) {
	var unknown [][]string

	var walk func(value any, path []string) any

	walk = func(value any, path []string) any {
		switch value := value.(type) {
		case Unknown, *Unknown:
			unknown = append(unknown, slices.Clone(path))

			return nil
		case map[string]any:
			object := make(map[string]any, len(value))

			for _, key := range slices.Sorted(maps.Keys(value)) {
				if isUnknown(value[key]) {
					unknown = append(unknown, append(slices.Clone(path), key))
				} else {
					object[key] = walk(value[key], append(path, key))
				}
			}

			return object
		case []any:
			list := make([]any, len(value))
			for i := range value {
				list[i] = walk(value[i], append(path, strconv.Itoa(i)))
			}

			return list
		default:
			return value
		}
	}

	object, ok := walk(values, nil).(map[string]any)
	if !ok {
		object = map[string]any{}
	}

	return object, unknown
}

func isUnknown(value any) bool {
	switch value.(type) {
	case Unknown, *Unknown:
		return true
	default:
		return false
	}
}

// plain makes values what they are after a release has been stored and read, except that whole numbers stay whole:
// templates would write 1e+06 otherwise.
func plain(values map[string]any) (map[string]any, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("encode values: %w", err)
	}

	object := map[string]any{}
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, fmt.Errorf("decode values: %w", err)
	}

	if object == nil {
		object = map[string]any{}
	}

	whole(object)

	return object, nil
}

func whole(value any) any {
	// Above, not every whole number is a float64.
	const largest = 1 << 53

	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = whole(value[key])
		}
	case []any:
		for i := range value {
			value[i] = whole(value[i])
		}
	case float64:
		if value == math.Trunc(value) && math.Abs(value) <= largest {
			return int64(value)
		}
	}

	return value
}
