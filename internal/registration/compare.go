package registration

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// sameConfiguration compares configurations as ZenML reads them: a null is no value, and a number is the same however it
// is written.
func sameConfiguration(a, b map[string]any) bool { return len(keysThatDiffer(a, b)) == 0 }

func keysThatDiffer(a, b map[string]any) []string {
	var keys []string

	all := maps.Clone(a)
	if all == nil {
		all = map[string]any{}
	}

	maps.Copy(all, b)

	for key := range all {
		x, y := a[key], b[key]
		if (x == nil) != (y == nil) || x != nil && text(x) != text(y) {
			keys = append(keys, key)
		}
	}

	slices.Sort(keys)

	return keys
}

// difference says in which keys configurations differ. Values are left out: somebody may have put a secret there.
func difference(a, b map[string]any) string { return strings.Join(keysThatDiffer(a, b), ", ") }

// text writes a value so that equal ones are written alike.
func text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
			return strconv.FormatInt(int64(value), 10)
		}

		return strconv.FormatFloat(value, 'g', -1, 64)
	}

	encoded, err := json.Marshal(plain(value))
	if err != nil {
		return fmt.Sprint(value)
	}

	return string(encoded)
}

// plain leaves out nulls below a value, and writes whole numbers as such.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}

		for key, one := range value {
			if one != nil {
				kept[key] = plain(one)
			}
		}

		return kept
	case []any:
		all := make([]any, 0, len(value))
		for _, one := range value {
			all = append(all, plain(one))
		}

		return all
	case float64:
		if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
			return int64(value)
		}
	}

	return value
}
