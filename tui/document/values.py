"""JSON values of the tree as Python values, for any text: nothing here raises or recurses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.document.tree import JsonNode

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"true": True, "false": False, "null": None}


def decode_string(raw: str) -> str:
    """The text of a JSON string as it is written, quotes included.

    Escapes that JSON does not know stay as they are, and so do raw control characters.
    """
    body = raw[1:] if raw.startswith('"') else raw
    if "\\" not in raw:
        return body.removesuffix('"')
    try:
        return str(json.loads(raw, strict=False))
    except ValueError:
        decoded = _ESCAPE.sub(_unescaped, body.removesuffix('"'))
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if code[0] == "u" else _SIMPLE.get(code, code)


def node_value(node: JsonNode) -> Any:
    """The Python value of a node. json.loads does it where it can: valid, not too deep, and no
    integer of more digits than int() takes."""
    try:
        return json.loads(node.text)
    except (ValueError, RecursionError):
        return _built(node)


class Repeated(dict[str, Any]):
    """An object that has a key twice: of equal keys the last is in the dict. `written` are the
    keys in file order, with those that are there again."""

    __slots__ = ("written",)

    def __init__(self, members: Sequence[tuple[str, Any]]) -> None:
        super().__init__(members)
        self.written = tuple(key for key, _ in members)


def _marked(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    return value if len(value) == len(members) else Repeated(members)


# Not JSONDecoder.decode, which takes half as long again for the value of an endpoint.
_marked_at: Callable[[str, int], tuple[Any, int]]
_marked_at = json.JSONDecoder(object_pairs_hook=_marked).scan_once  # type: ignore[attr-defined]


def marked_value(node: JsonNode) -> Any:
    """As `node_value`, with a Repeated for an object that has a key twice."""
    text = node.text
    try:
        value, end = _marked_at(text, 0)
        if end == len(text):
            return value
    except (ValueError, RecursionError, StopIteration):
        pass
    return _built(node, _marked)


def _built(
    root: JsonNode, object_of: Callable[[list[tuple[str, Any]]], dict[str, Any]] = dict
) -> Any:
    """The value, made with a stack of our own from the nodes that the recovery left."""
    result: list[Any] = []
    work: list[tuple[JsonNode, Any]] = [(root, result)]
    while work:
        node, target = work.pop()
        value: Any
        if node.kind == "object":
            members = list(node.members())
            value = object_of([(member.key, None) for member in members])
            work += [(member.value, (value, member.key)) for member in reversed(members)]
        elif node.kind == "array":
            items = list(node.items())
            value = [None] * len(items)
            work += [(item, (value, at)) for at, item in reversed(list(enumerate(items)))]
        else:
            value = _scalar(node)
        if target is result:
            result.append(value)
        else:
            target[0][target[1]] = value
    return result[0]


def _scalar(node: JsonNode) -> Any:
    if node.kind == "string":
        return decode_string(node.text)
    if node.kind in _LITERALS:
        return _LITERALS[node.kind]
    try:
        return json.loads(node.text)
    except ValueError:
        return _huge_number(node.text)


def _huge_number(text: str) -> float | None:
    """An integer of more digits than int() takes (float's infinity), or no number at all."""
    try:
        return float(text)
    except ValueError:
        return None
