package corpus

import (
	"os"
	"strings"
	"testing"
)

func TestJudge_AgreesWithZenML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file          string
		stacks        int
		builderByDflt bool
	}{
		{"../testdata/corpus.jsonl.gz", 4158, true},
		{"../testdata/corpus-no-ib-default.jsonl.gz", 493, false},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			file, err := os.Open(c.file)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close() //nolint:errcheck // only read from
			report, err := Judge(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range report.Differing {
				t.Errorf("%s: ZenML %v, we %v by %v", d.ID, d.Wanted, d.Got, d.Rules)
			}
			if total := report.Agreed + len(report.Deliberate) + len(report.Differing); total != c.stacks {
				t.Errorf("judged %d stacks of %d", total, c.stacks)
			}
			if report.ImageBuilderDefault != c.builderByDflt {
				t.Errorf("took the default image builder for %v", report.ImageBuilderDefault)
			}
			t.Logf("report: agreed %d, differing %d (%d on purpose)", report.Agreed, len(report.Differing)+len(report.Deliberate), len(report.Deliberate))
		})
	}
}

func TestJudge_ReadsSparseLines(t *testing.T) {
	t.Parallel()
	report, err := Judge(strings.NewReader(`
{"components": {"orchestrator": [{"flavor": "local"}], "artifact_store": {"flavor": "local", "configuration": null, "connector": null}, "alerter": null}, "valid": true}
{"id": "a", "components": {"orchestrator": {"flavor": "local"}}}
{"id": "b", "components": {"orchestrator": {"flavor": "local"}}, "valid": true}`))
	if err != nil {
		t.Fatal(err)
	}
	if report.Agreed != 1 || report.Unjudged != 1 || len(report.Differing) != 1 || report.OK() {
		t.Errorf("got %+v", report)
	}
	var b strings.Builder
	if err := report.Write(&b); err != nil || !strings.Contains(b.String(), "agreed 1, differing 1") || !strings.Contains(b.String(), "DIFFERS b") {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestJudge_NamesTheLineItCannotRead(t *testing.T) {
	t.Parallel()
	if _, err := Judge(strings.NewReader("{}\n{")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}
