"""Versions of Go modules, compared as golang.org/x/mod/semver does."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Final

_NUMBER: Final = r"(?:0|[1-9]\d*)"
_IDENTIFIER: Final = r"[0-9A-Za-z-]+"
_FORM = re.compile(
    rf"v({_NUMBER})(?:\.({_NUMBER})(?:\.({_NUMBER})"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?)?)?",
    re.ASCII,
)
_BAD_NUMBER = re.compile(r"0\d+", re.ASCII)


@total_ordering
class Version:
    """A version for comparing: what is no version is less than every version, and two such are
    equal. What stands behind a plus sign does not count."""

    def __init__(self, text: str) -> None:
        match = _FORM.fullmatch(text)
        parts = match[4].split(".") if match is not None and match[4] else []
        if match is None or any(_BAD_NUMBER.fullmatch(part) for part in parts):
            self._key: tuple[object, ...] = ()
            return
        numbers = tuple(_number(match[index] or "0") for index in (1, 2, 3))
        # A release is greater than its pre-releases; numbers are less than words.
        steps = tuple((0, _number(p), "") if p.isdigit() else (1, (0, ""), p) for p in parts)
        self._key = (*numbers, not parts, steps)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key == other._key

    def __lt__(self, other: Version) -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _number(digits: str) -> tuple[int, str]:
    """A number of any length, without converting it: the longer is the greater."""
    return len(digits), digits
