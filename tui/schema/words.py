"""What a schema finding says: plain words instead of jsonschema's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from tui.visible import visible


class Failure(Protocol):
    """A schema's refusal of a value: of jsonschema, or read from jsonschema-rs."""

    @property
    def validator(self) -> Any: ...
    @property
    def validator_value(self) -> Any: ...
    @property
    def instance(self) -> Any: ...
    @property
    def message(self) -> str: ...
    @property
    def context(self) -> Any: ...


_LONGEST_VALUE = 40
_TYPE_WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def type_name(value: Any) -> str:
    """The JSON Schema type word of a Python value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, Sequence):
        return "array"
    return "number"


def with_article(type_word: str) -> str:
    """`array` -> `a list`, `string` -> `a string`."""
    return _TYPE_WORDS.get(type_word, visible(str(type_word)))


def any_of(parts: Iterable[str], joint: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def quoted(value: Any, longest: int = _LONGEST_VALUE) -> str:
    """A value as terminal-safe JSON of at most `longest` characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        return with_article(type_name(value))
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return visible(text)


def key_quoted(key: str) -> str:
    """An object's key for use in a sentence."""
    return f"`{visible(key)}`"


def subject(path: Sequence[str | int], top: str) -> str:
    """What the finding is about: the key, `item 2 of ...`, or `top` for the whole."""
    if not path:
        return top
    last = path[-1]
    if isinstance(last, str):
        return key_quoted(last)
    return f"item {last + 1} of {subject(path[:-1], top)}"


def sentence(error: Failure, about: str) -> str:
    """What is wrong with `about`, without a full stop."""
    say = _SENTENCES.get(str(error.validator))
    if error.validator is None:
        return f"{about} is not allowed here"
    if say is None:
        return f"{about} does not keep to `{visible(str(error.validator))}` of its schema"
    return f"{about} {say(error.validator_value, error.instance, error)}"


def _type(wanted: Any, value: Any, _error: Failure) -> str:
    types = wanted if isinstance(wanted, list) else [wanted]
    return f"must be {any_of(map(with_article, types))}, but is {_actual(value)}"


def _actual(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else with_article(type_name(value))


def _count(number: Any, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _enum(allowed: Any, value: Any, _error: Failure) -> str:
    return f"must be {any_of(map(quoted, allowed))}, but is {quoted(value)}"


def _one_of(_branches: Any, _value: Any, error: Failure) -> str:
    if error.context:
        return "fits none of the alternatives of its schema"
    return "fits more than one of the alternatives of its schema, which exclude each other"


def _dependent(needs: Any, value: Any, _error: Failure) -> str:
    for key, others in needs.items() if isinstance(needs, Mapping) else ():
        missing = [o for o in others if o not in value] if isinstance(others, list) else []
        if key in value and missing:
            return (
                f"has {key_quoted(key)}, which also needs {any_of(map(key_quoted, missing), 'and')}"
            )
    return "lacks a key that another one needs"


_SENTENCES: Mapping[str, Callable[[Any, Any, Any], str]] = {
    "type": _type,
    "required": lambda _w, _v, e: f"lacks {key_quoted(e.message)}",
    "enum": _enum,
    "const": lambda w, v, _e: f"must be {quoted(w)}, but is {quoted(v)}",
    "additionalProperties": lambda _w, _v, _e: "is not a key that belongs here",
    "unevaluatedProperties": lambda _w, _v, _e: "has keys that do not belong here",
    "unevaluatedItems": lambda _w, _v, _e: "has more items than belong here",
    "minLength": lambda w, _v, _e: f"must have at least {_count(w, 'character', 'characters')}",
    "maxLength": lambda w, _v, _e: f"must have at most {_count(w, 'character', 'characters')}",
    "pattern": lambda w, v, _e: f"is {quoted(v)}, which does not match the pattern {quoted(w)}",
    "format": lambda w, v, _e: f"is {quoted(v)}, which is no {quoted(w)}",
    "minimum": lambda w, v, _e: f"must be at least {quoted(w)}, but is {quoted(v)}",
    "maximum": lambda w, v, _e: f"must be at most {quoted(w)}, but is {quoted(v)}",
    "exclusiveMinimum": lambda w, v, _e: f"must be more than {quoted(w)}, but is {quoted(v)}",
    "exclusiveMaximum": lambda w, v, _e: f"must be less than {quoted(w)}, but is {quoted(v)}",
    "multipleOf": lambda w, v, _e: f"must be a multiple of {quoted(w)}, but is {quoted(v)}",
    "minItems": lambda w, v, _e: f"must have at least {_count(w, 'item', 'items')}, has {len(v)}",
    "maxItems": lambda w, v, _e: f"must have at most {_count(w, 'item', 'items')}, has {len(v)}",
    "uniqueItems": lambda _w, _v, _e: "has the same item twice",
    "contains": lambda _w, _v, _e: "lacks an item that must be there",
    "minContains": lambda _w, _v, _e: "has too few items of a kind that must be there",
    "maxContains": lambda _w, _v, _e: "has too many items of one kind",
    "minProperties": lambda w, _v, _e: f"must have at least {_count(w, 'key', 'keys')}",
    "maxProperties": lambda w, _v, _e: f"must have at most {_count(w, 'key', 'keys')}",
    "propertyNames": lambda _w, _v, _e: "is a key that its schema does not allow",
    "dependentRequired": _dependent,
    "dependencies": _dependent,
    "not": lambda _w, _v, _e: "is just what its schema forbids",
    "anyOf": _one_of,
    "oneOf": _one_of,
}
