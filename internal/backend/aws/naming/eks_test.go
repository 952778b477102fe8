package naming

import (
	"strings"
	"testing"
	"time"
)

func TestEKSVersion_IsJudgedByTheDay(t *testing.T) {
	t.Parallel()

	for _, one := range []struct {
		version, today, problem, warning string
	}{
		{"1.36", "2026-11-21", "", ""},
		{"1.35", "2026-11-21", "", ""},
		{"1.34", "2026-10-02", "", ""},
		{"1.34", "2026-10-03", "", "ends standard support of Kubernetes 1.34 on 2026-12-02"},
		{"1.34", "2026-12-01", "", "ends standard support"},
		{"1.34", "2026-12-02", "", "ended standard support of Kubernetes 1.34 on 2026-12-02"},
		{"1.34", "2027-12-01", "", "extended support ends on 2027-12-02"},
		{"1.34", "2027-12-02", "ended all support of Kubernetes 1.34 on 2027-12-02", ""},
		{"1.28", "2026-11-21", "ended all support of Kubernetes 1.28 on 2025-11-26 and makes no cluster of it: the newest known is 1.36", ""},
		{"1.9", "2026-11-21", "is not among the versions that EKS makes clusters of", ""},
		{"1.37", "2026-11-21", "", "does not know Kubernetes 1.37"},
		{"1.36.2", "2026-11-21", `which takes minor versions only: write "1.36"`, ""},
		{"v1.36", "2026-11-21", `write "1.36"`, ""},
		{"1.036", "2026-11-21", "is no version of EKS", ""},
		{"latest", "2026-11-21", `such as "1.36"`, ""},
		{"", "2026-11-21", "is no version of EKS", ""},
	} {
		today, err := time.Parse(time.DateOnly, one.today)
		if err != nil {
			t.Fatal(err)
		}

		problem, warning := EKSVersion(one.version, today)
		if !says(problem, one.problem) || !says(warning, one.warning) {
			t.Errorf("%s on %s: got problem %q and warning %q, want %q and %q", one.version, one.today, problem, warning, one.problem, one.warning)
		}
	}
}

func TestEKSVersion_TakesAnotherTable(t *testing.T) {
	t.Parallel()

	table := []EKSSupport{
		{"1.40", date(2029, time.January, 1), date(2030, time.January, 1)},
		{"1.9", date(2019, time.January, 1), date(2020, time.January, 1)},
	}

	for version, want := range map[string][2]string{
		"1.40": {"", ""},
		"1.9":  {"ended all support", ""},
		"1.39": {"the newest known is 1.40", ""},
		"1.41": {"", "does not know"},
	} {
		problem, warning := EKSVersionIn(table, version, date(2026, time.November, 21))
		if !says(problem, want[0]) || !says(warning, want[1]) {
			t.Errorf("%s: %q, %q", version, problem, warning)
		}
	}

	if problem, warning := EKSVersionIn(nil, "1.36", date(2026, time.November, 21)); problem != "" || !says(warning, "does not know") {
		t.Errorf("an empty table: %q, %q", problem, warning)
	}
}

func TestEKSVersions_AreInOrderAndEndAYearApart(t *testing.T) {
	t.Parallel()

	for i, row := range EKSVersions() {
		if !row.Extended.Equal(row.Standard.AddDate(1, 0, 0)) {
			t.Errorf("%s: extended support is a year, not from %s to %s", row.Version, row.Standard, row.Extended)
		}

		if i > 0 && minor(row.Version) != minor(eksVersions[i-1].Version)+1 {
			t.Errorf("%s does not follow %s", row.Version, eksVersions[i-1].Version)
		}
	}
}

// says is true when a text has the wanted words, or is empty as wanted.
func says(text, want string) bool {
	return strings.Contains(text, want) && (want != "" || text == "")
}
