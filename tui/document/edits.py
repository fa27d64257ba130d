"""Path edits: the smallest ChangeSet in the file's own style. Plan here, apply elsewhere.

Each takes a JsonTree of valid JSON and returns a ChangeSet; `value` is a Python value that is
written in the style of the place: indentation, newline kind, spacing of its neighbours. A
JsonNode in it, or as it, is carried over as its text writes it, and only indented anew.
Each raises EditError when the pointer does not exist, the text is broken or the value is
none that JSON has. The model is microsoft/node-jsonc-parser's `modify`: an edit is a value.
"""

from __future__ import annotations

from typing import Any

from tui.diagnostic import Edit, Span
from tui.document.change import ChangeSet
from tui.document.pointer import index as index_of
from tui.document.pointer import parent, split
from tui.document.style import (
    EditError,
    Style,
    has_break,
    is_container,
    same_value,
)
from tui.document.text import line_indent
from tui.document.tree import JsonNode, JsonTree
from tui.visible import visible

__all__ = [
    "EditError",
    "insert_item",
    "insert_member",
    "move_item",
    "remove",
    "rename",
    "set_value",
]


def set_value(tree: JsonTree, pointer: str, value: Any) -> ChangeSet:
    """Replace the value at `pointer`; create it, and every missing object above it, if absent.

    Of duplicate keys the last is edited, since readers take the last. A value that is there
    already, however it is spelled, stays as it is.
    """
    _need_valid(tree)
    node = tree.node(pointer)
    if node is not None:
        span = node.span
        written = tree.style.value(value, line_indent(tree.text, span.start))
        same = same_value(node.text, written)
        return _change(tree, span, tree.text[span.start : span.end] if same else written)
    above, holder = tree.nearest(pointer)
    missing = split(pointer)[len(split(above)) :]
    if holder is None or not missing:
        raise EditError("the file has no JSON value", 'Begin with {"version": 3}.')
    for token in reversed(missing[1:]):
        value = {token: value}
    if holder.kind == "object":
        return insert_member(tree, above, missing[0], value)
    if holder.kind == "array" and index_of(missing[0]) == sum(1 for _ in holder.items()):
        return insert_item(tree, above, int(missing[0]), value)
    raise EditError(f"{_named(above)} cannot hold {visible(missing[0])}")


def insert_member(
    tree: JsonTree, pointer: str, key: str, value: Any, *, before: str | None = None
) -> ChangeSet:
    """Add `key` to the object at `pointer`: at its end, or before the member `before`."""
    node = _node(tree, pointer, "object")
    members = list(node.members())
    keys = [member.key for member in members]
    if key in keys:
        raise EditError(f"{_named(pointer)} has a member {visible(key)} already")
    if before is not None and before not in keys:
        raise EditError(f"{_named(pointer)} has no member {visible(before)}")
    place = len(keys) if before is None else keys.index(before)
    style = tree.style
    colon = style.colon
    if members:
        sibling = members[max(place - 1, 0)]
        white = tree.text[sibling.key_span.end : sibling.value.span.start]
        colon = colon if white.strip(" :") else white
    spans = [member.span for member in members]
    return _insert(tree, node, spans, place, style.key(key) + colon, value)


def insert_item(tree: JsonTree, pointer: str, index: int, value: Any) -> ChangeSet:
    """Insert into the array at `pointer` so that the new item has `index` (0..len)."""
    node = _node(tree, pointer, "array")
    spans = [item.span for item in node.items()]
    if not 0 <= index <= len(spans):
        raise EditError(f"{_named(pointer)} has no place {index}")
    return _insert(tree, node, spans, index, "", value)


def remove(tree: JsonTree, pointer: str) -> ChangeSet:
    """Remove the member or item with the one comma that belongs to it.

    Of duplicate keys it is the last, and the one before it is what readers take then.
    """
    holder, spans, place = _child(tree, pointer)
    if len(spans) == 1:
        return _change(tree, Span(holder.span.start + 1, holder.span.end - 1), "")
    if place + 1 < len(spans):
        return _change(tree, Span(spans[place].start, spans[place + 1].start), "")
    return _change(tree, Span(spans[place - 1].end, spans[place].end), "")


def rename(tree: JsonTree, pointer: str, key: str) -> ChangeSet:
    """Give the member at `pointer` another key, which no member beside it has."""
    _need_valid(tree)
    member = tree.member(pointer)
    if member is None:
        raise EditError(f"{_named(pointer)} is no member of an object")
    if member.key == key:
        return ChangeSet(len(tree.text))
    holder = tree.node(parent(pointer)[0])
    if holder is not None and holder.member(key) is not None:
        raise EditError(f"there is a member {visible(key)} beside {_named(pointer)} already")
    return _change(tree, member.key_span, Style.key(key))


def move_item(tree: JsonTree, pointer: str, index: int) -> ChangeSet:
    """Move the array item at `pointer` so that it has `index` afterwards.

    The items change places and what stands between them stays.
    """
    holder, spans, place = _child(tree, pointer)
    if holder.kind != "array" or not 0 <= index < len(spans):
        raise EditError(f"{_named(pointer)} cannot move to {index}")
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
        raise EditError(f"{_named(pointer)} is no {kind}")
    return node


def _child(tree: JsonTree, pointer: str) -> tuple[JsonNode, list[Span], int]:
    """The container of what `pointer` names, the spans of its children, and which one it is."""
    _need_valid(tree)
    node = tree.node(pointer)
    if node is None or not pointer:
        raise EditError(f"nothing that can be taken out is at {_named(pointer)}")
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


def _named(pointer: str) -> str:
    return visible(pointer) or "the root"


def _insert(
    tree: JsonTree, holder: JsonNode, spans: list[Span], place: int, key: str, value: Any
) -> ChangeSet:
    """Write `key` (as text, with its colon) and `value` before the child number `place`."""
    text, style = tree.text, tree.style
    if not spans:
        return _fill(tree, holder, style, key, value)
    white = _white(text, holder, spans, style)
    indent = white[len(style.newline) :] if has_break(white) else line_indent(text, spans[0].start)
    new = key + style.value(value, indent)
    if place == len(spans):
        return _change(tree, Span(spans[-1].end, spans[-1].end), f",{white}{new}")
    at = spans[place].start
    return _change(tree, Span(at, at), f"{new},{white}")


def _white(text: str, holder: JsonNode, spans: list[Span], style: Style) -> str:
    """What stands between two children here behind the comma: white space."""
    if len(spans) > 1:
        white = text[spans[-2].end : spans[-1].start].partition(",")[2]
    else:
        white = text[holder.span.start + 1 : spans[0].start]
        white = white if has_break(white) else style.space
    if has_break(white):
        # Blank lines and the like between two children belong to those two.
        return style.newline + line_indent(text, spans[-1].start)
    return white if white.isspace() else style.space if white else ""


def _fill(tree: JsonTree, holder: JsonNode, style: Style, key: str, value: Any) -> ChangeSet:
    """The first child of an empty container."""
    outer = line_indent(tree.text, holder.span.start)
    inside = Span(holder.span.start + 1, holder.span.end - 1)
    if style.is_multiline and (holder.kind == "object" or is_container(value)):
        inner = outer + style.unit
        new = key + style.value(value, inner)
        return _change(tree, inside, f"{style.newline}{inner}{new}{style.newline}{outer}")
    return _change(tree, inside, key + style.value(value, outer))
