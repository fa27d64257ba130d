"""How near two words are: for 'did you mean'."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"\d+")


def edit_distance(left: str, right: str, limit: int) -> int:
    """Optimal string alignment distance (a swap of neighbours is one), or limit + 1 if more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    # What both begin and end with costs nothing, and names have much of it.
    left, right = _without_common_start(left, right)
    left, right = _without_common_start(left[::-1], right[::-1])
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return min(last[-1], limit + 1)


def _without_common_start(left: str, right: str) -> tuple[str, str]:
    pairs = zip(left, right, strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
    return left[same:], right[same:]


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is most likely a slip of, or None.

    A slip is another case, another separator, or one wrong key in four letters, at most two.
    Words that differ in their digits only are siblings (`v1`, `v2`), not slips.
    """
    best: tuple[int, str] | None = None
    limit = min(2, max(1, len(word) // 4))
    folded = _fold(word)
    for candidate in candidates:
        if candidate == word or not candidate:
            continue
        if folded and _fold(candidate) == folded:
            distance = 0
        elif len(word) < 3 or _DIGITS.sub("0", word) == _DIGITS.sub("0", candidate):
            continue
        else:
            distance = edit_distance(word.casefold(), candidate.casefold(), limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def _fold(word: str) -> str:
    return re.sub(r"[-_. /]", "", word).casefold()
