"""The JSON tree of a text, by offset and by JSON Pointer.

All spans are in code points of the text, also when it has non-ASCII characters
(tree-sitter itself counts bytes). Trees exist for broken text too: tree-sitter recovers,
and `JsonTree.has_errors` says so. tree-sitter is no validator (tui.document.strict is):
it accepts two roots, comments, a raw TAB in a string and an empty text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import tree_sitter
import tree_sitter_json

from tui.diagnostic import Span
from tui.document.change import ChangeSet
from tui.document.offsets import ByteMap
from tui.document.pointer import index, join, split
from tui.document.text import line_indent
from tui.document.values import decode_string, node_value

_KINDS = frozenset({"object", "array", "string", "number", "true", "false", "null"})
# Re-parsing costs about as much an edit as it saves from here on.
_MANY_EDITS = 64


@dataclass(frozen=True, slots=True)
class Member:
    """`"key": value` of an object. `span` runs from the key's quote to the value's end."""

    key: str
    key_span: Span
    value: JsonNode
    span: Span


class JsonNode:
    """A JSON value in the text. Cheap to make: children are read from the tree when asked for.

    In broken text a value may be missing after its colon: then its text is empty.
    """

    __slots__ = ("_node", "_tree")

    def __init__(self, tree: JsonTree, node: tree_sitter.Node) -> None:
        self._tree = tree
        self._node = node

    def __repr__(self) -> str:
        return f"JsonNode({self.kind}, {self.span})"

    @property
    def kind(self) -> str:
        """object, array, string, number, true, false or null (also for a missing value)"""
        return "null" if self._node.is_missing else self._node.type

    @property
    def span(self) -> Span:
        offset = self._tree.bytes.to_offset
        return Span(offset(self._node.start_byte), offset(self._node.end_byte))

    @property
    def text(self) -> str:
        """The value as it is written."""
        span = self.span
        return self._tree.text[span.start : span.end]

    @property
    def indent(self) -> str:
        """The indentation of the line that the value begins on."""
        return line_indent(self._tree.text, self.span.start)

    @property
    def has_errors(self) -> bool:
        """Whether tree-sitter had to recover somewhere in this value."""
        return self._node.has_error

    def members(self) -> Iterator[Member]:
        """Of an object, in file order, duplicates included; nothing for other kinds."""
        if self._node.type == "object":
            for pair in _children(self._node, _PAIR):
                member = self._tree.member_of(pair)
                if member is not None:
                    yield member

    def items(self) -> Iterator[JsonNode]:
        """Of an array; nothing for other kinds."""
        if self._node.type == "array":
            for node in _children(self._node, _KINDS):
                yield JsonNode(self._tree, node)

    def member(self, key: str) -> Member | None:
        """The LAST member with exactly this key, as readers take it."""
        if self._node.type != "object":
            return None
        for pair in reversed(list(_children(self._node, _PAIR))):
            key_node = pair.child_by_field_name("key")
            if key_node is not None and self._tree.key_of(key_node) == key:
                member = self._tree.member_of(pair)
                if member is not None:
                    return member
        return None

    def item(self, position: int) -> JsonNode | None:
        """The array item with this index, found without reading the others where that is safe."""
        node = self._node
        if node.type != "array" or position < 0:
            return None
        if _is_plain(node):
            found = node.named_child(position) if position < node.named_child_count else None
        else:
            items = list(_children(node, _KINDS))
            found = items[position] if position < len(items) else None
        return None if found is None else JsonNode(self._tree, found)

    def string(self) -> str | None:
        """The decoded text of a string; None for other kinds."""
        return decode_string(self.text) if self._node.type == "string" else None

    def value(self) -> Any:
        """The Python value; of duplicate keys the last; a lone surrogate escape stays one.

        In broken text what can be read of it: a missing value is None.
        """
        return node_value(self)


_PAIR = frozenset({"pair"})


class JsonTree:
    """The parsed text. Immutable; `edited` gives the next one by incremental re-parsing."""

    __slots__ = ("_tree", "bytes", "has_errors", "text")

    def __init__(self, text: str, data: bytes, tree: tree_sitter.Tree) -> None:
        """Use `parse`."""
        self.text = text
        self.bytes = ByteMap(text, data)
        self.has_errors = tree.root_node.has_error
        self._tree = tree

    @classmethod
    def parse(cls, text: str) -> JsonTree:
        data = _readable(text)
        return cls(text, data, tree_sitter.Parser(_language()).parse(data))

    def edited(self, change: ChangeSet, text: str) -> JsonTree:
        """The tree of `text` == change.apply(self.text)."""
        if change.is_empty:
            return self
        if len(change.edits) > _MANY_EDITS:
            return JsonTree.parse(text)
        tree = self._tree.copy()
        for edit in reversed(change.edits):
            # From the last to the first, so that the offsets of the old text stay true.
            start, end = self.bytes.to_byte(edit.start), self.bytes.to_byte(edit.end)
            written = edit.text.encode("utf-8", "surrogatepass")
            if self.text[edit.end : edit.end + 1] == "+":
                # What is before a plus sign decides how tree-sitter gets it, see _readable.
                end, written = end + 1, written + b"+"
            start_point, end_point = self.bytes.point(start), self.bytes.point(end)
            new_point = _point_after(start_point, written)
            tree.edit(start, end, start + len(written), start_point, end_point, new_point)
        data = _readable(text)
        return JsonTree(text, data, tree_sitter.Parser(_language()).parse(data, tree))

    @property
    def root(self) -> JsonNode | None:
        """The first value of the text, or None when there is none."""
        top = self._tree.root_node
        if top.type != "document":
            return None
        node = next(_children(top, _KINDS, into_errors=False), None)
        return None if node is None else JsonNode(self, node)

    def node(self, pointer: str) -> JsonNode | None:
        """By RFC 6901 pointer ("" is the root); of duplicate keys the last.

        ValueError when `pointer` is neither empty nor begins with "/".
        """
        node = self.root
        for token in split(pointer):
            node = None if node is None else _step(node, token)
        return node

    def member(self, pointer: str) -> Member | None:
        """The object member that `pointer` names, or None (also for array items and the root)."""
        tokens = split(pointer)
        if not tokens:
            return None
        holder = self.node(join(tokens[:-1]))
        return None if holder is None else holder.member(tokens[-1])

    def nearest(self, pointer: str) -> tuple[str, JsonNode | None]:
        """The longest existing prefix of `pointer` and its node."""
        node = self.root
        found: list[str] = []
        for token in split(pointer) if node is not None else ():
            below = _step(node, token) if node is not None else None
            if below is None:
                break
            node = below
            found.append(token)
        return join(found), node

    def pointer_at(self, offset: int) -> str:
        """The pointer of the innermost member value, key or item that holds `offset`.

        A place right behind a value or key still belongs to it.
        """
        return self.place(offset)[0]

    def place(self, offset: int) -> tuple[str, JsonNode | None]:
        """`pointer_at`, and the innermost value that holds `offset` itself: that of a member
        only when the place is in its value, and None outside the root."""
        node = self.root
        pointer: list[str] = []
        byte = self.bytes.to_byte(offset)
        if node is None or not node._node.start_byte <= byte <= node._node.end_byte:
            return "", None
        while True:
            step = self._step_at(node, byte)
            if step is None:
                return join(pointer), node
            token, below = step
            pointer.append(token)
            if below is None:
                return join(pointer), node
            node = below

    def _step_at(self, node: JsonNode, byte: int) -> tuple[str, JsonNode | None] | None:
        """The child that holds a byte offset: its token, and its node when the place is in that."""
        if node.kind == "object":
            pair = _child_at(node._node, byte, _PAIR)
            member = None if pair is None else self.member_of(pair)
            if pair is None or member is None:
                return None
            inside = member.value._node.start_byte <= byte
            return member.key, member.value if inside else None
        if node.kind == "array":
            item = _child_at(node._node, byte, _KINDS)
            if item is None:
                return None
            return str(_item_index(node._node, item)), JsonNode(self, item)
        return None

    def key_of(self, key_node: tree_sitter.Node) -> str:
        """The decoded key of a pair's key node; never raises."""
        offset = self.bytes.to_offset
        return decode_string(self.text[offset(key_node.start_byte) : offset(key_node.end_byte)])

    def member_of(self, pair: tree_sitter.Node) -> Member | None:
        """A pair node as a Member; None when the recovery left it without key or value."""
        key_node = pair.child_by_field_name("key")
        value_node = pair.child_by_field_name("value")
        if key_node is None or value_node is None or value_node.type not in _KINDS:
            return None
        offset = self.bytes.to_offset
        start, end = offset(key_node.start_byte), offset(key_node.end_byte)
        value = JsonNode(self, value_node)
        return Member(
            decode_string(self.text[start:end]),
            Span(start, end),
            value,
            Span(start, offset(value_node.end_byte)),
        )


