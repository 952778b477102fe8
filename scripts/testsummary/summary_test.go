package main

import (
	"strings"
	"testing"
)

func TestSummary_CountsLeavesAndShowsWhatMatters(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		events string
		count  string
		ok     bool
		shown  []string
		hidden []string
	}{
		"a passing test with subtests counts through them": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/x"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:3: chatter\n"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:4: report: agreed 7, differing 0\n"}
{"Action":"pass","Package":"p","Test":"TestA/x"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1}`,
			count: "1 passed, 0 failed, 0 skipped", ok: true,
			shown:  []string{"ok   p (1 passed, 0 failed, 0 skipped, 1.0 s)", "agreed 7, differing 0"},
			hidden: []string{"chatter"},
		},
		"a failed subtest is shown and its parent is not counted": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/x"}
{"Action":"output","Package":"p","Test":"TestA/x","Output":"    a_test.go:3: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestA/x"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			count: "0 passed, 1 failed, 0 skipped",
			shown: []string{"FAIL p TestA/x", "got 1, want 2"},
		},
		"a test that fails beside its passing subtests counts": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestA/x"}
{"Action":"pass","Package":"p","Test":"TestA/x"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			count: "1 passed, 1 failed, 0 skipped",
		},
		"a skipped test is listed with its reason": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: needs python3\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			count: "0 passed, 0 failed, 1 skipped", ok: true,
			shown: []string{"p TestA: needs python3\n"},
		},
		"a package that does not build is a failure with the compiler's words": {
			events: `{"Action":"build-output","ImportPath":"p [p.test]","Output":"./a.go:1:1: syntax error\n"}
{"Action":"build-fail","ImportPath":"p [p.test]"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			count: "0 passed, 1 failed, 0 skipped",
			shown: []string{"syntax error"},
		},
		"a test cut short by a panic or the time limit has failed": {
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p"}`,
			count: "0 passed, 1 failed, 0 skipped",
			shown: []string{"TestA (did not finish)", "panic: boom"},
		},
		"nothing at all is a failure": {
			count: "0 passed, 1 failed, 0 skipped",
			shown: []string{"go test reported no package"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var out strings.Builder
			s := newSummary(&out)
			if err := s.read(strings.NewReader(c.events)); err != nil {
				t.Fatal(err)
			}
			count, ok := s.finish([]string{"a note"}, nil)
			if count != c.count || ok != c.ok {
				t.Errorf("got %q, %v; want %q, %v", count, ok, c.count, c.ok)
			}
			if !strings.HasSuffix(out.String(), "NOTE: a note\n"+c.count+"\n") && c.ok {
				t.Errorf("the count is not the last line of:\n%s", out.String())
			}
			for _, text := range c.shown {
				if !strings.Contains(out.String(), text) {
					t.Errorf("%q is missing from:\n%s", text, out.String())
				}
			}
			for _, text := range c.hidden {
				if strings.Contains(out.String(), text) {
					t.Errorf("%q should not be in:\n%s", text, out.String())
				}
			}
		})
	}
}
