package naming

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/aws-sdk-go-base/v2/endpoints"
)

var (
	// wellFormed is what all regions so far look like: an area, a point of the compass and one digit.
	wellFormed = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]{2,4})?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$`)
	zone       = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)+-\d)[a-z]$`)
)

// regions are those that the table knows, sorted. They are collected when first asked for.
var regions = sync.OnceValue(func() []string {
	var names []string

	for _, partition := range endpoints.DefaultPartitions() {
		for name := range partition.Regions() {
			if wellFormed.MatchString(name) {
				names = append(names, name)
			}
		}
	}

	slices.Sort(names)

	return names
})

// Regions lists the regions of all partitions that this version knows, sorted.
func Regions() []string { return slices.Clone(regions()) }

// Region judges the name of a region. One that is not known but well-formed, in a known area, is taken: AWS opens regions more
// often than providers are updated; Known tells them apart.
func Region(name string) string {
	if Known(name) {
		return ""
	}

	if name == "" {
		return "There is no region: give one such as \"eu-central-1\"."
	}

	if match := zone.FindStringSubmatch(name); len(match) > 1 && Region(match[1]) == "" {
		return fmt.Sprintf("%q is an availability zone and not a region: its region is %q.", name, match[1])
	}

	if _, ok := endpoints.PartitionForRegion(endpoints.DefaultPartitions(), name); ok && wellFormed.MatchString(name) {
		return ""
	}

	if near := nearest(name, regions()); near != "" {
		return fmt.Sprintf("%q is no AWS region: did you mean %q?", name, near)
	}

	return fmt.Sprintf("%q is no AWS region: regions look like \"eu-central-1\" or \"us-gov-west-1\".", name)
}

// Known says whether a region is in the table of this version.
func Known(name string) bool {
	_, found := slices.BinarySearch(regions(), name)

	return found
}

// Partition is that of a region: "aws", "aws-cn", "aws-us-gov" and so on; "aws" where nothing is known of it.
func Partition(region string) string {
	partition, ok := endpoints.PartitionForRegion(endpoints.DefaultPartitions(), region)
	if !ok {
		return endpoints.AwsPartitionID
	}

	return partition.ID()
}

// DNSSuffix is what hosts in a region end with, such as "amazonaws.com".
func DNSSuffix(region string) string {
	partition, ok := endpoints.PartitionForRegion(endpoints.DefaultPartitions(), region)
	if !ok {
		return "amazonaws.com"
	}

	return partition.DNSSuffix()
}

// nearest is the known name that a misspelled one most likely meant, or "" when none is near.
func nearest(name string, known []string) string {
	const farthest = 3

	best, distance := "", farthest+1

	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(name), candidate, nil); d < distance {
			best, distance = candidate, d
		}
	}

	return best
}
