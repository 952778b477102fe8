package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

func TestBothSidesHaveTheSameNumberOfResources(t *testing.T) {
	t.Parallel()

	for _, s := range []side{baseline, ours} {
		configuration := s.configuration(3)
		if got, want := strings.Count(configuration, "resource \""), 3*7; got != want {
			t.Errorf("%s has %d resources, want %d", s, got, want)
		}

		if strings.Contains(configuration, "%!") || strings.Contains(configuration, "%[") {
			t.Errorf("%s has an argument that was not filled in:\n%s", s, configuration)
		}
	}
}

func TestParseSizes(t *testing.T) {
	t.Parallel()

	got, err := rig.Sizes("-sizes", "50, 1,50")
	if err != nil || !slices.Equal(got, []int{1, 50}) {
		t.Errorf("got %v, %v", got, err)
	}

	for _, list := range []string{"", "0", "1,x", "-1"} {
		if got, err := rig.Sizes("-sizes", list); err == nil {
			t.Errorf("Sizes(%q) = %v, want an error", list, got)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()

	for want, of := range map[time.Duration][]time.Duration{0: nil, 2: {3, 1, 2}, 3: {4, 2}} {
		if got := rig.Median(of); got != want {
			t.Errorf("median(%v) = %d, want %d", of, got, want)
		}
	}
}

func TestHighest(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "record")
	for _, value := range []int64{3, 12, 7} {
		if err := note(file, value); err != nil {
			t.Fatal(err)
		}
	}

	if got, err := highest(file); err != nil || got != 12 {
		t.Errorf("got %d, %v", got, err)
	}

	if _, err := highest(file + ".absent"); err == nil {
		t.Error("no record is an error: the launcher cannot have run")
	}
}

func TestLineOf(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "release")
	if err := os.WriteFile(file, []byte("ID=x\nPRETTY_NAME=\"An OS 1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	if got := rig.LineOf(file, "PRETTY_NAME", "="); got != `"An OS 1"` {
		t.Errorf("got %s", got)
	}
}

func TestReportSaysWhichAimsAreMet(t *testing.T) {
	t.Parallel()

	at := func(seconds ...float64) map[string]pair {
		of := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

		return map[string]pair{planCommand().name: {of(seconds[0]), of(seconds[1])}}
	}

	r := report{
		sizes: []int{1, 50, 200}, runs: 3, start: 60 * time.Millisecond, memory: 90_000_000, machine: "a machine",
		commands: map[int]map[string]pair{1: at(1, 1), 50: at(2, 3), 200: at(5, 10)},
	}

	var out strings.Builder

	r.print(&out)

	for _, want := range []string{
		"| 200 | 1400 | `plan` | 5.00 s | 10.00 s | 2.00 |",
		"| plan of 200 stacks against terraform_data | 2.00 × | ≤ 1.5 × | missed |",
		"| 90 MB | ≤ 100 MB | met |",
		"| 60 ms | ≤ 50 ms | missed |",
		"1.11 × (terraform_data: 0.98 ×) | ≤ 1.25 × | met |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}
}
