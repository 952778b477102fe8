package helm

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func app(t *testing.T) *Chart {
	t.Helper()

	chart, err := Load(t.Context(), Source{Path: "testdata/app"})
	if err != nil {
		t.Fatal(err)
	}

	return chart
}

func texts(problems []Problem) []string {
	all := make([]string, len(problems))
	for i, problem := range problems {
		all[i] = problem.String()
	}

	return all
}

func TestCheck_NamesThePath(t *testing.T) {
	t.Parallel()

	chart := app(t)

	for name, test := range map[string]struct {
		values object
		want   []string
	}{
		"nothing given":        {object{}, nil},
		"right":                {object{"replicas": 3, "message": "x", "limits": object{"cpu": 2}}, nil},
		"wrong type":           {object{"replicas": "two"}, []string{"replicas: got string, want integer"}},
		"too many":             {object{"replicas": 4.0}, []string{"replicas: maximum: got 4, want 3"}},
		"in an object":         {object{"limits": object{"memory": 5}}, []string{"limits.memory: got number, want string"}},
		"misspelled":           {object{"replica": 1}, []string{"additional properties 'replica' not allowed"}},
		"removed by null":      {object{"message": nil}, []string{"missing property 'message'"}},
		"in a list":            {object{"ports": []any{1, "x"}}, []string{"ports.1: got string, want integer"}},
		"not by pattern":       {object{"bucket": "Secret"}, []string{"bucket: does not match ^[a-z]+$"}},
		"conditional":          {object{"storage": true, "replicas": 2}, []string{"replicas: value must be 1"}},
		"object for a text":    {object{"message": object{"a": 1}}, []string{"message: got object, want string"}},
		"alternatives":         {object{"limits": object{"cpu": true}}, []string{"limits.cpu: none of the alternatives fits: got boolean, want string; or got boolean, want number"}},
		"several":              {object{"image": "", "extra": 1}, []string{"extra: got number, want boolean", "image: minLength: got 0, want 1"}},
		"null for the unknown": {object{"ports": []any{nil}}, []string{"ports.0: got null, want integer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := texts(chart.Check(test.values)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCheck_NeverRefusesBecauseOfTheUnknown(t *testing.T) {
	t.Parallel()

	chart := app(t)

	for name, test := range map[string]struct {
		values object
		want   []string
	}{
		"a value":                       {object{"replicas": Unknown{}}, nil},
		"a required one":                {object{"message": Unknown{}}, nil},
		"an object":                     {object{"limits": Unknown{}}, nil},
		"in an object":                  {object{"limits": object{"memory": Unknown{}}}, nil},
		"an alternative":                {object{"limits": object{"cpu": Unknown{}}}, nil},
		"in a list":                     {object{"ports": []any{Unknown{}}}, nil},
		"a condition":                   {object{"storage": Unknown{}, "replicas": 2}, nil},
		"a misspelled one, if not null": {object{"replica": Unknown{}}, nil},
		"beside what is wrong anyway": {
			object{"limits": object{"cpu": Unknown{}, "memory": 5}, "extra": 1},
			[]string{"extra: got number, want boolean", "limits.memory: got number, want string"},
		},
		"beside what is misspelled": {
			object{"limits": object{"cpu": Unknown{}, "disk": 5}},
			[]string{"limits: additional properties 'disk' not allowed"},
		},
		"beside what is missing": {object{"message": nil, "extra": Unknown{}}, []string{"missing property 'message'"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := texts(chart.Check(test.values)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func umbrella(t *testing.T) *Chart {
	t.Helper()

	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

	chart, err := Load(t.Context(), Source{FS: fstest.MapFS{
		"Chart.yaml": file("apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies:\n" +
			"- {name: db, version: 1.0.0, condition: db.enabled}\n"),
		"values.yaml":          file("db: {enabled: true}\n"),
		"charts/db/Chart.yaml": file("apiVersion: v2\nname: db\nversion: 1.0.0\n"),
		"charts/db/values.schema.json": file(`{"type": "object", "required": ["size"], "properties": {
			"size": {"type": "integer"}, "global": {"type": "object", "required": ["region"]},
			"pod": {"$ref": "https://schemas.invalid/pod.json#/definitions/pod"}}}`),
	}})
	if err != nil {
		t.Fatal(err)
	}

	return chart
}

func TestCheck_LooksIntoChartsWithin(t *testing.T) {
	t.Parallel()

	chart := umbrella(t)
	global := object{"region": "eu"}

	for name, test := range map[string]struct {
		values object
		want   []string
	}{
		"right":                   {object{"db": object{"size": 1, "pod": object{}}, "global": global}, nil},
		"wrong":                   {object{"db": object{"size": "x"}, "global": global}, []string{"db.size: got string, want integer"}},
		"missing":                 {object{"global": global}, []string{"db: missing property 'size'"}},
		"switched off":            {object{"db": object{"enabled": false, "size": "x"}, "global": global}, nil},
		"perhaps switched off":    {object{"db": object{"enabled": Unknown{}, "size": "x"}, "global": global}, nil},
		"unknown altogether":      {object{"db": Unknown{}}, nil},
		"global value missing":    {object{"db": object{"size": 1}}, []string{"db.global: missing property 'region'"}},
		"global value not known":  {object{"db": object{"size": 1}, "global": object{"region": Unknown{}}}, nil},
		"global values not known": {object{"db": object{"size": 1}, "global": Unknown{}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := texts(chart.Check(test.values)); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestConverge_RefusesValuesWithoutTheCluster(t *testing.T) {
	t.Parallel()

	chart := app(t)
	owner := testOwner("x", "one")

	for name, test := range map[string]struct {
		release Release
		want    string
	}{
		"no chart":  {Release{Name: "x", Owner: owner}, "no chart"},
		"long name": {Release{Name: strings.Repeat("x", 54), Chart: chart, Owner: owner}, "longer than 53"},
		"bad name":  {Release{Name: "A_b", Chart: chart, Owner: owner}, "lower case"},
		"no owner":  {Release{Name: "x", Chart: chart}, "owner has no kind"},
		"unknown":   {Release{Name: "x", Chart: chart, Owner: owner, Values: object{"a": object{"b": Unknown{}}}}, "a.b is not known"},
		"by schema": {Release{Name: "x", Chart: chart, Owner: owner, Values: object{"replicas": 9}}, "app-1.0.0 refuses the values: replicas:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			err := (&Client{namespace: "n"}).Converge(t.Context(), test.release)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
