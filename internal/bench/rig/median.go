package rig

import (
	"fmt"
	"slices"
	"time"
)

// Median is the middle of some numbers, or the mean of the two in the middle; 0 for none.
func Median[N time.Duration | float64](numbers []N) N {
	if len(numbers) == 0 {
		return 0
	}

	sorted := slices.Sorted(slices.Values(numbers))

	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// Seconds writes a time for a table.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// Verdict says whether an aim was met.
func Verdict(met bool) string {
	if met {
		return "met"
	}

	return "missed"
}
