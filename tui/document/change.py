"""ChangeSet: a change of a text as a value that applies, inverts, composes and maps offsets.

The laws (apply after invert, compose as sequence, monotone map) are those of
helix-core/src/transaction.rs; tests/document/test_change_laws.py states them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.diagnostic import Edit


class ChangeSet(NamedTuple):
    """Edits of a text of exactly `length` code points, sorted, not overlapping, normalised.

    Normalised: no edit is empty, and edits that touch are one. Make it with `of`.
    """

    length: int
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, length: int, edits: Iterable[Edit]) -> ChangeSet:
        """Sort, check and normalise `edits`; ValueError when they overlap or leave the text.

        Insertions at one offset keep their order, and stand before a replacement that
        begins there.
        """
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        end = 0
        for edit in ordered:
            if not end <= edit.start <= edit.end <= length:
                raise ValueError(f"edit {edit.start}..{edit.end} overlaps or leaves the text")
            end = edit.end
        return cls(length, tuple(_merged(ordered)))

    @classmethod
    def replace(cls, length: int, start: int, end: int, text: str) -> ChangeSet:
        """The change that replaces [start, end) by `text`."""
        return cls.of(length, (Edit(start, end, text),))

    @property
    def length_after(self) -> int:
        return self.length + sum(len(edit.text) - edit.end + edit.start for edit in self.edits)

    @property
    def is_empty(self) -> bool:
        return not self.edits

    def apply(self, text: str) -> str:
        """ValueError when len(text) != length."""
        if len(text) != self.length:
            raise ValueError(f"a change of {self.length} code points met {len(text)}")
        if not self.edits:
            return text
        parts: list[str] = []
        position = self.edits[0].start
        for edit in self.edits:
            parts += (text[position : edit.start], edit.text)
            position = edit.end
        # Lengthened in its place, as CPython does with a string that nobody else holds: of 10 MB
        # each copy is felt.
        made = text[: self.edits[0].start]
        made += "".join(parts)
        made += text[position:]
        return made

    def invert(self, text: str) -> ChangeSet:
        """The change that takes apply(text) back to `text`."""
        if len(text) != self.length:
            raise ValueError(f"a change of {self.length} code points met {len(text)}")
        inverse: list[Edit] = []
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            inverse.append(Edit(start, start + len(edit.text), text[edit.start : edit.end]))
            shift += len(edit.text) - (edit.end - edit.start)
        return ChangeSet(self.length_after, tuple(inverse))

    def compose(self, later: ChangeSet) -> ChangeSet:
        """One change that equals this one, then `later`; ValueError when they do not meet."""
        if later.length != self.length_after:
            raise ValueError("the later change is of a text of another length")
        return ChangeSet(self.length, tuple(_merged(_composed(self, later))))

    def map(self, offset: int, *, before: bool = False) -> int:
        """Where `offset` is afterwards. An insertion exactly at it pushes it on, unless `before`.

        Inside a replaced range it goes to the end of the new text (`before`: to its start);
        at the start or end of a replaced range it stays at that side of the new text.
        """
        shift = 0
        for edit in self.edits:
            if edit.end < offset or (edit.end == offset and edit.start < offset):
                shift += len(edit.text) - (edit.end - edit.start)
            elif edit.start < offset or (edit.start == edit.end == offset):
                return edit.start + shift + (0 if before else len(edit.text))
            else:
                break
        return offset + shift


def _merged(edits: Iterable[Edit]) -> Iterator[Edit]:
    """`edits` in text order without empty ones, touching ones joined."""
    start = end = -1
    texts: list[str] = []
    for edit in edits:
        if edit.start == end:
            end = edit.end
            texts.append(edit.text)
            continue
        if end > start or any(texts):
            yield Edit(start, end, "".join(texts))
        start, end, texts = edit.start, edit.end, [edit.text]
    if end > start or any(texts):
        yield Edit(start, end, "".join(texts))


def _composed(first: ChangeSet, later: ChangeSet) -> Iterator[Edit]:
    """Edits of the first text, in text order, that make both changes at once."""
    pieces = _Pieces(first)
    for edit in later.edits:
        yield from pieces.kept_until(edit.start)
        yield Edit(pieces.old, pieces.old, edit.text)
        yield from pieces.dropped_until(edit.end)
    yield from pieces.kept_until(later.length)
    yield from pieces.last_deletion()


class _Pieces:
    """The text between two changes: stretches kept from the first text, and inserted ones.

    `old` and `new` are how far the walk is, in the first and in the middle text; `_pending`
    is what is left of the insertion that the walk stands in.
    """

    def __init__(self, change: ChangeSet) -> None:
        self.old = 0
        self.new = 0
        self._edits = iter(change.edits)
        self._next = next(self._edits, None)
        self._pending = ""

    def kept_until(self, new: int) -> Iterator[Edit]:
        """Walk to `new`, giving what the first change inserted and deleted on the way."""
        while self.new < new:
            deleted, inserted = self._step(new)
            if deleted or inserted:
                yield Edit(self.old - deleted, self.old, inserted)

    def dropped_until(self, new: int) -> Iterator[Edit]:
        """Walk to `new`, deleting every kept stretch and forgetting every insertion."""
        while self.new < new:
            begin = self.old
            self._step(new)
            if self.old > begin:
                yield Edit(begin, self.old, "")

    def last_deletion(self) -> Iterator[Edit]:
        """What the first change deletes at its very end, where no text follows to walk to."""
        if self._next is not None:
            yield self._next

    def _step(self, new: int) -> tuple[int, str]:
        """Go on at most to `new`; how much the first change deletes here, and its insertion."""
        if self._pending:
            taken = self._pending[: new - self.new]
            self._pending = self._pending[len(taken) :]
            self.new += len(taken)
            return 0, taken
        upcoming = self._next
        if upcoming is not None and upcoming.start == self.old:
            self._next = next(self._edits, None)
            self._pending = upcoming.text
            self.old = upcoming.end
            return upcoming.end - upcoming.start, ""
        distance = new - self.new
        if upcoming is not None:
            distance = min(distance, upcoming.start - self.old)
        self.old += distance
        self.new += distance
        return 0, ""
