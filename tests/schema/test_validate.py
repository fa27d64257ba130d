"""Findings of schemas: places, words, severities, and that nothing escapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schema.entry_schemas import ENTRY_SCHEMAS

from tui.diagnostic import Diagnostic, Severity
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.points import injection_points
from tui.schema.bounded import MAX_DEPTH, MAX_STEPS, BadPattern, SchemaTooSlow, matches
from tui.schema.load import load_schema
from tui.schema.validate import Checker, is_right, validate
from tui.visible import visible

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def node_of(value: Any) -> JsonNode:
    """NaN and the infinities have no JSON; 1e400 is JSON and becomes an infinity."""
    text = json.dumps(value).replace("Infinity", "1e400").replace("NaN", "null")
    root = JsonTree.parse(text).root
    assert root is not None
    return root


def validate_with(schema: Any, node: JsonNode, pointer: str) -> list[Diagnostic]:
    return Checker(schema, "the schema").validate(node, pointer)


def findings(schema: Any, value: Any) -> list[tuple[str, str]]:
    return [(d.pointer, d.message) for d in validate_with(schema, node_of(value), "/x")]


def sole(found: list[Diagnostic]) -> Diagnostic:
    assert len(found) == 1
    return found[0]


# -- our schemas over plugin entries ---------------------------------------------------------

JUDGED = [
    ("plugin", {"folder": "./p/", "pattern": ".so"}, []),
    ("plugin", {"folder": "./p/"}, [("", Severity.WARNING)]),
    ("plugin", {"pattern": ".so"}, [("", Severity.ERROR)]),
    ("plugin", {"folder": [], "pattern": 1}, [("/folder", "error"), ("/pattern", "warning")]),
    ("http-server", {"name": ["a"], "a": {}}, []),
    ("http-server", {"name": "a"}, [("/name", Severity.WARNING)]),
    ("http-server", {"name": 3}, [("/name", Severity.ERROR)]),
    ("http-server", {"name": ["a", 1]}, [("/name/1", Severity.ERROR)]),
    ("http-server", {}, [("", Severity.ERROR)]),
    ("http-client", {"name": "a"}, []),
    ("http-client", {"name": ["a"]}, [("/name", Severity.ERROR)]),
    ("req-resp-modifier", {"name": ["a-request"]}, []),
    ("req-resp-modifier", {"name": "a-request"}, [("/name", Severity.ERROR)]),
    ("middleware", {"name": ["a"]}, []),
    ("middleware", {"name": "a"}, [("/name", Severity.WARNING)]),
    ("middleware", [], [("", Severity.WARNING)]),
]


@pytest.mark.parametrize(("schema", "value", "expected"), JUDGED)
def test_entries_are_judged(schema: str, value: Any, expected: list[tuple[str, Any]]) -> None:
    found = validate(schema, node_of(value), "/here")
    assert [(d.pointer, d.severity) for d in found] == [
        (f"/here{pointer}", Severity(severity)) for pointer, severity in expected
    ]
    assert {d.rule for d in found} <= {"schema"}


@pytest.mark.parametrize("name", ENTRY_SCHEMAS)
@given(value=JSON)
@settings(max_examples=40)
def test_validate_takes_any_value(name: str, value: Any) -> None:
    node = node_of(value)
    for finding in validate(name, node, "/p"):
        assert node.span.start <= finding.span.start <= finding.span.end <= node.span.end
        assert finding.pointer.startswith("/p")


# -- places ----------------------------------------------------------------------------------


def test_span_and_pointer_are_those_of_the_failing_value() -> None:
    text = '{"a~/b": [1, {"c": "x"}]}'
    root = JsonTree.parse(text).root
    assert root is not None
    schema = {"properties": {"a~/b": {"items": {"properties": {"c": {"type": "number"}}}}}}
    finding = sole(validate_with(schema, root, "/e"))
    assert finding.pointer == "/e/a~0~1b/1/c"
    assert text[finding.span.start : finding.span.end] == '"x"'


def test_a_key_that_does_not_belong_is_marked_itself() -> None:
    text = '{"good": 1, "bad": {"long": "value"}}'
    root = JsonTree.parse(text).root
    assert root is not None
    schema = {"properties": {"good": {}}, "additionalProperties": False}
    finding = sole(validate_with(schema, root, ""))
    assert finding.pointer == "/bad"
    assert text[finding.span.start : finding.span.end] == '"bad"'


def test_a_missing_key_is_told_at_the_object_that_lacks_it() -> None:
    text = '{"a": {"b": 1}}'
    root = JsonTree.parse(text).root
    assert root is not None
    schema = {"properties": {"a": {"required": ["b", "c", "d"]}}}
    found = validate_with(schema, root, "")
    assert {d.pointer for d in found} == {"/a"}
    assert {text[d.span.start : d.span.end] for d in found} == {'{"b": 1}'}
    assert len(found) == 2


def test_of_duplicate_keys_the_last_is_meant() -> None:
    text = '{"a": 1, "a": "x"}'
    root = JsonTree.parse(text).root
    assert root is not None
    finding = sole(validate_with({"properties": {"a": {"type": "number"}}}, root, ""))
    assert text[finding.span.start : finding.span.end] == '"x"'


# -- words -----------------------------------------------------------------------------------

SAID = [
    ({"type": "array"}, "s", "This entry must be a list, but is a string."),
    ({"type": ["array", "null"]}, True, "This entry must be a list or null, but is true."),
    ({"enum": ["a", 1]}, "b", 'This entry must be "a" or 1, but is "b".'),
    ({"const": "a"}, "b", 'This entry must be "a", but is "b".'),
    ({"minimum": 3}, 2, "This entry must be at least 3, but is 2."),
    ({"minItems": 2}, [1], "This entry must have at least 2 items, has 1."),
    ({"items": {"type": "string"}}, [1], "Item 1 of this entry must be a string, but is a number."),
    ({"required": ["k"]}, {}, "This entry lacks `k`."),
    ({"pattern": "^a$"}, "b", 'This entry is "b", which does not match the pattern "^a$".'),
    (False, 1, "This entry is not allowed here."),
    ({"oneOf": [False]}, 1, "This entry fits none of the alternatives of its schema."),
    ({"anyOf": [False, {"minimum": 2}]}, 1, "This entry must be at least 2, but is 1."),
    ({"additionalProperties": False}, {"k": 1}, "`k` is not a key that belongs here."),
    (
        {"propertyNames": {"maxLength": 1}},
        {"kk": 1},
        "`kk` is a key that its schema does not allow.",
    ),
    (
        {"dependentRequired": {"a": ["b", "c"]}},
        {"a": 1},
        "This entry has `a`, which also needs `b` and `c`.",
    ),
    (
        {"anyOf": [{"type": "string"}, {"type": "array"}]},
        1,
        "This entry must be a string or a list, but is a number.",
    ),
    (
        {"oneOf": [{"type": "number"}, {"minimum": 0}]},
        1,
        "This entry fits more than one of the alternatives of its schema, "
        "which exclude each other.",
    ),
]


@pytest.mark.parametrize(("schema", "value", "message"), SAID)
def test_messages_are_plain_words(schema: Any, value: Any, message: str) -> None:
    assert [text for _, text in findings(schema, value)] == [message]


def test_the_branch_that_was_meant_speaks() -> None:
    schema = {
        "oneOf": [
            {"properties": {"kind": {"const": "a"}, "size": {"type": "string"}}},
            {
                "properties": {
                    "kind": {"const": "b"},
                    "size": {"anyOf": [{"type": "null"}, {"type": "number", "maximum": 9}]},
                },
            },
        ]
    }
    assert findings(schema, {"kind": "b", "size": 10}) == [
        ("/x/size", "`size` must be at most 9, but is 10.")
    ]


def test_text_of_files_and_schemas_is_made_safe() -> None:
    evil = "\x1b]0;x\x07"
    schema = {"properties": {evil: {"enum": [evil]}}, "required": [evil + "2"]}
    for _, message in findings(schema, {evil: evil * 3}):
        assert visible(message) == message
    for _, message in findings({"type": evil}, 1) + findings({"$ref": f"http://{evil}"}, 1):
        assert visible(message) == message


# -- schemas that cannot be used ---------------------------------------------------------------

BOMB: dict[str, Any] = {
    "$defs": {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)}
    | {"d40": {}},
    "$ref": "#/$defs/d0",
}
UNUSABLE = [
    (3, 1, "is no JSON Schema: it is a number"),
    ([], 1, "is no JSON Schema: it is a list"),
    ({"type": "strin"}, 1, '"strin" (at /type)'),
    ({"properties": []}, 1, "`properties` must be an object, but is a list"),
    ({"$schema": ["x"]}, 1, "`$schema`"),
    ({"$ref": "#"}, 1, "refers to itself"),
    ({"$ref": "other.json"}, 1, 'refers to "other.json"'),
    ({"$ref": "#/$defs/nowhere"}, 1, "refers to"),
    ({"$ref": "http://["}, 1, "refers to"),
    ({"$ref": "file:///etc/hostname"}, 1, "nothing is fetched"),
    ({"pattern": "("}, "x", 'no regular expression: "("'),
    ({"pattern": "^(?:(a|a)*)*(?=b)\\1$"}, "a" * 60 + "!", "too slow"),
    ({"patternProperties": {"^(?:(a|a)*)*(?=b)\\1$": {}}}, {"a" * 60: 1}, "too slow"),
    (BOMB, 1, "too slow"),
    ({"uniqueItems": True}, [{"a": n} for n in range(3000)], "too slow"),
]


@pytest.mark.parametrize(("schema", "value", "reason"), UNUSABLE)
def test_a_schema_that_cannot_be_used_is_one_finding(schema: Any, value: Any, reason: str) -> None:
    finding = sole(Checker(schema, "p.schema.json").validate(node_of(value), "/e"))
    assert (finding.rule, finding.severity) == ("schema-unusable", Severity.WARNING)
    assert finding.pointer == "/e"
    assert finding.message.startswith("Not checked: p.schema.json ")
    assert reason in finding.message


def test_a_nested_dialect_does_not_lift_the_bounds() -> None:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    schema = {
        "$defs": {key: {"$schema": dialect} | inner for key, inner in BOMB["$defs"].items()},
        "properties": {"a": {"$schema": dialect, "$ref": "#/$defs/d0"}},
    }
    finding = sole(validate_with(schema, node_of({"a": 1}), ""))
    assert "too slow" in finding.message


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:PORT/s.json"},
        {"$schema": "http://127.0.0.1:PORT/s.json"},
        {"$id": "http://127.0.0.1:PORT/s.json", "$ref": "other.json#/x"},
        {"$dynamicRef": "http://127.0.0.1:PORT/s.json"},
    ],
)
def test_nothing_is_fetched_for_a_schema(schema: dict[str, str], unfetched: int) -> None:
    here = {key: value.replace("PORT", str(unfetched)) for key, value in schema.items()}
    validate_with(here, node_of({"a": 1}), "")


def test_older_drafts_are_read_as_such() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"port": {"type": "integer"}},
        "properties": {"a": {"$ref": "#/definitions/port"}},
        "dependencies": {"a": ["b"]},
    }
    assert [pointer for pointer, _ in findings(schema, {"a": "s"})] == ["/x", "/x/a"]


def test_deeply_nested_values_are_told_not_raised() -> None:
    tree = JsonTree.parse("[" * 3000 + "]" * 3000)
    assert tree.root is not None
    finding = sole(validate_with({"items": {"$ref": "#"}}, tree.root, ""))
    assert finding.rule == "schema-unusable"


def test_where_nesting_ends_is_our_own_and_not_the_interpreters() -> None:
    """Each level is two keywords; Python's own end comes later, in Rust code that panics at it."""
    value: dict[str, Any] = {}
    for depth in range(1, 61):
        value = {"a": value}
        if depth in (MAX_DEPTH // 2 - 1, MAX_DEPTH // 2, 60):
            found = findings({"properties": {"a": {"$ref": "#"}}}, value)
            assert bool(found) is (depth >= MAX_DEPTH // 2)


KEYWORDS = st.sampled_from(
    [*Draft202012Validator.VALIDATORS, "$id", "$defs", "$schema", "$anchor", "then", "x-faults"]
)
SCHEMAS = st.recursive(
    st.booleans()
    | JSON
    | st.sampled_from(["#", "#/$defs/a", "string", "object", "^a", "[", "u:x"]),
    lambda inner: (
        st.dictionaries(KEYWORDS, inner, max_size=4)
        | st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "^a"]), inner, max_size=2)
    ),
    max_leaves=12,
)


