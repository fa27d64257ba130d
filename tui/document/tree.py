"""The JSON tree of a text, by offset and by JSON Pointer. CONTRACT STUB: to be implemented.

All spans are in code points of the text, also when it has non-ASCII characters
(tree-sitter itself counts bytes). Trees exist for broken text too: tree-sitter recovers,
and `JsonTree.has_errors` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tui.diagnostic import Span
from tui.document.change import ChangeSet


@dataclass(frozen=True, slots=True)
class Member:
    """`"key": value` of an object. `span` runs from the key's quote to the value's end."""

    key: str
    key_span: Span
    value: JsonNode
    span: Span


class JsonNode:
    """A JSON value in the text. Cheap to make: children are read from the tree when asked for."""

    kind: str
    """object, array, string, number, true, false or null"""
    span: Span

    def members(self) -> Iterator[Member]:
        """Of an object, in file order, duplicates included; nothing for other kinds."""
        raise NotImplementedError

    def items(self) -> Iterator[JsonNode]:
        """Of an array; nothing for other kinds."""
        raise NotImplementedError

    def member(self, key: str) -> Member | None:
        """The LAST member with exactly this key, as readers take it."""
        raise NotImplementedError

    def value(self) -> Any:
        """The Python value; of duplicate keys the last; a lone surrogate escape stays one."""
        raise NotImplementedError


class JsonTree:
    """The parsed text. Immutable; `edited` gives the next one by incremental re-parsing."""

    text: str
    has_errors: bool

    @classmethod
    def parse(cls, text: str) -> JsonTree:
        raise NotImplementedError

    def edited(self, change: ChangeSet, text: str) -> JsonTree:
        """The tree of `text` == change.apply(self.text)."""
        raise NotImplementedError

    @property
    def root(self) -> JsonNode | None:
        """The first value of the text, or None when there is none."""
        raise NotImplementedError

    def node(self, pointer: str) -> JsonNode | None:
        """By RFC 6901 pointer ("" is the root)."""
        raise NotImplementedError

    def member(self, pointer: str) -> Member | None:
        """The object member that `pointer` names, or None (also for array items and the root)."""
        raise NotImplementedError

    def nearest(self, pointer: str) -> tuple[str, JsonNode | None]:
        """The longest existing prefix of `pointer` and its node."""
        raise NotImplementedError

    def pointer_at(self, offset: int) -> str:
        """The pointer of the innermost member value, key or item that holds `offset`."""
        raise NotImplementedError
