package naming

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EKSSupport says until when EKS supports a minor version of Kubernetes. A date is the first day without that support, UTC.
type EKSSupport struct {
	// Version is a minor version, such as "1.36".
	Version string
	// Standard is when standard support ends; a cluster costs more per hour from then on.
	Standard time.Time
	// Extended is when extended support ends; EKS makes no new cluster from then on and upgrades those there are.
	Extended time.Time
}

// noticeDays is how long before its end standard support is spoken of; AWS announces the date that much earlier.
const noticeDays = 60

// eksVersions is AWS's release calendar as of November 2026, oldest first. Versions that came later are judged leniently;
// EKSVersionIn takes another table, for example what DescribeClusterVersions answers.
var eksVersions = []EKSSupport{
	{"1.28", date(2024, time.November, 26), date(2025, time.November, 26)},
	{"1.29", date(2025, time.March, 23), date(2026, time.March, 23)},
	{"1.30", date(2025, time.July, 23), date(2026, time.July, 23)},
	{"1.31", date(2025, time.November, 26), date(2026, time.November, 26)},
	{"1.32", date(2026, time.March, 23), date(2027, time.March, 23)},
	{"1.33", date(2026, time.July, 29), date(2027, time.July, 29)},
	{"1.34", date(2026, time.December, 2), date(2027, time.December, 2)},
	{"1.35", date(2027, time.March, 27), date(2028, time.March, 27)},
	{"1.36", date(2027, time.August, 2), date(2028, time.August, 2)},
}

var (
	minorVersion = regexp.MustCompile(`^1\.(0|[1-9]\d{0,3})$`)
	patchVersion = regexp.MustCompile(`^v?(1\.\d+)(\.\d+)?([-+].*)?$`)
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// EKSVersions is the table of this version of the provider, oldest first.
func EKSVersions() []EKSSupport { return slices.Clone(eksVersions) }

// NewestEKSVersion is the newest version in the table.
func NewestEKSVersion() string { return eksVersions[len(eksVersions)-1].Version }

// EKSVersion judges a Kubernetes version for EKS on a day. The problem says why no cluster can be made of it, the warning what
// else there is to know; both are "" when all is well.
func EKSVersion(version string, today time.Time) (problem, warning string) {
	return EKSVersionIn(eksVersions, version, today)
}

// EKSVersionIn is EKSVersion with another table, whose order does not matter. In an empty table every version is unknown.
func EKSVersionIn(table []EKSSupport, version string, today time.Time) (problem, warning string) {
	if !minorVersion.MatchString(version) {
		return malformedVersion(version), ""
	}

	if len(table) == 0 {
		return "", unknownVersion(version)
	}

	table = slices.SortedFunc(slices.Values(table), func(a, b EKSSupport) int { return minor(a.Version) - minor(b.Version) })
	newest := table[len(table)-1].Version

	for _, row := range table {
		if row.Version == version {
			return supported(row, today, newest)
		}
	}

	if minor(version) < minor(newest) {
		return fmt.Sprintf("Kubernetes %s is not among the versions that EKS makes clusters of: the newest known is %s.", version, newest), ""
	}

	return "", unknownVersion(version)
}

// supported judges a version that is in the table.
func supported(row EKSSupport, today time.Time, newest string) (problem, warning string) {
	switch {
	case !today.Before(row.Extended):
		return fmt.Sprintf("EKS ended all support of Kubernetes %s on %s and makes no cluster of it: the newest known is %s.",
			row.Version, day(row.Extended), newest), ""
	case !today.Before(row.Standard):
		return "", fmt.Sprintf("EKS ended standard support of Kubernetes %s on %s: the cluster costs more per hour until extended support ends on %s, "+
			"and EKS upgrades it by itself then; the newest known version is %s.", row.Version, day(row.Standard), day(row.Extended), newest)
	case !today.AddDate(0, 0, noticeDays).Before(row.Standard):
		return "", fmt.Sprintf("EKS ends standard support of Kubernetes %s on %s: the cluster costs more per hour from then on; the newest known version is %s.",
			row.Version, day(row.Standard), newest)
	default:
		return "", ""
	}
}

func malformedVersion(version string) string {
	if match := patchVersion.FindStringSubmatch(version); len(match) > 1 && minorVersion.MatchString(match[1]) {
		return fmt.Sprintf("%q is no version of EKS, which takes minor versions only: write %q.", version, match[1])
	}

	return fmt.Sprintf("%q is no version of EKS: it is a minor version of Kubernetes such as %q.", version, NewestEKSVersion())
}

func unknownVersion(version string) string {
	return fmt.Sprintf("This version of the provider does not know Kubernetes %s on EKS, and so cannot tell until when it is supported.", version)
}

// minor is the second number of a version; 0 where there is none.
func minor(version string) int {
	_, digits, _ := strings.Cut(version, ".")
	number, _ := strconv.Atoi(digits)

	return number
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