@given(schema=SCHEMAS, value=JSON)
@settings(max_examples=400, deadline=None)
def test_no_schema_and_no_value_raises(schema: Any, value: Any) -> None:
    for finding in validate_with(schema, node_of(value), "/p"):
        assert visible(finding.message) == finding.message
        assert finding.rule in ("schema", "schema-unusable")


@given(value=JSON)
@settings(max_examples=100)
def test_verdicts_are_those_of_jsonschema(value: Any) -> None:
    schema = {
        "type": ["object", "array", "null"],
        "properties": {"a": {"type": "string", "pattern": "^[a-z]"}},
        "patternProperties": {"^b": {"type": "number"}},
        "additionalProperties": {"anyOf": [{"type": "boolean"}, {"minLength": 2}]},
        "items": {"not": {"const": 0}},
        "propertyNames": {"maxLength": 3},
        "required": [],
        "maxItems": 3,
    }
    node = node_of(value)
    assert bool(validate_with(schema, node, "")) == (
        not Draft202012Validator(schema).is_valid(node.value())
    )


# -- patterns ----------------------------------------------------------------------------------


def test_patterns_are_searched_as_ecma_262() -> None:
    assert matches("b", "abc")
    assert matches(r"^\p{Lu}$", "Ä")
    assert not matches("^b", "abc")
    assert matches("^.$", "\ud800")
    with pytest.raises(BadPattern):
        matches("(", "")
    with pytest.raises(SchemaTooSlow):
        matches("^(?:(a|a)*)*(?=b)\\1$", "a" * 60)


