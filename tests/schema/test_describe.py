"""Help and completion from a schema."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from schema.entry_schemas import ENTRY_SCHEMAS

from tui.schema.describe import complete, describe, first_value, values
from tui.schema.load import load_schema
from tui.visible import visible

ANY_POINTER = st.lists(st.sampled_from(["a", "0", "name", "~0", "~1", ""]), max_size=4).map(
    lambda tokens: "".join(f"/{token}" for token in tokens)
)


def test_a_key_of_ours_is_described_in_words() -> None:
    name = describe(load_schema("http-server"), "/name")
    assert name is not None
    assert name.type == "a list of strings"
    assert name.title == "Names of the server plugins"
    assert "last of the list first" in name.description
    assert json.loads(name.example or "") == ["my-plugin"]
    assert name.default is None
    pattern = describe(load_schema("plugin"), "/pattern")
    assert pattern is not None
    assert (pattern.type, pattern.default) == ("a string", '""')


def test_the_whole_entry_items_and_unknown_keys_have_help_too() -> None:
    for name in ENTRY_SCHEMAS:
        schema = load_schema(name)
        whole, unknown = describe(schema, ""), describe(schema, "/of-my-own")
        assert whole is not None
        assert unknown is not None
        assert whole.title == schema["title"]
        assert unknown.title == schema["additionalProperties"]["title"]
    item = describe(load_schema("req-resp-modifier"), "/name/3")
    assert item is not None
    assert item.type == "a string"


def test_completion_gives_the_known_keys_in_the_schema_s_order() -> None:
    assert complete(load_schema("plugin"), "") == ["folder", "pattern"]
    assert complete(load_schema("http-server"), "")[0] == "name"
    assert complete(load_schema("http-server"), "/name") == []


def test_references_alternatives_and_patterns_are_followed() -> None:
    schema: dict[str, Any] = {
        "$defs": {"a/b": {"title": "T", "type": "integer", "properties": {"deep": {"title": "D"}}}},
        "allOf": [{"properties": {"x": {"$ref": "#/$defs/a~1b"}}}],
        "anyOf": [{"properties": {"y": {}}}, {"patternProperties": {"^z": {"title": "Z"}}}],
        "properties": {"list": {"prefixItems": [{"title": "first"}], "items": {"title": "rest"}}},
    }
    assert complete(schema, "") == ["list", "x", "y"]
    assert complete(schema, "/x") == ["deep"]
    titles = {
        p: (d.title if (d := describe(schema, p)) else None)
        for p in ("/x", "/x/deep", "/y", "/zz", "/list/0", "/list/7", "/nothing")
    }
    assert titles == {
        "/x": "T",
        "/x/deep": "D",
        "/y": None,
        "/zz": "Z",
        "/list/0": "first",
        "/list/7": "rest",
        "/nothing": None,
    }


def test_a_schema_that_refers_to_itself_has_an_end() -> None:
    schema = {
        "title": "T",
        "$ref": "#",
        "properties": {"a": {"$ref": "#"}},
        "anyOf": [{"$ref": "#"}],
    }
    found = describe(schema, "/a" * 50)
    assert found is not None
    assert found.title == "T"


def test_texts_of_a_schema_are_made_safe() -> None:
    evil = "\x1b[2J"
    found = describe({"title": evil, "type": [evil], "description": evil, "default": evil}, "")
    assert found is not None
    for text in (found.title, found.type, found.description, found.default or ""):
        assert visible(text) == text


PARTS = st.sampled_from(
    ["properties", "items", "prefixItems", "additionalProperties", "patternProperties", "anyOf",
     "allOf", "$ref", "title", "type", "examples", "enum", "default", "then", "a", "0", "name"]
)  # fmt: skip


@given(
    schema=st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["#", "#/a", "#/~", "[", "x"]),
        lambda inner: st.dictionaries(PARTS, inner, max_size=4) | st.lists(inner, max_size=3),
        max_leaves=15,
    ),
    pointer=ANY_POINTER,
)
@settings(max_examples=300)
def test_no_schema_raises(schema: Any, pointer: str) -> None:
    describe(schema, pointer)
    complete(schema, pointer)


def test_a_place_with_a_type_alone_is_described() -> None:
    found = describe({"properties": {"n": {"type": "integer", "default": 3}}}, "/n")
    assert found is not None
    assert (found.title, found.type, found.default) == ("", "a whole number", "3")
    assert describe({"properties": {"n": {}}}, "/n") is None


def test_a_default_beside_a_reference_is_not_lost() -> None:
    schema = {
        "$defs": {"port": {"title": "Port", "type": "integer", "examples": [80]}},
        "properties": {"listen": {"$ref": "#/$defs/port", "default": 8080}},
    }
    found = describe(schema, "/listen")
    assert found is not None
    assert (found.title, found.default, found.example) == ("Port", "8080", "80")


def test_values_come_from_the_schema_and_each_once() -> None:
    schema = {
        "properties": {
            "mode": {"enum": ["a", "b"], "default": "b"},
            "on": {"type": ["boolean", "null"]},
            "one": {"examples": [1, True, 1.0]},
        }
    }
    assert values(schema, "/mode") == ["a", "b"]
    assert values(schema, "/on") == [True, False]
    assert [repr(value) for value in values(schema, "/one")] == ["1", "True", "1.0"]
    assert first_value(schema, "/mode") == "b"
    assert first_value({"properties": {"x": {"type": ["null", "array"]}}}, "/x") == []
    assert first_value(schema, "/nothing") is None
