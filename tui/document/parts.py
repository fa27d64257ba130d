"""The parts of a text: items of the root's lists that are known to be JSON, in blocks.

An edit leaves all blocks but one alone, which are the very same objects afterwards: whoever keeps
something for a block asks once for many parts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import methodcaller

from tui.document.change import ChangeSet

BLOCK = 64
"""Parts of a block, at most."""

_IS_OBJECT = methodcaller("startswith", "{")


class Block:
    """Parts of one list, one behind the other: where each begins, counted from the first, and its
    text. `length` is that of the text from the first to the end of the last. Immutable; equal to
    itself alone."""

    __slots__ = ("has_only_objects", "length", "starts", "texts")

    def __init__(self, starts: Sequence[int], texts: Sequence[str]) -> None:
        """`starts` may count from anywhere. There is a part at least."""
        first = starts[0]
        self.starts = [start - first for start in starts]
        self.texts = texts
        self.length = self.starts[-1] + len(texts[-1])
        self.has_only_objects = all(map(_IS_OBJECT, texts))

    @property
    def is_small(self) -> bool:
        """Whether it is to be joined with what stands beside it."""
        return 2 * len(self.texts) < BLOCK

    def before(self, offset: int) -> int:
        """How many parts end before an offset, which is counted from the first."""
        count = bisect_left(self.starts, offset)
        return count - (count > 0 and self.starts[count - 1] + len(self.texts[count - 1]) >= offset)


@dataclass(frozen=True, slots=True)
class Parts:
    """Blocks of parts in file order, and where each begins in the text."""

    places: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def each(self) -> Iterator[tuple[int, str]]:
        """Where each part begins in the text, and its text."""
        for place, block in zip(self.places, self.blocks, strict=True):
            for start, text in zip(block.starts, block.texts, strict=True):
                yield place + start, text

    def add(self, place: int, block: Block, first: int, last: int) -> None:
        """Add the parts first to last of a block that begins at an offset of the text."""
        if first < last:
            self.places.append(place + block.starts[first])
            is_whole = last - first == len(block.texts)
            self.blocks.append(
                block if is_whole else Block(block.starts[first:last], block.texts[first:last])
            )

    def extend(self, others: Parts) -> None:
        """Add those of the next list."""
        self.places.extend(others.places)
        self.blocks.extend(others.blocks)

    def untouched(self, change: ChangeSet) -> Parts:
        """Those that `change` leaves alone, at their places in the text after it."""
        places, blocks = list(self.places), list(self.blocks)
        for edit in reversed(change.edits):
            first = bisect_left(places, edit.start)
            if first and places[first - 1] + blocks[first - 1].length >= edit.start:
                first -= 1
            last = bisect_right(places, edit.end)
            shift = len(edit.text) - (edit.end - edit.start)
            moved = [place + shift for place in places[last:]]
            left = Parts()
            for place, block in zip(places[first:last], blocks[first:last], strict=True):
                head = block.before(edit.start - place)
                tail = bisect_right(block.starts, edit.end - place)
                left.add(place, block, 0, head)
                left.add(place + shift, block, tail, len(block.texts))
            places[first:] = [*left.places, *moved]
            blocks[first:last] = left.blocks
        return Parts(places, blocks)


class Gathering:
    """Makes blocks of the parts of a list, which come in its order.

    `starts` and `texts` are parts that are in no block yet. They, and what edits made small, are
    joined with small blocks beside them: no two neighbours stay small, and no other is touched.
    """

    def __init__(self, parts: Parts) -> None:
        """`parts` are what the blocks are added to."""
        self.starts: list[int] = []
        self.texts: list[str] = []
        self._parts = parts

    def add(self, place: int, block: Block) -> None:
        """Add a block that begins at an offset of the text."""
        if block.is_small and (self.texts or self._ends_small):
            self.starts += [place + start for start in block.starts]
            self.texts += block.texts
        else:
            self.finish()
            self._parts.add(place, block, 0, len(block.texts))

    @property
    def _ends_small(self) -> bool:
        blocks = self._parts.blocks
        return bool(blocks) and blocks[-1].is_small

    def finish(self) -> None:
        """Make blocks, all about as large, of the parts that are in none."""
        parts, starts, texts = self._parts, self.starts, self.texts
        if not texts:
            return
        if self._ends_small:
            place, block = parts.places.pop(), parts.blocks.pop()
            starts[:0] = [place + start for start in block.starts]
            texts[:0] = block.texts
        blocks = -(-len(texts) // BLOCK)
        ends = [len(texts) * number // blocks for number in range(blocks + 1)]
        for first, last in pairwise(ends):
            parts.places.append(starts[first])
            parts.blocks.append(Block(starts[first:last], texts[first:last]))
        starts.clear()
        texts.clear()


NOTHING = Parts()
"""No part is known."""
