package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

func TestConfigurationHasEveryStackOnEachSide(t *testing.T) {
	t.Parallel()

	for s, resources := range map[side]int{ours: 3, peer: 10} {
		text, err := s.configuration("bench-x", "http://127.0.0.1:4567", 3)
		if err != nil {
			t.Fatal(err)
		}

		if got := strings.Count(text, "\nresource \""); got != 3*resources || s.resources() != resources {
			t.Errorf("%s has %d resources for 3 stacks and says %d for one, want %d for one", s, got, s.resources(), resources)
		}

		for _, want := range []string{`"bench-x-1"`, `"bench-x-3"`, `"http://127.0.0.1:4567"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", s, want)
			}
		}

		if strings.Contains(text, "%!") || strings.Contains(text, "{{") {
			t.Errorf("%s has something that was not filled in:\n%s", s, text)
		}
	}
}

func TestParseSizes(t *testing.T) {
	t.Parallel()

	got, err := rig.Sizes("-stacks", "50 1,50  10")
	if err != nil || !slices.Equal(got, []int{1, 10, 50}) {
		t.Errorf("got %v, %v", got, err)
	}

	for _, list := range []string{"", " ", "0", "1 x", "-1"} {
		if got, err := rig.Sizes("-stacks", list); err == nil {
			t.Errorf("Sizes(%q) = %v, want an error", list, got)
		}
	}
}

func TestFindPeerTakesTheNewestOfAMirror(t *testing.T) {
	t.Parallel()

	mirror := t.TempDir()
	platform := runtime.GOOS + "_" + runtime.GOARCH

	for _, at := range []string{"5.9.0/" + platform, "5.100.0/" + platform, "6.0.0/plan9_mips"} {
		version, _, _ := strings.Cut(at, "/")
		directory := filepath.Join(mirror, "registry.example.com", "hashicorp", "aws", filepath.FromSlash(at))

		if err := os.MkdirAll(directory, 0o755); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(filepath.Join(directory, "terraform-provider-aws_v"+version+"_x5"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	found, err := findPeer(options{mirror: mirror})
	if err != nil || peerVersion(found) != "5.100.0" {
		t.Errorf("got %q, %v", found, err)
	}

	if _, err := findPeer(options{peer: filepath.Join(mirror, "absent")}); err == nil {
		t.Error("a peer that was named and is not there is an error")
	}

	if got := newest(t.TempDir()); got != "" {
		t.Errorf("an empty mirror has %q", got)
	}
}

func TestTurnsLeaveThePeerOutOfWhatTakesItTooLong(t *testing.T) {
	t.Parallel()

	o := options{peerFull: 10, peerMost: 50}
	with := workspace{binaries: [2]string{peer: "aws", ours: "mlstacks"}}

	for _, c := range []struct {
		stacks, round int
		want          []side
	}{
		{1, 0, []side{peer, ours}},
		{10, 1, []side{ours, peer}},
		{50, 0, []side{peer, ours}},
		{50, 1, []side{ours}},
		{200, 0, []side{ours}},
	} {
		if got := with.turns(o, c.stacks, c.round); !slices.Equal(got, c.want) {
			t.Errorf("%d stacks, round %d: %v, want %v", c.stacks, c.round, got, c.want)
		}
	}

	if got := (workspace{binaries: [2]string{ours: "mlstacks"}}).turns(o, 1, 0); !slices.Equal(got, []side{ours}) {
		t.Errorf("without a peer: %v", got)
	}
}

func TestWatchSeesOwnProcess(t *testing.T) {
	t.Parallel()

	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux tells")
	}

	if got := peakOf(os.Getpid()); got < 1<<20 {
		t.Errorf("this process had %d bytes at most", got)
	}

	for end := time.Now().Add(10 * time.Second); busyOf(os.Getpid()) == 0; {
		if time.Now().After(end) {
			t.Fatal("this process was never busy")
		}
	}
}

func TestTallyCountsWhatOccursTwice(t *testing.T) {
	t.Parallel()

	if got := tally([]string{"s3:GetB", "iam:GetRole", "s3:GetB"}); !slices.Equal(got, []string{"s3:GetB (2)", "iam:GetRole"}) {
		t.Errorf("got %v", got)
	}
}

// sample is a report of one stack: no figure of the peer means that there is none.
func sample(mine figures, peers ...figures) *report {
	m := measured{}
	for _, c := range commands() {
		m[c.name] = &[2][]figures{ours: {mine, mine}, peer: peers}
	}

	r := &report{options: options{sizes: []int{1}}, sizes: map[int]measured{1: m}, loads: []float64{0.5, 1.5}, machine: "a machine"}
	r.starts = [2]start{peer: {took: 300 * time.Millisecond}, ours: {took: 30 * time.Millisecond}}

	if len(peers) > 0 {
		r.peer = "terraform-provider-aws_v5.100.0_x5"
	}

	return r
}

func TestReportSaysWhichAimsAreMet(t *testing.T) {
	t.Parallel()

	mine := figures{took: 1500 * time.Millisecond, cli: 100 * time.Millisecond, provider: 400 * time.Millisecond, memory: 90_000_000, starts: 3, calls: make([]string, 12)}

	var out strings.Builder

	sample(mine, figures{took: 15 * time.Second, calls: make([]string, 48)}).print(&out)

	for _, want := range []string{
		"| 1 | `apply` | 1.50 s / 15.00 s (0.10 ×) | 0.40 s / 0.00 s | 0.10 s / 0.00 s | 12 / 48 (0.25 ×) |",
		"| from start to handshake | 30 ms / 300 ms (0.10 ×) |",
		"| from start to handshake | 30 ms | < 30 ms | no |",
		"| 1 stack: memory of the provider, at most | 90 MB | ≤ 120 MB | yes |",
		"| 1 stack: CPU of a plan, provider and CLI | 0.50 s | < 0.60 s | yes |",
		"| 1 stack: calls of apply | 12 | ≤ 12 | yes |",
		"| 1 stack: no-op plan | 1.50 s | < 1.00 s | no |",
		"hashicorp/aws 5.100.0",
		"0.5 before, 1.5 at most",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}
}

func TestReportWithoutThePeerSaysSo(t *testing.T) {
	t.Parallel()

	var out strings.Builder

	sample(figures{took: time.Second, calls: []string{"iam:GetRole"}}).print(&out)

	for _, want := range []string{"There is no hashicorp/aws on this machine", "| 1 | `apply` | 1.00 s | 0.00 s | 0.00 s | 1 | not known | 0 | 2 |", "- `plan`: iam:GetRole\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}

	if strings.Contains(out.String(), " / ") {
		t.Errorf("there is nothing to compare with:\n%s", out.String())
	}
}

func TestStackOfOursIsShort(t *testing.T) {
	t.Parallel()

	if got := ours.lines(); got > aimLines {
		t.Errorf("a stack has %d lines, the aim is %d", got, aimLines)
	}

	if got := peer.lines(); got < 4*ours.lines() {
		t.Errorf("a stack of the peer has %d lines: is it the same job?", got)
	}
}
