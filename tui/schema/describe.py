"""What a schema says about a key, and which keys it knows: help and completion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from tui.document import pointer as pointers
from tui.schema import words
from tui.schema.bounded import BadPattern, SchemaTooSlow, matches
from tui.visible import visible

_MAX_ALTERNATIVES = 64
"""Sub-schemas looked at for one place; a schema that refers to itself has no end of them."""


class Description(NamedTuple):
    """Help for one key, safe to show. `type` is in words (`a list of strings`).

    `default` and `example` are JSON text, None where the schema has none.
    """

    title: str
    type: str
    default: str | None
    description: str
    example: str | None


def describe(schema: Any, pointer: str) -> Description | None:
    """Of the value at `pointer` ("" is the whole) inside what `schema` describes.

    None when the schema says nothing about that place. Of several alternatives the first that
    has a title or description speaks, and type, default and example are the first given.
    """
    places = [place for place in _at(schema, pointer) if isinstance(place, Mapping)]
    spoken = next((p for p in places if _text(p, "title") or _text(p, "description")), {})
    types = next(filter(None, map(_type_in_words, places)), "")
    defaults = [place["default"] for place in places if "default" in place]
    listed = [place["examples"] for place in places if place.get("examples")]
    examples = [values[0] for values in listed if isinstance(values, list)]
    if not (spoken or types or defaults or examples):
        return None
    return Description(
        title=_text(spoken, "title"),
        type=types,
        default=_json(defaults[0]) if defaults else None,
        description=_text(spoken, "description"),
        example=_json(examples[0]) if examples else None,
    )


def complete(schema: Any, pointer: str) -> list[str]:
    """The keys that `schema` knows for the object at `pointer`, in its own order."""
    keys: dict[str, None] = {}
    for place in _at(schema, pointer):
        properties = place.get("properties") if isinstance(place, Mapping) else None
        if isinstance(properties, Mapping):
            keys.update(dict.fromkeys(properties))
    return list(keys)


def values(schema: Any, pointer: str) -> list[Any]:
    """The values that `schema` names for the place at `pointer`, the allowed ones first."""
    found: list[Any] = []
    for place in _at(schema, pointer):
        if not isinstance(place, Mapping):
            continue
        for keyword in ("enum", "examples"):
            listed = place.get(keyword)
            found += listed if isinstance(listed, list) else []
        found += [place[keyword] for keyword in ("const", "default") if keyword in place]
        if "boolean" in _words_of(place.get("type")):
            found += [True, False]
    return [value for index, value in enumerate(found) if not _has(found[:index], value)]


def first_value(schema: Any, pointer: str) -> Any:
    """What a new key at `pointer` begins with: its default or first value, else an empty one."""
    for place in _at(schema, pointer):
        if isinstance(place, Mapping) and "default" in place:
            return place["default"]
    named = values(schema, pointer)
    if named:
        return named[0]
    types = [place.get("type") for place in _at(schema, pointer) if isinstance(place, Mapping)]
    first = next((t for kind in types for t in _words_of(kind) if t in _EMPTY), None)
    return _EMPTY.get(first)


_EMPTY: dict[str | None, Any] = {"object": {}, "array": [], "string": "", "number": 0, "integer": 0}


def _words_of(kind: Any) -> list[str]:
    """The type words of `type`, which is one or a list of them."""
    return [word for word in (kind if isinstance(kind, list) else [kind]) if isinstance(word, str)]


def _has(found: list[Any], value: Any) -> bool:
    """Whether it is there already; of JSON's values only true and 1 are equal and differ."""
    return any(other == value and type(other) is type(value) for other in found)


def _at(schema: Any, pointer: str) -> list[Any]:
    """The sub-schemas that speak of the value at `pointer`, the plainest first."""
    places = _alternatives(schema, schema)
    for key in pointers.split(pointer):
        places = [
            alternative
            for place in places
            for child in _children(place, key)
            for alternative in _alternatives(schema, child)
        ][:_MAX_ALTERNATIVES]
    return places


def _alternatives(root: Any, schema: Any) -> list[Any]:
    """`schema` and all that it refers to for the same value, each once."""
    found: list[Any] = []
    waiting = [schema]
    while waiting and len(found) < _MAX_ALTERNATIVES:
        place = waiting.pop(0)
        if not isinstance(place, Mapping) or any(place is other for other in found):
            continue
        found.append(place)
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = place.get(keyword)
            waiting += branches if isinstance(branches, list) else []
        waiting += [place[keyword] for keyword in ("then", "else") if keyword in place]
        waiting += _referred(root, place.get("$ref"))
    return found


def _referred(root: Any, ref: Any) -> list[Any]:
    """The place that a `#/...` reference means; nothing for any other reference."""
    if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
        return []
    place = root
    for key in pointers.split(unquote(ref[1:])):
        index = pointers.index(key)
        if isinstance(place, Mapping) and key in place:
            place = place[key]
        elif isinstance(place, list) and index is not None and index < len(place):
            place = place[index]
        else:
            return []
    return [place]


def _children(place: Mapping[str, Any], key: str) -> Iterator[Any]:
    """The sub-schemas for the member or item `key`, the most specific kind only."""
    properties = place.get("properties")
    if isinstance(properties, Mapping) and key in properties:
        yield properties[key]
        return
    patterns = place.get("patternProperties")
    matched = [p for p in patterns if _matches(p, key)] if isinstance(patterns, Mapping) else []
    if isinstance(patterns, Mapping) and matched:
        yield from (patterns[pattern] for pattern in matched)
        return
    index = pointers.index(key)
    if index is not None:
        yield from _items(place, index)
    if "additionalProperties" in place:
        yield place["additionalProperties"]


def _items(place: Mapping[str, Any], index: int) -> Iterator[Any]:
    prefix = place.get("prefixItems")
    if isinstance(prefix, list) and index < len(prefix):
        yield prefix[index]
        return
    items = place.get("items")
    if isinstance(items, list):
        yield from items[index : index + 1]
    elif items is not None:
        yield items


def _matches(pattern: str, key: str) -> bool:
    try:
        return matches(pattern, key)
    except (BadPattern, SchemaTooSlow):
        return False


def _text(place: Mapping[str, Any], key: str) -> str:
    value = place.get(key)
    return visible(value) if isinstance(value, str) else ""


def _json(value: Any) -> str:
    return words.quoted(value, longest=200)


def _type_in_words(place: Mapping[str, Any]) -> str:
    wanted = place.get("type")
    types = wanted if isinstance(wanted, list) else [wanted] if isinstance(wanted, str) else []
    items = place.get("items")
    inner = items.get("type") if isinstance(items, Mapping) else None
    if types == ["array"] and isinstance(inner, str):
        return f"a list of {_PLURALS.get(inner, visible(inner))}"
    if not types and isinstance(place.get("enum"), list):
        return words.any_of(map(words.quoted, place["enum"]))
    return words.any_of(words.with_article(str(t)) for t in types)


_PLURALS = {
    "array": "lists",
    "boolean": "booleans",
    "integer": "whole numbers",
    "number": "numbers",
    "object": "objects",
    "string": "strings",
}
