"""The JSON tree of a text, by offset and by JSON Pointer.

All spans are in code points of the text. A text that is JSON is read by tui.document.scanned;
trees exist for broken text too, by way of tui.document.recovered: tree-sitter recovers, and
`JsonTree.has_errors` says so.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tui.document.change import ChangeSet
from tui.document.node import JsonNode, Member
from tui.document.parts import NOTHING, Parts
from tui.document.pointer import join, split
from tui.document.scanned import NotJson, Scanned, scan
from tui.document.style import Style

if TYPE_CHECKING:
    from tui.document.recovered import RecoveredTree

__all__ = ["JsonNode", "JsonTree", "Member"]

# Each edit is a pass over the places of all blocks of parts.
_MANY_EDITS = 64


class JsonTree:
    """The parsed text. Immutable; `edited` gives the next one, where only what a change touched
    is read again.

    `parts` are those parts of the text that are known to be JSON: see tui.document.parts.
    `style` is how the text is written, worked out where it is asked for.
    """

    __slots__ = ("_before", "_recovered", "_scanned", "parts", "style", "text")

    def __init__(
        self,
        text: str,
        known: Parts = NOTHING,
        before: tuple[RecoveredTree, ChangeSet] | None = None,
    ) -> None:
        """`known` are parts of the text that need not be read; `before` is what to recover
        from if it turns out not to be JSON: an earlier tree and the change to this text."""
        self.text = text
        self.style = Style(text)
        self.parts = known
        self._before = before
        self._scanned: Scanned | None = None
        self._recovered: RecoveredTree | None = None
        with suppress(NotJson):
            self._scanned = scan(text, known)
            # What it would have been recovered from holds an earlier text.
            self._before = None
            # Where a number is too large all is read again, so that it is met again.
            self.parts = NOTHING if self._scanned.has_large else self._scanned.parts

    @classmethod
    def parse(cls, text: str) -> JsonTree:
        return cls(text)

    def edited(self, change: ChangeSet, text: str) -> JsonTree:
        """The tree of `text` == change.apply(self.text)."""
        if change.is_empty:
            return self
        if len(change.edits) > _MANY_EDITS:
            return JsonTree(text)
        recovered = self._recovered
        before = None if recovered is None or recovered.has_parts else (recovered, change)
        return JsonTree(text, self.parts.untouched(change), before)

    @property
    def is_json(self) -> bool:
        """Whether Go's encoding/json takes the text, but for a byte order mark. False also where
        that is not known: for more levels than Python reads."""
        return self._scanned is not None

    @property
    def has_large_number(self) -> bool:
        """Whether a number with a point or an exponent is out of float64's range."""
        return self._scanned is not None and self._scanned.has_large

    @property
    def has_errors(self) -> bool:
        """Whether tree-sitter had to recover somewhere."""
        return self._scanned is None and self._recover().has_errors

    @property
    def root(self) -> JsonNode | None:
        """The first value of the text, or None when there is none."""
        if self._scanned is not None:
            return self._scanned.root
        return self._recover().root

    def node(self, pointer: str) -> JsonNode | None:
        """By RFC 6901 pointer ("" is the root); of duplicate keys the last.

        ValueError when `pointer` is neither empty nor begins with "/".
        """
        tokens = split(pointer)
        return None if self.root is None else self.root.below(tokens)

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
            below = node.step(token) if node is not None else None
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
        if node is None or not node.span.start <= offset <= node.span.end:
            return "", None
        while True:
            step = node.child_at(offset)
            if step is None:
                return join(pointer), node
            token, below = step
            pointer.append(token)
            if below is None:
                return join(pointer), node
            node = below

    def _recover(self) -> RecoveredTree:
        if self._recovered is None:
            # Not at the top: a text that is JSON does without tree-sitter.
            from tui.document.recovered import RecoveredTree

            if self._before is not None:
                self._recovered = self._before[0].edited(self._before[1], self.text)
            else:
                self._recovered = RecoveredTree.parse(self.text, self.parts)
            self._before = None
        return self._recovered
