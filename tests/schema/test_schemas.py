"""The schemas in schemas/ themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schema.entry_schemas import ENTRY_SCHEMAS

from tui.diagnostic import Severity
from tui.schema.load import load_schema


def subschemas(schema: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every place of one of our schemas that describes a value."""
    if not isinstance(schema, Mapping):
        return
    yield path, schema
    for key, child in schema.get("properties", {}).items():
        yield from subschemas(child, f"{path}/properties/{key}")
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from subschemas(schema[keyword], f"{path}/{keyword}")


EVERY_PLACE = [
    pytest.param(place, id=f"{name}{path}")
    for name in ENTRY_SCHEMAS
    for path, place in subschemas(load_schema(name))
]


@pytest.mark.parametrize("name", ENTRY_SCHEMAS)
def test_each_is_a_valid_draft_2020_12_schema(name: str) -> None:
    schema = load_schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_every_place_has_a_title_and_a_description(place: Mapping[str, Any]) -> None:
    assert place["title"].strip()
    assert place["description"].strip().endswith(".")


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_examples_and_defaults_are_valid_where_they_stand(place: Mapping[str, Any]) -> None:
    validator = Draft202012Validator(place)
    for example in place.get("examples", []):
        validator.validate(example)
    if "default" in place:
        validator.validate(place["default"])


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_faults_are_told_for_keywords_that_the_place_has(place: Mapping[str, Any]) -> None:
    for key, fault in place.get("x-faults", {}).items():
        keyword, _, detail = key.partition(":")
        assert keyword in place
        if keyword == "required":
            assert detail in place["required"]
        if keyword == "type" and detail:
            assert detail != place["type"]
        assert Severity(fault["severity"]) in Severity
        assert fault["consequence"]
        assert not fault["consequence"].endswith(".")


@pytest.mark.parametrize("name", ENTRY_SCHEMAS)
def test_unknown_keys_and_free_keys_are_legal(name: str) -> None:
    schema = load_schema(name)
    for example in schema["examples"]:
        odd = example | {"@comment": 1, "$x": [], "_y": None, "#plugin/off": {}, "my own": "key"}
        Draft202012Validator(schema).validate(odd)


@pytest.mark.parametrize("name", ENTRY_SCHEMAS)
def test_required_keys_are_described(name: str) -> None:
    schema = load_schema(name)
    assert set(schema["required"]) <= set(schema["properties"])


def test_a_schema_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_schema("no-such-schema")
