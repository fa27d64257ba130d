"""Which items of a list are which, after somebody changed it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

_MOST_COMPARED = 250_000
"""Pairs of items that are compared for likeness at most; beyond it their order must do."""
_ALIKE = 0.0


@dataclass
class Alignment:
    """`kept` has the new index of each old item that is still there; `new` the indexes of the
    items that were not there before, by the old index before which they stand (the length of
    the old list for its end). Both keep the order."""

    kept: dict[int, int] = field(default_factory=dict)
    new: dict[int, list[int]] = field(default_factory=dict)


def align(old: Sequence[Any], new: Sequence[Any]) -> Alignment:
    """Pair the items of two lists of JSON values: equal ones, and between those the most alike."""
    found = Alignment()
    one, other = [_hashed(item) for item in old], [_hashed(item) for item in new]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        pairs = {}
        if tag == "equal":
            pairs = dict(zip(range(first, last), range(start, end), strict=True))
        elif tag == "replace":
            pairs = _alike(old, new, (first, last, start, end))
        found.kept |= pairs
        _add_new(found, pairs, (first, last, start, end))
    return found


def alike(one: Any, other: Any) -> bool:
    """Whether `other` may be `one` after an edit."""
    return _likeness(_traits(one), _traits(other)) > _ALIKE


def _add_new(found: Alignment, pairs: dict[int, int], block: tuple[int, int, int, int]) -> None:
    """Note the items of a block that nothing was paired with."""
    _, last, start, end = block
    taken = {new: old for old, new in pairs.items()}
    before = last
    for index in range(end - 1, start - 1, -1):
        if index in taken:
            before = taken[index]
        else:
            found.new.setdefault(before, []).insert(0, index)


def _alike(
    old: Sequence[Any], new: Sequence[Any], block: tuple[int, int, int, int]
) -> dict[int, int]:
    """Pairs in the same order on both sides that are together the most alike."""
    first, last, start, end = block
    rows, columns = last - first, end - start
    if rows * columns > _MOST_COMPARED:
        size = min(rows, columns) if rows == columns else 0
        return {first + step: start + step for step in range(size)}
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    here, there = list(map(_traits, old[first:last])), list(map(_traits, new[start:end]))
    likeness = [[_likeness(one, other) for other in there] for one in here]
    for r in range(rows - 1, -1, -1):
        for c in range(columns - 1, -1, -1):
            both = best[r + 1][c + 1] + likeness[r][c] if likeness[r][c] > _ALIKE else 0.0
            best[r][c] = max(both, best[r + 1][c], best[r][c + 1])
    pairs: dict[int, int] = {}
    r = c = 0
    while r < rows and c < columns:
        if best[r][c] == best[r + 1][c]:
            r += 1
        elif best[r][c] == best[r][c + 1]:
            c += 1
        else:
            pairs[first + r] = start + c
            r, c = r + 1, c + 1
    return pairs


def _likeness(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    """From 0 (nothing in common) to 1 (one has all traits of the other, as after an addition)."""
    return len(one & other) / min(len(one), len(other))


def _traits(value: Any) -> frozenset[Hashable]:
    """What a value is known by: each scalar in it with its key; its keys if there is none."""
    scalars: set[Hashable] = set()
    keys: set[Hashable] = {type(value).__name__}
    work: list[tuple[str, Any]] = [("", value)]
    while work:
        key, item = work.pop()
        keys.add(key)
        if isinstance(item, dict):
            work += item.items()
        elif isinstance(item, list):
            work += [(key, below) for below in item]
        else:
            scalars.add((key, _hashed(item)))
    return frozenset(scalars or keys)


def _hashed(value: Any) -> Hashable:
    """Equal for equal JSON values; the order of keys does not count."""
    if isinstance(value, dict):
        return frozenset((key, _hashed(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(map(_hashed, value))
    return (type(value).__name__, repr(value)) if not isinstance(value, str) else value
