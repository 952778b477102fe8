package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of a build
	FailedBuild string // the build a package's failure comes from
	Test        string
	Elapsed     float64
	Output      string
}

type testID struct{ pkg, name string }

// test is what is known of one test or subtest so far.
type test struct {
	output []string
	result string // pass, fail, skip; empty while it runs
	parent bool   // has subtests
	broken bool   // has a failed subtest
}

// tally counts the leaves of a package.
type tally struct{ passed, failed, skipped int }

type summary struct {
	w        io.Writer
	tests    map[testID]*test
	packages map[string]*tally
	builds   map[string][]string // the compiler's output by import path
	total    tally
	skips    []string
}

// read takes events until the input ends. Lines that are no event are shown as they are.
func (s *summary) read(r io.Reader) error {
	reader := bufio.NewReader(r)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				fmt.Fprintf(s.w, "%s", line)
			} else {
				s.take(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *summary) take(e event) {
	switch {
	case e.Action == "build-output":
		s.builds[e.ImportPath] = append(s.builds[e.ImportPath], e.Output)
	case e.Package == "":
		// build-fail: the package that wanted the build says so as well.
	case e.Action == "output":
		t := s.test(e)
		t.output = append(t.output, e.Output)
	case e.Test != "":
		s.takeTest(e)
	default:
		s.takePackage(e)
	}
}

// test finds the record of an event's test; the package itself is the test without a name.
func (s *summary) test(e event) *test {
	id := testID{e.Package, e.Test}
	if s.tests[id] == nil {
		s.tests[id] = &test{}
	}
	return s.tests[id]
}

func (s *summary) tally(pkg string) *tally {
	if s.packages[pkg] == nil {
		s.packages[pkg] = &tally{}
	}
	return s.packages[pkg]
}

func (s *summary) takeTest(e event) {
	t := s.test(e)
	switch e.Action {
	case "run":
		s.parentOf(e, func(p *test) { p.parent = true })
	case "pass", "skip":
		t.result = e.Action
		s.count(e, t)
	case "fail":
		t.result = e.Action
		s.parentOf(e, func(p *test) { p.broken = true })
		s.count(e, t)
		// A parent that only passes on its subtests' failure has nothing to add.
		if !t.broken || len(own(t.output)) > 0 {
			s.showFailure(e.Package+" "+e.Test, t.output)
		}
	}
}

// parentOf applies f to the test that the event's subtest belongs to.
func (s *summary) parentOf(e event, f func(*test)) {
	if cut := strings.LastIndex(e.Test, "/"); cut >= 0 {
		e.Test = e.Test[:cut]
		f(s.test(e))
	}
}

// count adds a finished test to its package when it is a leaf, or failed on its own.
func (s *summary) count(e event, t *test) {
	if t.parent && (t.result != "fail" || t.broken) {
		return
	}
	switch n := s.tally(e.Package); t.result {
	case "pass":
		n.passed++
	case "fail":
		n.failed++
	case "skip":
		n.skipped++
		s.skips = append(s.skips, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(t.output)))
	}
}

// takePackage closes a package: tests that never finished have failed, and so has
// a package that failed without any test that did.
func (s *summary) takePackage(e event) {
	if e.Action != "pass" && e.Action != "fail" && e.Action != "skip" {
		return
	}
	n := s.tally(e.Package)
	for _, id := range s.unfinished(e.Package) {
		t := s.tests[id]
		t.result = "fail"
		if !t.parent {
			n.failed++
			s.showFailure(id.pkg+" "+id.name+" (did not finish)", t.output)
		}
	}
	if e.Action == "fail" {
		output := slices.Concat(s.builds[e.FailedBuild], s.test(e).output)
		if n.failed == 0 {
			n.failed++
			s.showFailure(e.Package, output)
		} else if len(own(output)) > 0 {
			s.showFailure(e.Package+" (outside of its tests)", output)
		}
	}
	s.line(e, *n)
	s.reports(e.Package)
	s.total.passed += n.passed
	s.total.failed += n.failed
	s.total.skipped += n.skipped
	s.forget(e.Package)
}

// unfinished lists the tests of a package without a result, by name.
func (s *summary) unfinished(pkg string) []testID {
	var ids []testID
	for id, t := range s.tests {
		if id.pkg == pkg && id.name != "" && t.result == "" {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i].name < ids[j].name })
	return ids
}

// forget drops what was kept of a package that is done.
func (s *summary) forget(pkg string) {
	for id := range s.tests {
		if id.pkg == pkg {
			delete(s.tests, id)
		}
	}
}