def _readable(text: str) -> bytes:
    """UTF-8 for tree-sitter-json, whose grammar (0.24.8) lacks the plus sign of an exponent.

    It gets a minus instead: the structure is the same, and all text is read from our own.
    """
    data = text.encode("utf-8", "surrogatepass")
    return data.replace(b"e+", b"e-").replace(b"E+", b"E-")


def _point_after(start: tuple[int, int], written: bytes) -> tuple[int, int]:
    """tree-sitter's place behind `written`: rows by LF, columns in bytes."""
    rows = written.count(b"\n")
    column = len(written) - (written.rfind(b"\n") + 1)
    return start[0] + rows, column if rows else start[1] + column


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_json.language())


def _step(node: JsonNode, token: str) -> JsonNode | None:
    if node.kind == "object":
        member = node.member(token)
        return None if member is None else member.value
    position = index(token)
    return None if position is None else node.item(position)


def _children(
    node: tree_sitter.Node, kinds: frozenset[str], into_errors: bool = True
) -> Iterator[tree_sitter.Node]:
    """Direct children of these types; in broken text also those that lie in an ERROR node."""
    for below in node.named_children:
        if below.type in kinds and not below.is_missing:
            yield below
        elif into_errors and below.is_error:
            yield from (inner for inner in below.named_children if inner.type in kinds)


