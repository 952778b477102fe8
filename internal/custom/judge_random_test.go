package custom

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

// candidates are values that an unknown one may turn out to be.
var candidates = []any{nil, "a", "b", "long enough", int64(0), int64(1), true, []any{}, []any{"a"}, []any{int64(1), "b"}, conf{}, conf{"a": "a"}, conf{"b": int64(1)}}

// With schemas and configurations drawn at random: what is refused while a part is unknown is refused whatever that part
// turns out to be.
func TestJudge_NeverRefusesWhatSomeValueAllows(t *testing.T) {
	t.Parallel()

	refused := 0

	for seed := range uint64(1500) {
		draw := &drawn{rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // the same at every run

		text, err := json.Marshal(draw.document())
		if err != nil {
			t.Fatal(err)
		}

		schema, err := read2020(string(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}

		configuration := draw.object(2)
		said := judge(schema, configuration)

		if len(said) == 0 {
			continue
		}

		refused++

		for _, first := range candidates {
			for _, second := range candidates {
				if answer := settle(configuration, []any{first, second, first}, new(int)); len(judge(schema, answer.(conf))) == 0 { //nolint:errcheck // an object stays one
					t.Fatalf("seed %d: %s\nrefuses   %v: %v\nbut takes %v", seed, text, configuration, said, answer)
				}
			}
		}
	}

	if refused < 50 {
		t.Errorf("only %d configurations were refused", refused)
	}
}

// settle puts the next of the values in the place of each unknown one.
func settle(value any, values []any, next *int) any {
	switch value := value.(type) {
	case conf:
		all := conf{}
		for _, key := range names { // in an order of their own
			if child, ok := value[key]; ok {
				all[key] = settle(child, values, next)
			}
		}

		return all
	case []any:
		all := make([]any, 0, len(value))
		for _, child := range value {
			all = append(all, settle(child, values, next))
		}

		return all
	}

	if value == later {
		*next++

		return values[(*next-1)%len(values)]
	}

	return value
}

// names of keys: some read like keywords.
var names = []string{"a", "b", "if", "anyOf"}

type drawn struct{ *rand.Rand }

func (d *drawn) name() string { return names[d.IntN(len(names))] }

func (d *drawn) value(depth int) any {
	switch n := d.IntN(10); {
	case n < 3:
		return later
	case n < 5 && depth > 0:
		return d.object(depth - 1)
	case n < 7 && depth > 0:
		list := []any{}
		for range d.IntN(3) {
			list = append(list, d.value(depth-1))
		}

		return list
	}

	return []any{"a", "b", int64(0), int64(1)}[d.IntN(4)]
}

func (d *drawn) object(depth int) conf {
	object := conf{}
	for range d.IntN(4) {
		object[d.name()] = d.value(depth)
	}

	return object
}

func (d *drawn) document() conf {
	document := d.schema(3)
	document["$defs"] = conf{"then": d.schema(2), "anyOf": d.schema(1)}

	return document
}

func (d *drawn) schema(depth int) conf {
	schema := conf{}
	for range 1 + d.IntN(3) {
		d.keyword(schema, depth)
	}

	return schema
}

func (d *drawn) keyword(schema conf, depth int) {
	below := func() any { return d.schema(depth - 1) }
	simple := []func(){
		func() { schema["type"] = []string{"string", "integer", "object", "array"}[d.IntN(4)] },
		func() { schema["const"] = candidates[1+d.IntN(len(candidates)-1)] },
		func() { schema["enum"] = []any{"a", candidates[1+d.IntN(len(candidates)-1)]} },
		func() { schema["required"] = []string{d.name()} },
		func() { schema["minLength"], schema["minItems"], schema["minProperties"] = 2, 1, 1 },
		func() { schema["maxLength"], schema["maxItems"], schema["maxProperties"] = 1, 1, 1 },
		func() { schema["minimum"], schema["uniqueItems"] = 1, true },
		func() { schema["dependentRequired"] = conf{d.name(): []string{d.name()}} },
		func() { schema["additionalProperties"] = false },
		func() { schema["propertyNames"] = conf{"maxLength": 1} },
	}
	nested := []func(){
		func() { schema["properties"] = conf{d.name(): below(), d.name(): below()} },
		func() { schema["patternProperties"] = conf{fmt.Sprintf("^%s$", d.name()): below()} },
		func() { schema["additionalProperties"] = below() },
		func() { schema["items"] = below() },
		func() { schema["prefixItems"] = []any{below()} },
		func() { schema["contains"] = below() },
		func() { schema["allOf"] = []any{below(), below()} },
		func() { schema["anyOf"] = []any{below(), below()} },
		func() { schema["oneOf"] = []any{below(), below()} },
		func() { schema["not"] = below() },
		func() { schema["if"], schema["then"], schema["else"] = below(), below(), below() },
		func() { schema["dependentSchemas"] = conf{d.name(): below()} },
		func() { schema["unevaluatedProperties"] = false },
		func() { schema["unevaluatedItems"] = below() },
		func() { schema["$ref"] = "#/$defs/then" },
		func() { schema["$ref"] = "#/$defs/anyOf" },
	}

	switch depth {
	case 1: // no reference from here on, which could lead around in a circle
		d.pick(simple)
	case 2:
		d.pick(append(simple, nested[:14]...))
	default:
		d.pick(append(append(simple, nested...), nested...))
	}
}

func (d *drawn) pick(from []func()) { from[d.IntN(len(from))]() }
