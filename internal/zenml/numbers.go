package zenml

import (
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// wholeNumber is what pydantic reads as an integer: a sign, digits with single underscores, and zeros after a point.
var wholeNumber = regexp.MustCompile(`^([+-]?\d+(?:_\d+)*)(?:\.0+)?$`)

// groupedDigits allows an underscore between two digits only.
var groupedDigits = regexp.MustCompile(`^[^_]*(\d_\d[^_]*)+$`)

// plainNumber turns the ways in which a number may be given into int64 or float64. Whole numbers that do not fit
// stay a json.Number.
func plainNumber(v any) any {
	switch n := v.(type) {
	case int:
		return int64(n)
	case int32:
		return int64(n)
	case float32:
		return float64(n)
	case json.Number:
		text := n.String()
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return i
		}
		if _, whole := new(big.Int).SetString(text, 10); whole {
			return n
		}
		f, _ := strconv.ParseFloat(text, 64) // out of range gives an infinity, as in Python
		return f
	default:
		return v
	}
}

// plainNumbers does the same within lists and maps, and copies them.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plainNumbers(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key := range v {
			out[key] = plainNumbers(v[key])
		}
		return out
	default:
		return plainNumber(v)
	}
}

func toBool(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case int64:
		return v == 1, v == 0 || v == 1
	case float64:
		return v == 1, v == 0 || v == 1
	case string:
		switch strings.ToLower(v) {
		case "true", "t", "yes", "y", "on", "1":
			return true, true
		case "false", "f", "no", "n", "off", "0":
			return false, true
		}
	}
	return false, false
}

func toInt(v any) (value any, size float64, ok bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), 1, true
		}
		return int64(0), 0, true
	case int64:
		return v, float64(v), true
	case float64:
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			return nil, 0, false
		}
		return int64(v), v, true
	case json.Number:
		f, _ := v.Float64()
		return v, f, true
	case string:
		match := wholeNumber.FindStringSubmatch(strings.TrimSpace(v))
		if match == nil {
			return nil, 0, false
		}
		n, _ := new(big.Int).SetString(strings.ReplaceAll(strings.TrimPrefix(match[1], "+"), "_", ""), 10)
		if !n.IsInt64() {
			f, _ := new(big.Float).SetInt(n).Float64()
			return json.Number(n.String()), f, true
		}
		return n.Int64(), float64(n.Int64()), true
	default:
		return nil, 0, false
	}
}

func toFloat(v any) (value any, size float64, ok bool) {
	switch v := v.(type) {
	case bool:
		_, f, _ := toInt(v)
		return f, f, true
	case int64:
		return float64(v), float64(v), true
	case float64:
		return v, v, true
	case json.Number:
		f, _ := v.Float64()
		return f, f, true
	case string:
		text := strings.TrimSpace(v)
		if strings.ContainsAny(text, "xXpP") { // Go reads hexadecimal floats, Python does not
			return nil, 0, false
		}
		if strings.Contains(text, "_") {
			if !groupedDigits.MatchString(text) {
				return nil, 0, false
			}
			text = strings.ReplaceAll(text, "_", "")
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil && !math.IsInf(f, 0) {
			return nil, 0, false
		}
		return f, f, true
	default:
		return nil, 0, false
	}
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
