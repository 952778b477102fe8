package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// frame matches the lines with which go test frames the output of a test or package.
var frame = regexp.MustCompile(`^\s*(=== (RUN|PAUSE|CONT|NAME)|--- (PASS|FAIL|SKIP|BENCH)|(PASS|FAIL|ok)\s|exit status )`)

// place matches the file and line that begin what a test logs.
var place = regexp.MustCompile(`^\s*[\w.-]+\.go:\d+: `)

// own is a test's output without the frame and with the place cut off its lines.
func own(output []string) []string {
	var lines []string
	for _, line := range output {
		if frame.MatchString(line) {
			continue
		}
		if line = strings.TrimSpace(place.ReplaceAllString(line, "")); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// reason is why a test was skipped, on one line.
func reason(output []string) string {
	if lines := own(output); len(lines) > 0 {
		return strings.Join(lines, " ")
	}
	return "no reason given"
}

// showFailure writes what failed and under it the output as it came.
func (s *summary) showFailure(what string, output []string) {
	fmt.Fprintf(s.w, "\nFAIL %s\n", what)
	for _, line := range output {
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprintf(s.w, "    %s\n", strings.TrimRight(line, "\n"))
		}
	}
	fmt.Fprintln(s.w)
}

// line writes the one line of a package that is done.
func (s *summary) line(e event, n tally) {
	verdict := "ok  "
	switch {
	case e.Action == "fail":
		verdict = "FAIL"
	case n == (tally{}):
		verdict = "-   "
	}
	fmt.Fprintf(s.w, "%s %s (%s, %.1f s)\n", verdict, e.Package, n, e.Elapsed)
}

// reports writes the lines that passing tests of a package want to be seen.
func (s *summary) reports(pkg string) {
	var lines []string
	for id, t := range s.tests {
		if id.pkg != pkg || t.result != "pass" {
			continue
		}
		for _, line := range own(t.output) {
			if text, found := strings.CutPrefix(line, "report: "); found {
				lines = append(lines, text)
			}
		}
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Fprintf(s.w, "       %s\n", line)
	}
}

// finish writes what was skipped, the notes and the count, which it returns
// together with whether all is well.
func (s *summary) finish(notes, failures []string) (string, bool) {
	if len(s.skips) > 0 {
		fmt.Fprintln(s.w, "\nSkipped:")
		for _, line := range s.skips {
			fmt.Fprintf(s.w, "  %s\n", line)
		}
	}
	if len(s.packages) == 0 {
		failures = append(failures, "go test reported no package")
	}
	fmt.Fprintln(s.w)
	for _, note := range notes {
		fmt.Fprintf(s.w, "NOTE: %s\n", note)
	}
	for _, failure := range failures {
		fmt.Fprintf(s.w, "FAIL: %s\n", failure)
		s.total.failed++
	}
	count := s.total.String()
	fmt.Fprintln(s.w, count)
	return count, s.total.failed == 0
}

// String is the count as the last line shows it.
func (n tally) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", n.passed, n.failed, n.skipped)
}
