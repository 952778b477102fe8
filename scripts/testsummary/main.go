// Command testsummary turns the JSON that go test -json writes into something
// to read: a line for each package, the whole output of each test that failed,
// every skipped test with its reason, and as its last line the count
//
//	12 passed, 0 failed, 3 skipped
//
// It counts leaves: a test with subtests counts through them, unless it failed
// although they did not. A package that does not build, or dies outside of its
// tests, counts as one failure. What a passing test logs is dropped, except for
// lines that begin with "report: ".
//
// It exits with 1 when anything failed or nothing ran.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return fmt.Sprint(*l) }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func main() {
	var notes, failures list
	flag.Var(&notes, "note", "text to show before the count; may be repeated")
	flag.Var(&failures, "fail", "something that failed before the tests, to show and count; may be repeated")
	out := flag.String("out", "", "file that also receives the count")
	flag.Parse()

	s := newSummary(os.Stdout)
	if err := s.read(os.Stdin); err != nil {
		failures = append(failures, fmt.Sprintf("the output of go test could not be read: %v", err))
	}
	count, ok := s.finish(notes, failures)
	if *out != "" {
		if err := os.WriteFile(*out, []byte(count+"\n"), 0o600); err != nil {
			fmt.Fprintf(os.Stderr, "testsummary: write the count: %v\n", err)
			ok = false
		}
	}
	if !ok {
		os.Exit(1)
	}
}

// newSummary makes a summary that writes to w.
func newSummary(w io.Writer) *summary {
	return &summary{w: w, tests: map[testID]*test{}, packages: map[string]*tally{}, builds: map[string][]string{}}
}
