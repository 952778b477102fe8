package rig

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Sizes reads numbers of stacks, with spaces or commas between them, and puts them in order. flag is where they come from.
func Sizes(flag, list string) ([]int, error) {
	var sizes []int

	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' }) {
		size, err := strconv.Atoi(text)
		if err != nil || size < 1 {
			return nil, fmt.Errorf("%s %s: %q is not a number of stacks", flag, list, text)
		}

		sizes = append(sizes, size)
	}

	if len(sizes) == 0 {
		return nil, fmt.Errorf("%s: say at least one number of stacks", flag)
	}

	slices.Sort(sizes)

	return slices.Compact(sizes), nil
}
