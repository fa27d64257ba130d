"""Where a text stops being JSON: a scanner that never recurses.

It takes what Go's encoding/json takes (RFC 8259, at most 10,000 levels: scanner.go
`maxNestingDepth`) and stops at the first token that it does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from tui.document.scanned import MOST_NESTED

_SPACE = r"[ \t\r\n]*"
_PLAIN = r'[^"\\\x00-\x1f\ud800-\udfff]*'
_STRING = rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN})*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SCALAR = rf"(?:{_NUMBER}|true|false|null)(?![0-9A-Za-z_.+-])"
_VALUE = rf"{_SPACE}(?:{_STRING}|{_SCALAR}){_SPACE}"
_PAIR = rf"{_SPACE}{_STRING}{_SPACE}:{_VALUE}"
# A container of nothing but scalars is one token: a file has many, and that halves the time.
_FLAT = rf"\[{_VALUE}(?:,{_VALUE})*\]|\{{{_PAIR}(?:,{_PAIR})*\}}"
_TOKEN = re.compile(
    rf"{_SPACE}(?:(?P<string>{_STRING})|(?P<scalar>{_SCALAR}|{_FLAT})|(?P<mark>[{{}}\[\],:]))"
)
_WHITE = re.compile(_SPACE)


class Expected(Enum):
    """What may come next."""

    VALUE = "a value"
    VALUE_OR_END = "a value or ]"
    KEY = "a key in double quotes"
    KEY_OR_END = "a key in double quotes or }"
    COLON = "a colon"
    COMMA_OR_END = "a comma or the end"
    NOTHING = "nothing more"


class Stop(NamedTuple):
    """Where the scanner stopped: at `offset` (white space skipped), expecting something else.

    `before` is the end of the last good token, `open_brackets` those that are not closed, from
    the outside in. `too_deep` says that the nesting limit was passed.
    """

    offset: int
    before: int
    expected: Expected
    open_brackets: str
    too_deep: bool = False


def scan_json(text: str, known: Mapping[int, int] = MappingProxyType({})) -> Stop | None:
    """None when the text is one JSON value.

    `known` has values that are known to be JSON, each by its start and its end.
    """
    expected = Expected.VALUE
    brackets: list[str] = []
    place = 0
    while True:
        if known and expected in _VALUES:
            start = _WHITE.match(text, place).end()  # type: ignore[union-attr]
            if start in known:
                place, expected = known[start], _after_value(brackets)
        match = _TOKEN.match(text, place)
        if match is None:
            break
        token = match.group(match.lastgroup or 0)
        if token[0] in "[{" and len(brackets) == MOST_NESTED:
            deep = match.end() - len(token)
            return Stop(deep, deep, expected, "".join(brackets), too_deep=True)
        following = _after(match.lastgroup or "", token, expected, brackets)
        if following is None:
            break
        place, expected = match.end(), following
    white = _WHITE.match(text, place)
    offset = white.end() if white is not None else place
    if offset == len(text) and expected is Expected.NOTHING:
        return None
    return Stop(offset, place, expected, "".join(brackets))


_VALUES = frozenset({Expected.VALUE, Expected.VALUE_OR_END})
_KEYS = frozenset({Expected.KEY, Expected.KEY_OR_END})
_CLOSES = {"}": "{", "]": "["}
_END = {
    "}": frozenset({Expected.KEY_OR_END, Expected.COMMA_OR_END}),
    "]": frozenset({Expected.VALUE_OR_END, Expected.COMMA_OR_END}),
}


def _after(kind: str, token: str, expected: Expected, brackets: list[str]) -> Expected | None:
    """What is expected after `token`, with `brackets` brought up to date; None if it is wrong."""
    if kind == "string" and expected in _KEYS:
        return Expected.COLON
    if kind in ("string", "scalar"):
        return _after_value(brackets) if expected in _VALUES else None
    if token == ":":
        return Expected.VALUE if expected is Expected.COLON else None
    if token == "," and expected is Expected.COMMA_OR_END:
        return Expected.KEY if brackets[-1] == "{" else Expected.VALUE
    if token in "{[" and expected in _VALUES:
        brackets.append(token)
        return Expected.KEY_OR_END if token == "{" else Expected.VALUE_OR_END
    if token in _CLOSES and expected in _END[token] and brackets[-1:] == [_CLOSES[token]]:
        brackets.pop()
        return _after_value(brackets)
    return None


def _after_value(brackets: list[str]) -> Expected:
    return Expected.COMMA_OR_END if brackets else Expected.NOTHING
