package helm

import (
	"reflect"
	"testing"
)

type object = map[string]any

func TestMerge_IsDeepAndKeepsNull(t *testing.T) {
	t.Parallel()

	ours := object{"a": object{"b": 1, "c": 2}, "list": []any{1, 2}, "gone": "x", "later": Unknown{}, "over": Unknown{}}
	merged := Merge(ours, object{
		"a": object{"c": 3}, "list": []any{9}, "gone": nil, "new": true,
		"later": object{"some": "part"}, "over": "known", "d": Unknown{},
	})

	want := object{
		"a": object{"b": 1, "c": 3}, "list": []any{9}, "gone": nil, "new": true,
		"later": Unknown{}, "over": "known", "d": Unknown{},
	}
	if !reflect.DeepEqual(merged, want) {
		t.Errorf("got %v, want %v", merged, want)
	}

	if !reflect.DeepEqual(ours["a"], object{"b": 1, "c": 2}) {
		t.Errorf("our values were changed: %v", ours)
	}
}

func TestMerge_OfNothingCanBeWrittenTo(t *testing.T) {
	t.Parallel()

	if merged := Merge(nil, nil); merged == nil || len(merged) != 0 {
		t.Errorf("got %v", merged)
	}
}

func TestPlain_KeepsWholeNumbersWhole(t *testing.T) {
	t.Parallel()

	got, err := plain(object{"bytes": 1e6, "list": []any{2.0, 2.5}, "count": 3, "text": "1e6", "none": nil})
	if err != nil {
		t.Fatal(err)
	}

	want := object{"bytes": int64(1000000), "list": []any{int64(2), 2.5}, "count": int64(3), "text": "1e6", "none": nil}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestKnown_SaysWhereTheUnknownWas(t *testing.T) {
	t.Parallel()

	values, unknown := known(object{"a": object{"b": Unknown{}, "c": 1}, "list": []any{1, Unknown{}, object{"d": Unknown{}}}})

	if want := (object{"a": object{"c": 1}, "list": []any{1, nil, object{}}}); !reflect.DeepEqual(values, want) {
		t.Errorf("got %v, want %v", values, want)
	}

	if want := [][]string{{"a", "b"}, {"list", "1"}, {"list", "2", "d"}}; !reflect.DeepEqual(unknown, want) {
		t.Errorf("got %v, want %v", unknown, want)
	}
}

func TestCompare_NamesPathsAndNoValues(t *testing.T) {
	t.Parallel()

	got := compare(object{"a": object{"b": 1, "c": 2}, "only": nil, "list": []any{1}},
		object{"a": object{"b": 1, "c": 3}, "list": []any{1, 2}, "more": object{"x": 1}}, nil)

	if want := []string{"a.c", "list", "more", "only"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
