"""What follows from a long list in blocks, worked out again only for blocks that are others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Generic, TypeVar, overload

Block = TypeVar("Block")
Value = TypeVar("Value")
Item = TypeVar("Item", covariant=True)


class Blocks(Generic[Block, Value]):
    """Works on blocks, which are equal to themselves alone. For one of the last time it gives what
    it gave then."""

    def __init__(self, work: Callable[[Block], Value]) -> None:
        self._work = work
        self._known: dict[Block, Value] = {}

    def of(self, blocks: Iterable[Block]) -> list[Value]:
        """What follows from each block, in order."""
        known, work = self._known, self._work
        self._known = {block: known[block] if block in known else work(block) for block in blocks}
        return [*self._known.values()]


class Joined(Sequence[Item]):
    """Sequences that follow each other as one, which is never copied together."""

    __slots__ = ("_ends", "_parts")

    def __init__(self, parts: Iterable[Sequence[Item]]) -> None:
        self._parts = [part for part in parts if part]
        self._ends = [*accumulate(map(len, self._parts))]

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Item]:
        return chain.from_iterable(self._parts)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return [*self][index]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        number = bisect_right(self._ends, at)
        part = self._parts[number]
        return part[at - self._ends[number] + len(part)]
