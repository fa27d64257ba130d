"""What follows from a long list, worked out again only where its items are others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_not
from typing import Generic, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


class Blocks(Generic[Item, Value]):
    """Works on blocks of a list's items. Of a block whose items are the very same objects as the
    last time, it gives what it gave then."""

    def __init__(self, work: Callable[[Sequence[Item]], Value], size: int = 64) -> None:
        """`size` items are a block. Small ones are soon worked out, but there are more to join."""
        self._work = work
        self._size = size
        self._known: list[tuple[Sequence[Item], Value]] = []

    def of(self, items: Sequence[Item]) -> list[Value]:
        """What follows from each block, in order."""
        size = self._size
        blocks = [items[start : start + size] for start in range(0, len(items), size)]
        known = self._known[: len(blocks)]
        for number, block in enumerate(blocks):
            if number == len(known):
                known.append((block, self._work(block)))
            elif _are_others(known[number][0], block):
                known[number] = block, self._work(block)
        self._known = known
        return [value for _, value in known]


def _are_others(before: Sequence[object], now: Sequence[object]) -> bool:
    return len(before) != len(now) or any(map(is_not, before, now))
