"""Colour classes of one line of JSON. No JSON token spans lines, so a line is enough."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))
  | (?P<string>"(?:[^"\\]|\\.)*"?)
  | (?P<number>-?\d[\d.eE+-]*)
  | (?P<word>\b(?:true|false|null)\b)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A half-open range of code points of the line, and `key`, `string`, `number` or `word`."""

    start: int
    end: int
    kind: str


def tokens(line: str) -> Iterator[Token]:
    """The coloured tokens of `line`, in order; punctuation has none."""
    for match in _TOKEN.finditer(line):
        yield Token(match.start(), match.end(), match.lastgroup or "")
