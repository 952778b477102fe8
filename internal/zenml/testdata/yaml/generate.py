"""Writes values as PyYAML dumps them, as golden cases for MarshalYAML.

    python generate.py > cases.json     the golden cases: a list of
                                        {"value": ..., "yaml": ...}
    python generate.py --stdin          reads one JSON value a line, answers
                                        each with its YAML as a JSON string

Needs PyYAML, with the options that `zenml stack export` uses: the defaults,
and sorted keys.
"""

import json
import sys

import yaml


def dump(value):
    return yaml.dump(value, sort_keys=True)


# Texts that differ in how they have to be quoted.
AMBIGUOUS = """
yes Yes YES yEs no No NO on On ON off Off OFF y Y n N true True TRUE tRue false
null Null NULL nUll ~ ~~ ~/data << <<< = == !! ! & * - -- --- ---x ... ...x .. .
? ?x ?? : :x x: x:y :: , ,x x,y [ ] [x] { } {} {{secret.key}} | > % @ ` # #x x#y
' '' " "" \\ \\n 'quoted' "quoted" it's say"hi
0 00 01 08 09 0o7 0b1 0b2 0x1F 0xG 1 -1 +1 1_000 _1 1_ 12:30 12:60 1:2:3 -1:59
190:20:30 190:20:30.15 1.0 1. .5 -.5 +.5 -1.5 1e5 1e+5 1.e5 1.0e5 1.0e+5 1.5E-3
1_0.5 0.98.0 .inf -.inf +.Inf .INF .iNF .nan .NaN .NAN -.nan nan inf 1-2 1+2
2024-01-01 2024-1-1 2024-01-01T10:00:00Z 2024-01-01t10:00:00.5+02:00 24-01-01
2024-01-011 2024-13-99 192.168.0.1 10:20 1/2 50% 3d 10Gi 1e 0.5.1
s3://bucket/a-b file:///tmp/x sqlite:////tmp/mlflow.db C:\\dir http://h:80/?a=b#c
{"a":1} [1,2] a=b --flag -x x- x: x# !tag &anchor *alias %TAG @user `cmd` >- |+
""".split()

SPACED = [
    "", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", " x", "x ", " x ", "x\n",
    "\nx", "\n\nx", "x\n\n", "x\n\n\n", "x\ny", "x\n\ny", "x\n y", "x \ny",
    "x\n\ty", "x\ty", "\tx", "x\t", "x\ry", "x\r\ny", "x: y", "x :y", "x #y",
    "x# y", "# y", "- x", "-x", "? x", "?\tx", ": x", ":\tx", "x:\ty", "x:",
    "x: ", "x:\n", "-\nx", "- ", "a, b", "[a, b]", "{a: b}", "a  b", "a   b",
    '{"a": 1, "b": [true, null]}', "it's here", "say \"hi\" now", "null ",
    "2024-01-01 10:00:00", "2024-01-01  10:00:00 Z", "2024-1-1 1:00:00 -1:30",
    "12 30", "yes no", "yes\n", "1\n", "~ ", "line one\nline two\n",
    "#!/bin/sh\nset -e\necho 'hi'\n", "key: value\nother: 'x'\n",
    "trailing \nblank", "a\n  indented\nb", "\ttab\n", "x\n---\ny", "--- x",
    "... x", "a\n#b", "a #b\nc", "a\nb: c",
]

UNUSUAL = [
    "\0", "\a", "\b", "\v", "\f", "\x1b", "\x01", "\x1f", "\x7f", "\x80", "\x85",
    "\x9f", "\xa0", "\xad", "é", "naïve", "日本語", "🙂", "a🙂b", "\u2028", "\u2029",
    "a\u2028b", "a\x85b", "\ufeff", "\ufeffx", "\ufffd", "\ufffe", "\ud7ff",
    "\ue000", "\U00010000", "\U0010ffff", "Ünïcode with blanks", "é\nè", "é\n è",
    "tab\tand é", "back\\slash é", 'quote " é', "\\\0", "x \x85y", "x\x85 y",
]

