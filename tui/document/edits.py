"""Path edits: the smallest ChangeSet in the file's own style. Plan here, apply elsewhere.

Each takes a JsonTree of valid JSON and returns a ChangeSet; `value` is a Python value that is
written in the style of the place: indentation, newline kind, spacing of its neighbours.
Each raises EditError when the pointer does not exist or the text is broken. The model is
microsoft/node-jsonc-parser's `modify`: an edit is a value.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tui.diagnostic import Edit, Span
from tui.document.change import ChangeSet
from tui.document.pointer import index as index_of
from tui.document.pointer import parent, split
from tui.document.text import dominant_newline, indent_unit, line_indent
from tui.document.tree import JsonNode, JsonTree
from tui.errors import KrakendTuiError
from tui.visible import visible

_SURROGATE = re.compile("[\ud800-\udfff]")


class EditError(KrakendTuiError):
    """An edit at a place that is not there, or in a text that is no valid JSON."""

    kind = "edit"


def set_value(tree: JsonTree, pointer: str, value: Any) -> ChangeSet:
    """Replace the value at `pointer`; create it, and every missing object above it, if absent.

    Of duplicate keys the last is edited, since readers take the last.
    """
    _need_valid(tree)
    node = tree.node(pointer)
    if node is not None:
        indent = line_indent(tree.text, node.span.start)
        return _change(tree, node.span, _Style(tree.text).written(value, indent))
    above, holder = tree.nearest(pointer)
    missing = split(pointer)[len(split(above)) :]
    if holder is None or not missing:
        raise EditError(f"nothing is at {visible(pointer)}")
    for token in reversed(missing[1:]):
        value = {token: value}
    if holder.kind == "object":
        return insert_member(tree, above, missing[0], value)
    if holder.kind == "array" and index_of(missing[0]) == sum(1 for _ in holder.items()):
        return insert_item(tree, above, int(missing[0]), value)
    raise EditError(f"{visible(above) or 'the root'} cannot hold {visible(missing[0])}")


def insert_member(
    tree: JsonTree, pointer: str, key: str, value: Any, *, before: str | None = None
) -> ChangeSet:
    """Add `key` to the object at `pointer`: at its end, or before the member `before`."""
    node = _node(tree, pointer, "object")
    members = list(node.members())
    place = len(members)
    if before is not None:
        place = next((i for i, m in enumerate(members) if m.key == before), -1)
        if place < 0:
            raise EditError(f"{visible(pointer)} has no member {visible(before)}")
    style = _Style(tree.text)
    colon = style.colon
    if members:
        sibling = members[0]
        colon = tree.text[sibling.key_span.end : sibling.value.span.start]
    spans = [member.span for member in members]
    return _insert(tree, node, spans, place, style, key=_dumps(key) + colon, value=value)


def insert_item(tree: JsonTree, pointer: str, index: int, value: Any) -> ChangeSet:
    """Insert into the array at `pointer` so that the new item has `index` (0..len)."""
    node = _node(tree, pointer, "array")
    spans = [item.span for item in node.items()]
    if not 0 <= index <= len(spans):
        raise EditError(f"{visible(pointer)} has no place {index}")
    return _insert(tree, node, spans, index, _Style(tree.text), key="", value=value)


def remove(tree: JsonTree, pointer: str) -> ChangeSet:
    """Remove the member or item with the one comma that belongs to it."""
    holder, spans, place = _child(tree, pointer)
    if len(spans) == 1:
        return _change(tree, Span(holder.span.start + 1, holder.span.end - 1), "")
    if place + 1 < len(spans):
        return _change(tree, Span(spans[place].start, spans[place + 1].start), "")
    return _change(tree, Span(spans[place - 1].end, spans[place].end), "")


def rename(tree: JsonTree, pointer: str, key: str) -> ChangeSet:
    """Give the member at `pointer` another key."""
    _need_valid(tree)
    member = tree.member(pointer)
    if member is None:
        raise EditError(f"nothing is at {visible(pointer)}")
    return _change(tree, member.key_span, _dumps(key))


def move_item(tree: JsonTree, pointer: str, index: int) -> ChangeSet:
    """Move the array item at `pointer` so that it has `index` afterwards.

    The items change places and what stands between them stays.
    """
    holder, spans, place = _child(tree, pointer)
    if holder.kind != "array" or not 0 <= index < len(spans):
        raise EditError(f"{visible(pointer)} cannot move to {index}")
    order = list(range(len(spans)))
    order.insert(index, order.pop(place))
    text = tree.text
    edits = [
        Edit(span.start, span.end, text[spans[source].start : spans[source].end])
        for span, source in zip(spans, order, strict=True)
        if span != spans[source]
    ]
    return ChangeSet.of(len(text), edits)


def _need_valid(tree: JsonTree) -> None:
    if tree.has_errors:
        raise EditError("the file is no valid JSON", "Mend it first, then try again.")


def _node(tree: JsonTree, pointer: str, kind: str) -> JsonNode:
    _need_valid(tree)
    node = tree.node(pointer)
    if node is None or node.kind != kind:
        raise EditError(f"{visible(pointer) or 'the root'} is no {kind}")
    return node


def _child(tree: JsonTree, pointer: str) -> tuple[JsonNode, list[Span], int]:
    """The container of what `pointer` names, the spans of its children, and which one it is."""
    _need_valid(tree)
    node = tree.node(pointer)
    if node is None or not pointer:
        raise EditError(f"nothing is at {visible(pointer) or 'the root'}")
    above, token = parent(pointer)
    holder = tree.node(above)
    assert holder is not None
    if holder.kind == "array":
        return holder, [item.span for item in holder.items()], int(token)
    members = list(holder.members())
    place = max(i for i, member in enumerate(members) if member.key == token)
    return holder, [member.span for member in members], place


def _change(tree: JsonTree, span: Span, text: str) -> ChangeSet:
    if tree.text[span.start : span.end] == text:
        return ChangeSet.of(len(tree.text), ())
    return ChangeSet.of(len(tree.text), [Edit(span.start, span.end, text)])


def _insert(
    tree: JsonTree,
    holder: JsonNode,
    spans: list[Span],
    place: int,
    style: _Style,
    *,
    key: str,
    value: Any,
) -> ChangeSet:
    text = tree.text
    if not spans:
        return _fill(tree, holder, style, key, value)
    gap = _gap(text, holder, spans, style)
    # A child that begins a line is indented by that line; inline ones share their holder's.
    indent = line_indent(text, spans[0].start)
    new = key + style.written(value, indent)
    if place == len(spans):
        return _change(tree, Span(spans[-1].end, spans[-1].end), gap + new)
    at = spans[place].start
    return _change(tree, Span(at, at), new + gap)


def _gap(text: str, holder: JsonNode, spans: list[Span], style: _Style) -> str:
    """What stands between two children here: a comma and white space."""
    if len(spans) > 1:
        between = text[spans[-2].end : spans[-1].start]
        white = between.partition(",")[2]
    else:
        white = text[holder.span.start + 1 : spans[0].start]
        if not _has_break(white):
            white = style.space
    if _has_break(white):
        # Blank lines and the like between two children belong to those two.
        white = style.newline + re.split(r"[\r\n]", white)[-1]
    return "," + white


def _fill(tree: JsonTree, holder: JsonNode, style: _Style, key: str, value: Any) -> ChangeSet:
    """The first child of an empty container."""
    outer = line_indent(tree.text, holder.span.start)
    inside = Span(holder.span.start + 1, holder.span.end - 1)
    if style.is_multiline and (holder.kind == "object" or isinstance(value, (dict, list))):
        inner = outer + style.unit
        new = key + style.written(value, inner)
        return _change(tree, inside, f"{style.newline}{inner}{new}{style.newline}{outer}")
    return _change(tree, inside, key + style.written(value, outer))


@dataclass
class _Style:
    """How the file is written, as far as its neighbours do not say."""

    text: str

    @cached_property
    def is_multiline(self) -> bool:
        return _has_break(self.text.strip())

    @cached_property
    def newline(self) -> str:
        return dominant_newline(self.text)

    @cached_property
    def unit(self) -> str:
        return indent_unit(self.text)

    @cached_property
    def colon(self) -> str:
        return ": " if self.is_multiline or '": ' in self.text else ":"

    @cached_property
    def space(self) -> str:
        """What follows a comma within a line."""
        return " " if self.is_multiline or re.search(r'[\]}"\d], ', self.text) else ""

    def written(self, value: Any, indent: str) -> str:
        """`value` as JSON whose first line is indented by `indent` already."""
        if isinstance(value, dict) and value:
            parts = [
                _dumps(str(key)) + self.colon + self.written(item, indent + self.unit)
                for key, item in value.items()
            ]
            return self._held("{", parts, "}", indent, inline=not self.is_multiline)
        if isinstance(value, (list, tuple)) and value:
            parts = [self.written(item, indent + self.unit) for item in value]
            nested = any(isinstance(item, (dict, list, tuple)) and item for item in value)
            return self._held("[", parts, "]", indent, inline=not (nested and self.is_multiline))
        return _dumps(value)

    def _held(
        self, opening: str, parts: list[str], closing: str, indent: str, *, inline: bool
    ) -> str:
        if inline:
            return opening + ("," + self.space).join(parts) + closing
        lines = ("," + self.newline).join(indent + self.unit + part for part in parts)
        return f"{opening}{self.newline}{lines}{self.newline}{indent}{closing}"


def _has_break(text: str) -> bool:
    return "\n" in text or "\r" in text


def _dumps(value: Any) -> str:
    """JSON with every character as itself, but for lone surrogates, which no UTF-8 can hold."""
    written = json.dumps(value, ensure_ascii=False)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)
