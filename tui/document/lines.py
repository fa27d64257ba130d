"""LineIndex: where the lines of a text begin, kept up with changes at little cost.

Line breaks are LF, CRLF and a lone CR, and nothing else: U+2028, U+0085 and VT are ordinary
characters of a line.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from tui.document.change import ChangeSet

_BREAK = re.compile(r"\r\n|\n|\r")
_BLOCK = 1024
"""Lines in a block. A change reads anew the blocks that it touches and shifts the others."""
_PIECE = 1 << 16


class LineIndex:
    """Immutable. Rows and columns count from 0, in code points.

    The lines are held in blocks, as plain numbers: `_starts[b]` has the offsets of the lines of
    block `b`, less its `_shifts[b]`; `_offsets[b]` and `_rows[b]` are offset and row of its first
    line.
    """

    __slots__ = ("_offsets", "_rows", "_shifts", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        starts = _line_starts(text)
        self._starts = list(_blocks(starts))
        self._shifts = [0] * len(self._starts)
        self._count()

    def edited(self, change: ChangeSet, text: str) -> LineIndex:
        """The index of `text` == change.apply(the text of this one)."""
        if change.is_empty:
            return self
        # A break may end right before an edit, in the block before it.
        first = self._block(max(change.edits[0].start - 1, 0))
        last = self._block(change.edits[-1].end)
        shift = len(text) - len(self._text)
        begin = self._offsets[first]
        end = self._offsets[last + 1] + shift if last + 1 < len(self._starts) else len(text)
        fresh = _line_starts(text[begin:end])
        if last + 1 < len(self._starts):
            # The line behind the last break is the first of the next block.
            fresh.pop()
        blocks = list(_blocks(fresh))
        index = LineIndex.__new__(LineIndex)
        index._text = text
        index._starts = [*self._starts[:first], *blocks, *self._starts[last + 1 :]]
        index._shifts = [
            *self._shifts[:first],
            *(begin for _ in blocks),
            *(old + shift for old in self._shifts[last + 1 :]),
        ]
        index._count()
        return index

    def _count(self) -> None:
        """Work out offset and row of each block's first line."""
        self._offsets = [
            block[0] + shift for block, shift in zip(self._starts, self._shifts, strict=True)
        ]
        self._rows = list(accumulate((len(block) for block in self._starts[:-1]), initial=0))

    def _block(self, offset: int) -> int:
        return bisect_right(self._offsets, offset) - 1

    def _start(self, row: int) -> int:
        block = bisect_right(self._rows, row) - 1
        return self._starts[block][row - self._rows[block]] + self._shifts[block]

    @property
    def line_count(self) -> int:
        """At least 1; a line break at the very end begins one more, empty line."""
        return self._rows[-1] + len(self._starts[-1])

    def position(self, offset: int) -> tuple[int, int]:
        """(row, column) of an offset; past the end it is the end."""
        offset = max(0, min(offset, len(self._text)))
        block = self._block(offset)
        inside = offset - self._shifts[block]
        line = bisect_right(self._starts[block], inside) - 1
        return self._rows[block] + line, inside - self._starts[block][line]

    def offset(self, row: int, column: int) -> int:
        """The offset of a place; past a line's end it is that end, past the last row the end."""
        if row >= self.line_count:
            return len(self._text)
        start, end = self.line_span(max(row, 0))
        return min(start + max(column, 0), end)

    def line(self, row: int) -> str:
        """The text of a line, without its line break. IndexError when there is no such row."""
        start, end = self.line_span(row)
        return self._text[start:end]

    def line_span(self, row: int) -> tuple[int, int]:
        """Start and end of a line, without its line break. IndexError when there is no such row."""
        count = self.line_count
        if not 0 <= row < count:
            raise IndexError(row)
        start = self._start(row)
        if row + 1 == count:
            return start, len(self._text)
        end = self._start(row + 1) - 1
        if end > start and self._text[end] == "\n" and self._text[end - 1] == "\r":
            end -= 1
        return start, end


def _line_starts(text: str) -> array[int]:
    if "\r" in text:
        return array("I", [0, *(match.end() for match in _BREAK.finditer(text))])
    # The quick way, 10 MB in some 30 ms; piece by piece, or there would be a string for each line.
    starts = array("I", [0])
    for begin in range(0, len(text), _PIECE):
        lines = text[begin : begin + _PIECE].split("\n")
        lines.pop()
        lengths = [len(line) + 1 for line in lines]
        if lengths:
            lengths[0] += begin
            starts.extend(accumulate(lengths))
    return starts


def _blocks(starts: array[int]) -> Iterator[array[int]]:
    for first in range(0, len(starts), _BLOCK):
        yield starts[first : first + _BLOCK]
