"""A published schema on a whole config: places, the branch that was meant, and nothing fetched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.document.tree import JsonTree
from tui.schema.official import MAX_FINDINGS, OfficialSchema
from tui.schema.published import SchemaUnusable

# As the published one is made: parts with an address of their own, referred to from the root.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2019-09/schema",
    "$id": "https://example.org/schema/krakend.json",
    "type": "object",
    "required": ["version"],
    "properties": {
        "version": {"const": 3},
        "extra_config": {"$ref": "https://example.org/schema/extra.json"},
        "host": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "timeout": {"type": "string", "pattern": "^[0-9]+s$"},
    },
    "patternProperties": {"^[@$_#]": True},
    "additionalProperties": False,
    "$defs": {
        "extra": {
            "$id": "https://example.org/schema/extra.json",
            "type": "object",
            "properties": {
                "plugin/http-server": {
                    "anyOf": [
                        {"type": "null"},
                        {
                            "type": "object",
                            "required": ["name"],
                            "properties": {"name": {"type": "array", "minItems": 1}},
                        },
                    ]
                }
            },
        }
    },
}


def official(schema: Any = SCHEMA) -> OfficialSchema:
    return OfficialSchema(json.dumps(schema).encode(), "krakend.json")


def found(text: str, schema: Any = SCHEMA) -> list[tuple[str, str, str]]:
    """Pointer, the text that is marked, and the message without its end."""
    findings = official(schema).validate(JsonTree.parse(text))
    assert all(finding.message.endswith(": KrakenD's lint refuses it.") for finding in findings)
    return [
        (f.pointer, text[f.span.start : f.span.end], f.message.rpartition(": ")[0])
        for f in findings
    ]


def test_nothing_about_what_it_takes() -> None:
    assert not found('{"version": 3, "@comment": 1, "host": ["a"], "timeout": "3s"}')


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ('"plugins": {}', ("/plugins", '"plugins"', "`plugins` is not a key that belongs here")),
        (
            '"timeout": 3',
            ("/timeout", "3", "`timeout` must be a string, but is a number"),
        ),
        (
            '"timeout": "3"',
            ("/timeout", '"3"', '`timeout` is "3", which does not match the pattern "^[0-9]+s$"'),
        ),
        (
            '"extra_config": {"plugin/http-server": {"nam": []}}',
            (
                "/extra_config/plugin~1http-server",
                '{"nam": []}',
                "`plugin/http-server` lacks `name`",
            ),
        ),
        (
            '"extra_config": {"plugin/http-server": {"name": []}}',
            (
                "/extra_config/plugin~1http-server/name",
                "[]",
                "`name` must have at least 1 item, has 0",
            ),
        ),
        ('"host": 7', ("/host", "7", "`host` must be a string or a list, but is a number")),
        (
            '"host": ["a", 7]',
            ("/host/1", "7", "Item 2 of `host` must be a string, but is a number"),
        ),
    ],
)
def test_each_error_is_at_its_place_and_names_the_branch_that_was_meant(
    member: str, expected: tuple[str, str, str]
) -> None:
    assert found('{"version": 3,\r\n "@€": "🦊",\r\n ' + member + "}") == [expected]


def test_a_missing_key_is_told_of_the_object_that_lacks_it() -> None:
    assert found("{}") == [("", "{}", "The config lacks `version`")]


def test_a_mark_before_the_text_and_half_a_surrogate_pair_are_read() -> None:
    assert not found('\ufeff{"version": 3, "@a": "\\ud800"}')


def test_the_last_of_two_keys_counts() -> None:
    assert found('{"version": 3, "timeout": 1, "timeout": "1s"}') == []


def test_there_is_an_end_of_findings() -> None:
    text = json.dumps({"version": 3} | {f"k{i}": 1 for i in range(2 * MAX_FINDINGS)})
    assert len(found(text)) == MAX_FINDINGS


def test_a_pattern_that_backtracks_without_end_is_given_up() -> None:
    slow = {"properties": {"a": {"pattern": "^(a+)+$"}}}
    official(slow).validate(JsonTree.parse(json.dumps({"a": "a" * 60 + "b"})))


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"7", "is no JSON Schema"),
        (b'{"type": "text"}', "is no JSON Schema"),
        (b'{"$ref": "#/$defs/absent"}', "is no JSON Schema"),
        (b'{"$ref": "file:///etc/passwd"}', "refers to file:///etc/passwd"),
        (b'{"$ref": "other.json"}', "refers to json-schema:///other.json"),
        (
            b'{"$id": "https://example.org/a.json", "properties": {"a": {"$ref": "b.json"}}}',
            "refers to https://example.org/b.json",
        ),
    ],
)
def test_what_is_no_schema_is_refused_in_words(schema: bytes, told: str) -> None:
    with pytest.raises(SchemaUnusable) as refused:
        OfficialSchema(schema, "s.json")
    assert refused.value.message.startswith(f"s.json {told}")
    assert refused.value.hint


def test_nothing_is_fetched(unfetched: int) -> None:
    with pytest.raises(SchemaUnusable, match="nothing is fetched"):
        official({"$ref": f"http://127.0.0.1:{unfetched}/krakend.json"})