WORDS = "lorem ipsum dolor sit amet, consectetur adipiscing elit sed do eiusmod tempor"
LONG = [
    WORDS + " " + WORDS, "'" + WORDS + "' " + WORDS, "# " + WORDS + " " + WORDS,
    WORDS + "\n" + WORDS + " " + WORDS + "\n", WORDS + " é " + WORDS,
    WORDS + "  " + WORDS, WORDS + "   " + WORDS + " ", "é" * 40, "x" * 200,
    "x" * 78 + " y z", "x" * 79 + " y z", "x" * 80 + " y z", "x" * 81 + "  y z",
    "x" * 81 + " ", "#" + "x" * 81 + " ", "#" + "x" * 81 + " y", "x" * 90 + "é",
    "é" + "x" * 90, "é" + "x" * 80 + " y z", "é" + "x" * 80 + "  y z",
    "é" + "a " * 60, "a " * 60 + "é", "\t" * 60, "'" * 90 + " x", "'" * 40 + " " + "'" * 50 + " x",
    "x: " * 40, " " * 90, " " * 90 + "x", "x" + " " * 90 + "x", "é " * 50,
    '{"' + '", "'.join(WORDS.split() * 3) + '"}', "é" + WORDS + ' "' + WORDS + '"',
    "é" + "x" * 76 + "é y", "é" + "x" * 70 + "\\\\ " + "y" * 20, "é" + "x" * 74 + " " + "é" * 9,
]

FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 1.5, 100.0, 123456789.125, 1e-4, 1e-5, 1.5e-5, 1e15,
    1e16, 1e17, 1.25e17, 123456789012345680.0, 1e22, 1e100, 1.7976931348623157e308,
    5e-324, 2.2250738585072014e-308, 0.30000000000000004, 1 / 3, -2.5e-10,
]
INTEGERS = [0, 1, -1, 7, 10, 2**31, -(2**63), 2**63 - 1, 2**63, -(10**30)]

KEYS = ["a", "", "a b", "yes", "1", "null", "a: b", "a\nb", "é", "#a", "'", '"', "-", "?", "? x", ":", "<<", "=",
        "x" * 122, "x" * 123, "x" * 124, "é" * 122, "é" * 123, "a " * 61 + "b", "# " * 61 + "b", "é " * 61,
        "a " * 70 + "b", "# " * 70 + "b", "é " * 70, "a\n" * 3, " a", "a ", "{{a.b}}", "2024-01-01"]

NESTED = [
    {}, [], [[]], [{}], {"a": {}}, {"a": []}, [[], {}], [[1], [2]], [[[1, 2], 3], [4]],
    {"b": 1, "a": 2, "B": 3, "_": 4, "10": 5, "9": 6, "é": 7, "🙂": 8, "ﬀ": 9},
    [{"a": 1, "b": 2}, {"a": 3}], {"a": [1, 2], "b": {"c": [{"d": 1}]}},
    {"a": [[1, [2]], {"b": [3]}]}, [[{"a": [[]]}]], [None, True, False, 1, 1.5, "x", ""],
    {"a": None, "b": True, "c": ""}, [["x" * 90], [{"k": "x " * 60}]],
    [WORDS + " " + WORDS, {"k": WORDS + " " + WORDS}],
    {"a": {"b": {"c": {"d": {"e": {"f": WORDS + " " + WORDS}}}}}},
    {"a": {"b": {"c": "# " + WORDS + " " + WORDS + "\n" + WORDS}}},
    {"a": {"b": {"c": "é " + WORDS + " " + WORDS}}},
    {"x" * 130: 1}, {"x" * 130: [1, 2]}, {"x" * 130: {"a": 1}}, {"x" * 130: {}},
    {"x" * 130: [[1], {"a": [2]}]}, {"a": {"x" * 130: [{"b": 1}], "": [1]}},
    [{"x" * 130: {"y" * 130: "z"}}], {"": ""}, {"": {"": [""]}},
    {"components": {"alerter": [{"configuration": {"on": "true", "n": 1}, "name": "a"}]}},
]


def deep(depth, leaf):
    for i in range(depth):
        leaf = {"k": leaf} if i % 2 else [leaf]
    return leaf


def cases():
    for text in AMBIGUOUS + SPACED + UNUSUAL:
        yield {"key": text}
    for text in LONG:
        yield {"key": [text]}
    for number in FLOATS + INTEGERS:
        yield {"key": number}
    for key in KEYS:
        yield {key: "value"}
        yield [{key: ["value"]}]
    yield from NESTED
    for root in ("text", "yes", "", "a\nb", "é", "x " * 60, None, True, False, 1, 1.5):
        yield root
    for leaf in ("x " * 60 + "y", "# " * 60 + "y", "é " * 60 + "y", "a\nb", []):
        yield deep(90, leaf)


def main():
    if sys.argv[1:] == ["--stdin"]:
        for line in sys.stdin:
            print(json.dumps(dump(json.loads(line))), flush=True)
        return
    rows = [json.dumps({"value": v, "yaml": dump(v)}) for v in cases()]
    print("[\n" + ",\n".join(rows) + "\n]")


if __name__ == "__main__":
    main()
