"""The tree of a text that is no JSON, as far as tree-sitter recovers it.

tree-sitter is no validator (tui.document.strict is): it accepts two roots, comments, a raw TAB
in a string and an empty text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

import tree_sitter
import tree_sitter_json

from tui.diagnostic import Span
from tui.document.change import ChangeSet
from tui.document.node import JsonNode, Member
from tui.document.offsets import ByteMap
from tui.document.parts import NOTHING, Parts
from tui.document.scanned import part_node
from tui.document.text import line_indent
from tui.document.values import decode_string

_KINDS = frozenset({"object", "array", "string", "number", "true", "false", "null"})
_PAIR = frozenset({"pair"})
# Re-parsing costs about as much an edit as it saves from here on.
_MANY_EDITS = 64
_FOLDED = "{}"


class _Folded:
    """A text with `{}` in the place of each of its parts, and the offsets of both.

    tree-sitter needs not read a part that is known, and its places stay those of the text.
    """

    def __init__(self, text: str, parts: Parts) -> None:
        self.parts = list(parts.each())
        pieces: list[str] = []
        end = 0
        for start, part in self.parts:
            pieces += (text[end:start], _FOLDED)
            end = start + len(part)
        pieces.append(text[end:])
        self.text = "".join(pieces)
        self._starts = [start for start, _ in self.parts]
        saved = accumulate((len(part) - len(_FOLDED) for _, part in self.parts), initial=0)
        self._saved = list(saved)
        self._folded = [
            start - saved for start, saved in zip(self._starts, self._saved, strict=False)
        ]

    def part_at(self, folded: int) -> tuple[int, str] | None:
        """The part whose `{}` begins at an offset of the folded text: where it begins in the text,
        and its text."""
        row = bisect_right(self._folded, folded) - 1
        return self.parts[row] if row >= 0 and self._folded[row] == folded else None

    def to_text(self, folded: int) -> int:
        """Offset in the folded text -> offset in the text."""
        row = bisect_right(self._folded, folded) - 1
        if row < 0:
            return folded
        inside = folded - self._folded[row]
        if inside < len(_FOLDED):
            return self._starts[row] + inside
        return folded + self._saved[row + 1]

    def to_folded(self, offset: int) -> int:
        """Offset in the text -> offset in the folded text; within a part: within its `{}`."""
        row = bisect_right(self._starts, offset) - 1
        if row < 0:
            return offset
        start, part = self.parts[row]
        if offset - start < len(part):
            return self._folded[row] + min(offset - start, 1)
        return offset - self._saved[row + 1]


class RecoveredTree:
    """What tree-sitter makes of a text, whose parts are read as JSON."""

    __slots__ = ("_folded", "_tree", "bytes", "text")

    def __init__(self, text: str, folded: _Folded, data: bytes, tree: tree_sitter.Tree) -> None:
        """Use `parse`."""
        self.text = text
        self.bytes = ByteMap(folded.text, data)
        self._folded = folded
        self._tree = tree

    @classmethod
    def parse(cls, text: str, parts: Parts) -> RecoveredTree:
        """The tree of a text that is no JSON. `parts` are known to stand in it, and to be JSON."""
        folded = _Folded(text, parts)
        data = _readable(folded.text)
        tree = cls(text, folded, data, tree_sitter.Parser(_language()).parse(data))
        if parts.blocks and not tree.has_errors:
            # The parts are not where they seem to be, but in a comment or a string.
            return cls.parse(text, NOTHING)
        return tree

    def edited(self, change: ChangeSet, text: str) -> RecoveredTree:
        """The tree of `text` == change.apply(self.text), of a text without known parts."""
        if len(change.edits) > _MANY_EDITS:
            return RecoveredTree.parse(text, NOTHING)
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
        parsed = tree_sitter.Parser(_language()).parse(data, tree)
        return RecoveredTree(text, _Folded(text, NOTHING), data, parsed)

    @property
    def has_errors(self) -> bool:
        return self._tree.root_node.has_error

    @property
    def has_parts(self) -> bool:
        """Whether parts were folded away."""
        return bool(self._folded.parts)

    @property
    def root(self) -> JsonNode | None:
        """The first value of the text, or None when there is none."""
        top = self._tree.root_node
        if top.type != "document":
            return None
        node = next(_children(top, _KINDS, into_errors=False), None)
        return None if node is None else self.node_of(node)

    def node_of(self, node: tree_sitter.Node) -> JsonNode:
        """The node; for the `{}` of a part the part."""
        if node.type == "object" and node.end_byte - node.start_byte == len(_FOLDED):
            part = self._folded.part_at(self.bytes.to_offset(node.start_byte))
            if part is not None:
                return part_node(self.text, *part)
        return RecoveredNode(self, node)

    def to_offset(self, byte: int) -> int:
        """A byte of what tree-sitter read -> an offset in the text."""
        return self._folded.to_text(self.bytes.to_offset(byte))

    def to_byte(self, offset: int) -> int:
        return self.bytes.to_byte(self._folded.to_folded(offset))

    def key_of(self, key_node: tree_sitter.Node) -> str:
        """The decoded key of a pair's key node; never raises."""
        start, end = self.to_offset(key_node.start_byte), self.to_offset(key_node.end_byte)
        return decode_string(self.text[start:end])

    def member_of(self, pair: tree_sitter.Node) -> Member | None:
        """A pair node as a Member; None when the recovery left it without key or value."""
        key_node = pair.child_by_field_name("key")
        value_node = pair.child_by_field_name("value")
        if key_node is None or value_node is None or value_node.type not in _KINDS:
            return None
        start, end = self.to_offset(key_node.start_byte), self.to_offset(key_node.end_byte)
        return Member(decode_string(self.text[start:end]), start, end, self.node_of(value_node))