def _is_plain(node: tree_sitter.Node) -> bool:
    """Whether an array of two or more is brackets, items and commas only: no comment, no error.

    n items with c comments have 2n + c + 1 children, of which n + c are named.
    """
    named = node.named_child_count
    return named > 1 and not node.has_error and node.child_count == 2 * named + 1


def _child_at(node: tree_sitter.Node, byte: int, kinds: frozenset[str]) -> tree_sitter.Node | None:
    """The child of these types that holds the byte, or ends right before it."""
    if node.has_error:
        holding = (c for c in _children(node, kinds) if c.start_byte <= byte <= c.end_byte)
        return max(holding, key=lambda c: c.start_byte, default=None)
    # Node.first_child_for_byte of tree-sitter 0.25.2 ends the process when no child follows the
    # place; the cursor answers None.
    for place in (byte, byte - 1):
        cursor = node.walk()
        if place >= 0 and cursor.goto_first_child_for_byte(place) is not None:
            found = cursor.node
            if found is not None and found.type in kinds and found.start_byte <= place:
                return found
    return None


def _item_index(array: tree_sitter.Node, item: tree_sitter.Node) -> int:
    if _is_plain(array):
        cursor = array.walk()
        position = cursor.goto_first_child_for_byte(item.start_byte)
        if position is not None:
            return (position - 1) // 2
    starts = [node.start_byte for node in _children(array, _KINDS)]
    return starts.index(item.start_byte)
