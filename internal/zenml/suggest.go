package zenml

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// DidYouMean gives the known name that a misspelled one most likely meant, or "" when none is near.
func DidYouMean(name string, known []string) string {
	best, distance := "", 4
	for _, candidate := range known {
		d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(candidate), nil)
		if d < distance && d*2 <= max(len(name), 2) {
			best, distance = candidate, d
		}
	}
	return best
}

// oneOf words the way out of a wrong name: the near miss when there is one, else all that exists.
func oneOf(name string, known []string) string {
	if near := DidYouMean(name, known); near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	if len(known) == 0 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(known))
	return "Use one of: " + strings.Join(sorted, ", ") + "."
}
