package zenml

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMarshalYAML_EqualsPyYAMLOnRandomValues asks the PyYAML of the ZenML under test what it makes of random values.
// MLSTACKS_TEST_YAML_SEED repeats a run.
func TestMarshalYAML_EqualsPyYAMLOnRandomValues(t *testing.T) {
	t.Parallel()
	python := os.Getenv("MLSTACKS_TEST_ZENML_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: this test asks the real PyYAML, and MLSTACKS_TEST_ZENML_PYTHON does not name a Python that has it; " +
			"`make test` sets one up")
	}
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("MLSTACKS_TEST_YAML_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("MLSTACKS_TEST_YAML_SEED=%d", seed)
	source := randomValues{rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // a seed must repeat the run

	const count = 3000
	values := make([]any, count)
	var questions bytes.Buffer
	for i := range values {
		values[i] = source.value(5)
		questions.Write(pythonJSON(t, values[i]))
		questions.WriteByte('\n')
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "testdata/yaml/generate.py", "--stdin")
	cmd.Stdin = &questions
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	answers, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.Bytes())
	}

	decoder := json.NewDecoder(bytes.NewReader(answers))
	for i, v := range values {
		var want string
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		got, err := MarshalYAML(v)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Fatalf("value %d: %s\ngot  %q\nwant %q", i, pythonJSON(t, v), got, want)
		}
	}
	t.Logf("%d values agree", count)
}

// fragments are what random texts are put together from: everything that has a meaning in YAML, and ordinary words.
var fragments = append(strings.Split(
	"-|?|:|,|[|]|{|}|#|&|*|!|'|\"|%|@|`|>|<|=|~|.|+|_|0|1|9|e|x|b|T|Z|\\| | |  |\n|\n\n|\n |\t|\r|: |- | #|--- |...|"+
		"yes|no|on|off|null|true|1.5|0x1f|12:30|2024-01-01|10:00:00|.inf|.nan|<<|é|日|🙂|\u0085|\u00a0|\u2028|\ufeff|"+
		"\x00|\x1b|\x7f|lorem|ipsum dolor|consectetur|a path/to/somewhere|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "|"), "|")

// randomValues makes values of the kinds MarshalYAML writes.
type randomValues struct{ *rand.Rand }

func (r randomValues) text() string {
	if r.IntN(3) == 0 { // ordinary words, long enough to fold
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString(strings.Repeat("w", 1+r.IntN(12)))
			b.WriteString(strings.Repeat(" ", 1+r.IntN(8)/7))
		}
		return b.String() + fragments[r.IntN(len(fragments))]
	}
	var b strings.Builder
	for range r.IntN(2 + r.IntN(40)) {
		if r.IntN(30) == 0 {
			b.WriteRune(r.Int32N(0xd800))
			continue
		}
		b.WriteString(fragments[r.IntN(len(fragments))])
	}
	return b.String()
}

func (r randomValues) value(depth int) any {
	kind := r.IntN(8)
	if depth == 0 {
		kind = r.IntN(6)
	}
	if depth == 5 && kind < 4 { // a bare root says little
		kind += 4
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return r.Int64() >> r.IntN(64) * int64(1-2*r.IntN(2))
	case 3:
		if r.IntN(2) == 0 {
			return float64(r.IntN(2000)-1000) * math.Pow10(r.IntN(50)-25)
		}
		if f := math.Float64frombits(r.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
		return 0.5
	case 6:
		list := make([]any, r.IntN(5))
		for i := range list {
			list[i] = r.value(depth - 1)
		}
		return list
	case 7:
		m := make(map[string]any)
		for range r.IntN(5) {
			m[r.text()] = r.value(depth - 1)
		}
		return m
	default:
		return r.text()
	}
}

// pythonJSON writes v so that Python reads the same types: encoding/json drops the point of a whole float.
func pythonJSON(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	switch v := v.(type) {
	case float64:
		return strconv.AppendFloat(nil, v, 'e', -1, 64)
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(pythonJSON(t, item))
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for i, k := range sortedKeys(v) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(pythonJSON(t, k))
			b.WriteByte(':')
			b.Write(pythonJSON(t, v[k]))
		}
		b.WriteByte('}')
	default:
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	return b.Bytes()
}