class RecoveredNode(JsonNode):
    """A value as tree-sitter found it."""

    __slots__ = ("_node", "_tree")

    def __init__(self, tree: RecoveredTree, node: tree_sitter.Node) -> None:
        self._tree = tree
        self._node = node

    @property
    def kind(self) -> str:
        return "null" if self._node.is_missing else self._node.type

    @property
    def span(self) -> Span:
        offset = self._tree.to_offset
        return Span(offset(self._node.start_byte), offset(self._node.end_byte))

    @property
    def text(self) -> str:
        span = self.span
        return self._tree.text[span.start : span.end]

    @property
    def indent(self) -> str:
        return line_indent(self._tree.text, self.span.start)

    def members(self) -> Iterator[Member]:
        if self._node.type == "object":
            for pair in _children(self._node, _PAIR):
                member = self._tree.member_of(pair)
                if member is not None:
                    yield member

    def items(self) -> Iterator[JsonNode]:
        if self._node.type == "array":
            for node in _children(self._node, _KINDS):
                yield self._tree.node_of(node)

    def member(self, key: str) -> Member | None:
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
        node = self._node
        if node.type != "array" or position < 0:
            return None
        if _is_plain(node):
            found = node.named_child(position) if position < node.named_child_count else None
        else:
            items = list(_children(node, _KINDS))
            found = items[position] if position < len(items) else None
        return None if found is None else self._tree.node_of(found)

    def child_at(self, offset: int) -> tuple[str, JsonNode | None] | None:
        byte = self._tree.to_byte(offset)
        if self._node.type == "object":
            pair = _child_at(self._node, byte, _PAIR)
            member = None if pair is None else self._tree.member_of(pair)
            if member is None:
                return None
            return member.key, member.value if member.value.span.start <= offset else None
        if self._node.type == "array":
            item = _child_at(self._node, byte, _KINDS)
            if item is not None:
                return str(_item_index(self._node, item)), self._tree.node_of(item)
        return None


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