def test_our_own_schemas_need_a_fraction_of_the_bound() -> None:
    entry = {"name": [f"plugin-{n}" for n in range(200)]} | {f"plugin-{n}": {} for n in range(200)}
    assert validate("http-server", node_of(entry), "") == []
    assert len(entry) * 20 < MAX_STEPS


def test_the_shared_schema_is_the_same_object() -> None:
    assert load_schema("plugin") is load_schema("plugin")


KEYS = st.sampled_from(["name", "folder", "pattern", "geoip", "ip-filter", "@comment", "x"])
ENTRIES = st.dictionaries(KEYS, JSON | st.lists(st.text(max_size=3)) | st.just({}), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ENTRY_SCHEMAS), ENTRIES | JSON)
def test_what_is_right_for_one_validator_is_right_for_the_other(name: str, value: Any) -> None:
    """jsonschema-rs decides whether jsonschema is asked at all."""
    node = node_of(value)
    found = Checker(load_schema(name), name).validate(node, "")
    assert is_right(name, node.value()) == (not found)


@pytest.mark.parametrize("name", ENTRY_SCHEMAS)
def test_the_validators_agree_over_the_corpus(name: str) -> None:
    for path in sorted((Path(__file__).parents[1] / "corpus").glob("*/krakend.json")):
        tree = JsonTree.parse(path.read_bytes().decode("utf-8", "replace"))
        nodes = [e.value for p in injection_points(tree) for e in p.entries]
        block = tree.node("/plugin")
        for node in [*nodes, *([block] if block is not None else [])]:
            found = Checker(load_schema(name), name).validate(node, "")
            assert is_right(name, node.value()) == (not found), path
