package zenml

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// goldenCase is one value and what PyYAML made of it; testdata/yaml/generate.py
// writes them.
type goldenCase struct {
	Value any    `json:"value"`
	YAML  string `json:"yaml"`
}

func TestMarshalYAML_EqualsPyYAML(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/yaml/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var cases []goldenCase
	if err := decoder.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 300 {
		t.Fatalf("only %d golden cases", len(cases))
	}
	for i, c := range cases {
		got, err := MarshalYAML(plainNumbers(c.Value))
		if err != nil {
			t.Errorf("case %d: %v", i, err)
			continue
		}
		if string(got) != c.YAML {
			t.Errorf("case %d: %#v\ngot  %q\nwant %q", i, c.Value, got, c.YAML)
		}
	}
}

func TestMarshalYAML_WritesWhatJSONCannotCarry(t *testing.T) {
	t.Parallel()
	cases := []struct {
		value any
		want  string
	}{
		{[]any{math.NaN(), math.Inf(1), math.Inf(-1)}, "- .nan\n- .inf\n- -.inf\n"},
		{map[string]any{"a": map[string]any(nil), "b": []any(nil)}, "a: {}\nb: []\n"},
		{int(7), "7\n...\n"},
	}
	for _, c := range cases {
		got, err := MarshalYAML(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("%#v: got %q, want %q", c.value, got, c.want)
		}
	}
}

func TestMarshalYAML_NamesThePlaceOfWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	cases := []struct {
		value any
		want  string
	}{
		{map[string]any{"a": []any{"x", struct{}{}}}, "$.a[1]"},
		{map[string]any{"a": map[string]string{}}, "map[string]string"},
		{map[string]any{"a": "\xff"}, "UTF-8"},
		{map[string]any{"a": json.Number("1.5")}, "whole number"},
		{map[string]any{"a": Unknown{}}, "$.a"},
		{map[string]any{"b": map[string]any{"\xff": 1}}, "key in $.b"},
	}
	for _, c := range cases {
		_, err := MarshalYAML(c.value)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%#v: got error %v, want one with %q", c.value, err, c.want)
		}
	}
}
