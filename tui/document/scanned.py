"""The tree of a text that is JSON: read at the speed of C, and only where somebody looks.

Python's json scanner finds where a value ends without telling what is in it; the members of an
object are found when they are asked for. The items of the root's lists (endpoints, agents) are
*parts* (tui.document.parts): each has its text for itself, so that after an edit those that it left
alone are known without being read again, and what is remembered of a part does not keep the whole
text.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from tui.diagnostic import Span
from tui.document.node import JsonNode, Member
from tui.document.parts import Block, Gathering, Parts
from tui.document.text import BOM, line_indent

MOST_NESTED = 10_000
"""Levels that Go's encoding/json takes (scanner.go `maxNestingDepth`)."""
# The indentation of a line that begins further back than this before a part is not looked for:
# a part stands at the third level, and the line is most likely a whole file without breaks.
_BEFORE = 256

_KIND = {"{": "object", "[": "array", '"': "string", "t": "true", "f": "false", "n": "null"}
_WHITE = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_GOES_ON = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_NEXT = re.compile(r"[ \t\r\n]*([,\]}])[ \t\r\n]*")
# Of a text that is known to be JSON: a member whose key has no escape, up to its value, or, when
# that is a scalar without escapes, up to the next member. One match instead of four.
_MEMBER = re.compile(
    r'"([^"\\]*)"[ \t\r\n]*:[ \t\r\n]*'
    r'(?:("[^"\\]*"|[^"{\[\s,}][^\s,}]*)[ \t\r\n]*([,}])[ \t\r\n]*)?'
)


class NotJson(Exception):
    """The text is not JSON, or is nested too deeply to be read here."""


def _refuse(_word: str) -> None:
    raise ValueError


def _scan_once(read_float: Callable[[str], None] | None) -> Callable[[str, int], tuple[Any, int]]:
    """Python's scanner: the value that begins at an offset, and where it ends."""
    # parse_int=str: int() refuses more than 4,300 digits, which JSON does not.
    decoder = json.JSONDecoder(parse_float=read_float, parse_int=str, parse_constant=_refuse)
    once: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]
    return once


_value_at = _scan_once(None)
# Of a text that is JSON: what opens and closes a value, and strings, which may hold the like.
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


def _end_of(text: str, start: int) -> int:
    """Where a value ends, of a text that is known to be JSON.

    The scanner takes as many levels as the stack has room for: the text may have been read where
    there was more of it than now.
    """
    try:
        return _value_at(text, start)[1]
    except RecursionError:
        depth = 0
        for found in _BRACKET.finditer(text, start):
            mark = found.group()
            depth += (mark in ("[", "{")) - (mark in ("]", "}"))
            if depth == 0:
                return found.end()
        raise


class _Source:
    """A stretch of the text: it begins at offset `base`, and follows `before`."""

    __slots__ = ("base", "before", "text")

    def __init__(self, text: str, base: int, before: str) -> None:
        self.text = text
        self.base = base
        self.before = before


class ScannedNode(JsonNode):
    """A value of a text that is JSON. `start` and `end` are offsets in its source."""

    __slots__ = ("_below", "_end", "_source", "_start")

    def __init__(self, source: _Source, start: int, end: int) -> None:
        self._source = source
        self._start = start
        self._end = end
        self._below: list[Member] | list[ScannedNode] | None = None

    @property
    def kind(self) -> str:
        return _KIND.get(self._source.text[self._start], "number")

    @property
    def span(self) -> Span:
        base = self._source.base
        return Span(base + self._start, base + self._end)

    @property
    def text(self) -> str:
        return self._source.text[self._start : self._end]

    @property
    def indent(self) -> str:
        before = self._source.before
        return line_indent(before + self._source.text, len(before) + self._start)

    def members(self) -> Iterator[Member]:
        return iter(self._members())

    def items(self) -> Iterator[JsonNode]:
        return iter(self._items())

    def member(self, key: str) -> Member | None:
        found = None
        for member in self._members():
            if member.key == key:
                found = member
        return found

    def item(self, position: int) -> JsonNode | None:
        items = self._items()
        return items[position] if 0 <= position < len(items) else None

    def child_at(self, offset: int) -> tuple[str, JsonNode | None] | None:
        if self.kind == "object":
            members = self._members()
            row = bisect_right(members, offset, key=lambda member: member.span.start) - 1
            if row < 0 or members[row].span.end < offset:
                return None
            member = members[row]
            return member.key, member.value if member.value.span.start <= offset else None
        items = self._items()
        row = bisect_right(items, offset, key=lambda item: item.span.start) - 1
        if row < 0 or items[row].span.end < offset:
            return None
        return str(row), items[row]

    def unread(self) -> JsonNode:
        return ScannedNode(self._source, self._start, self._end)

    def _members(self) -> list[Member]:
        if self._source.text[self._start] != "{":
            return []
        if self._below is None:
            self._below = _read_members(self._source, self._start)
        return self._below  # type: ignore[return-value]

    def _items(self) -> list[ScannedNode]:
        if self._source.text[self._start] != "[":
            return []
        if self._below is None:
            self._below = _read_items(self._source, self._start)
        return self._below  # type: ignore[return-value]


def _after_opening(text: str, start: int) -> int:
    """Behind the opening bracket and the white space that follows it."""
    return _WHITE.match(text, start + 1).end()  # type: ignore[union-attr]


def _read_members(source: _Source, start: int) -> list[Member]:
    text, base = source.text, source.base
    members: list[Member] = []
    place = _after_opening(text, start)
    mark = text[place]
    while mark != "}":
        match = _MEMBER.match(text, place)
        if match is not None and match.lastindex == 3:
            key, _, mark = match.groups()
            node = ScannedNode(source, *match.span(2))
            members.append(Member(key, base + place, base + match.end(1) + 1, node))
            place = match.end()
            continue
        if match is not None:
            key, key_end, value = match.group(1), match.end(1) + 1, match.end()
        else:
            key, key_end = scanstring(text, place + 1)
            value = _COLON.match(text, key_end).end()  # type: ignore[union-attr]
        end = _end_of(text, value)
        node = ScannedNode(source, value, end)
        members.append(Member(key, base + place, base + key_end, node))
        following = _NEXT.match(text, end)
        mark, place = following.group(1), following.end()  # type: ignore[union-attr]
    return members


def _read_items(source: _Source, start: int) -> list[ScannedNode]:
    text = source.text
    items: list[ScannedNode] = []
    place = _after_opening(text, start)
    mark = text[place]
    while mark != "]":
        end = _end_of(text, place)
        items.append(ScannedNode(source, place, end))
        following = _NEXT.match(text, end)
        mark, place = following.group(1), following.end()  # type: ignore[union-attr]
    return items


class _PartsNode(ScannedNode):
    """A list of the root, whose items are parts."""

    __slots__ = ("_ends", "_parts")

    def __init__(self, source: _Source, start: int, end: int, parts: Parts) -> None:
        super().__init__(source, start, end)
        self._parts = parts
        # How many parts there are up to the end of each block.
        self._ends: list[int] = list(accumulate(len(block.texts) for block in parts.blocks))

    def parts(self) -> Parts:
        return self._parts

    def items(self) -> Iterator[JsonNode]:
        for start, text in self._parts.each():
            yield self._part(start, text)

    def item(self, position: int) -> JsonNode | None:
        if not 0 <= position < self._ends[-1]:
            return None
        number = bisect_right(self._ends, position)
        block = self._parts.blocks[number]
        row = position - self._ends[number] + len(block.texts)
        return self._part(self._parts.places[number] + block.starts[row], block.texts[row])

    def child_at(self, offset: int) -> tuple[str, JsonNode | None] | None:
        number = bisect_right(self._parts.places, offset) - 1
        if number < 0:
            return None
        place, block = self._parts.places[number], self._parts.blocks[number]
        row = bisect_right(block.starts, offset - place) - 1
        start, text = place + block.starts[row], block.texts[row]
        if offset > start + len(text):
            return None
        position = self._ends[number] - len(block.texts) + row
        return str(position), self._part(start, text)

    def _part(self, start: int, text: str) -> ScannedNode:
        return part_node(self._source.text, start, text)


def part_node(text: str, start: int, part: str) -> ScannedNode:
    """The node of the part that stands at `start` of the whole text."""
    before = text[max(start - _BEFORE, 0) : start]
    return ScannedNode(_Source(part, start, before), 0, len(part))


class Scanned(NamedTuple):
    """A text that is JSON: its root and its parts.

    `has_large` says that a number with a point or an exponent is out of float64's range.
    """

    root: JsonNode
    parts: Parts
    has_large: bool


def scan(text: str, known: Parts) -> Scanned:
    """Read a text, but for the parts that are `known` to stand in it and to be JSON.

    NotJson when it is not, by the rules of Go's encoding/json, but for a byte order mark.
    """
    scanner = _Scanner(text, known)
    try:
        if not text.isascii():
            text.encode("utf-8")
        root = scanner.root()
    except (ValueError, StopIteration, RecursionError):
        raise NotJson from None
    return Scanned(root, scanner.parts, scanner.has_large)


def _note_large(number: str, large: list[str]) -> None:
    if math.isinf(float(number)):
        large.append(number)


class _Scanner:
    """Reads the root and the lists in it, and finds the parts."""

    def __init__(self, text: str, known: Parts) -> None:
        self.parts = Parts()
        # Not the scanner itself: what refers to itself lives, and its text with it, until the
        # garbage collector comes.
        large: list[str] = []
        self._large = large
        self._text = text
        self._source = _Source(text, 0, "")
        self._known: Mapping[int, Block] = dict(zip(known.places, known.blocks, strict=True))
        self._value_at = _scan_once(lambda number: _note_large(number, large))

    @property
    def has_large(self) -> bool:
        return bool(self._large)

    def root(self) -> ScannedNode:
        mark = len(BOM) if self._text.startswith(BOM) else 0
        start = self._match(_WHITE, mark).end()
        if self._text[start : start + 1] == "{":
            root = self._object(start)
        else:
            root = ScannedNode(self._source, start, self._end(start, MOST_NESTED))
        if _WHITE.fullmatch(self._text, root.span.end) is None:
            raise NotJson
        return root

    def _object(self, start: int) -> ScannedNode:
        text = self._text
        members: list[Member] = []
        place = self._match(_WHITE, start + 1).end()
        mark, end = text[place : place + 1], place + 1
        while mark != "}":
            if text[place : place + 1] != '"':
                raise NotJson
            key, key_end = scanstring(text, place + 1)
            node = self._value(self._match(_COLON, key_end).end())
            members.append(Member(key, place, key_end, node))
            mark, end, place = self._following(node.span.end, "}")
        root = ScannedNode(self._source, start, end)
        root._below = members
        return root

    def _value(self, start: int) -> ScannedNode:
        text = self._text
        if text[start : start + 1] == "[":
            inner = self._match(_WHITE, start + 1).end()
            if text[inner : inner + 1] == "{":
                return self._list(start, inner)
        return ScannedNode(self._source, start, self._end(start, MOST_NESTED - 1))

    def _list(self, start: int, place: int) -> ScannedNode:
        """The list that begins at `start`; its first item begins at `place`."""
        text, known, parts = self._text, self._known.get, Parts()
        gathering = Gathering(parts)
        add_start, add_text = gathering.starts.append, gathering.texts.append
        goes_on = _GOES_ON.match
        mark, end = "", 0
        # Written for speed: it goes through all parts of a text that is read for the first time.
        while mark != "]":
            block = known(place)
            if block is not None:
                gathering.add(place, block)
                behind = place + block.length
            else:
                behind = self._end(place, MOST_NESTED - 2)
                add_start(place)
                add_text(text[place:behind])
            following = goes_on(text, behind)
            if following is not None:
                place = following.end()
            else:
                mark, end, place = self._following(behind, "]")
        gathering.finish()
        self.parts.extend(parts)
        return _PartsNode(self._source, start, end, parts)

    def _match(self, pattern: re.Pattern[str], place: int) -> re.Match[str]:
        match = pattern.match(self._text, place)
        if match is None:
            raise NotJson
        return match

    def _following(self, end: int, closing: str) -> tuple[str, int, int]:
        """The mark behind a value that ends at `end`, where the mark ends, and the next place."""
        match = self._match(_NEXT, end)
        mark = match.group(1)
        if mark not in (",", closing):
            raise NotJson
        return mark, match.end(1), match.end()

    def _end(self, start: int, levels: int) -> int:
        """Where the value at `start` ends; NotJson when it has more than so many levels."""
        text = self._text
        value, end = self._value_at(text, start)
        if end - start <= levels:
            return end
        brackets = text.count("[", start, end) + text.count("{", start, end)
        if brackets > levels and is_nested_deeper(value, levels):
            raise NotJson
        return end


def is_nested_deeper(value: object, levels: int) -> bool:
    """Whether dicts and lists are nested in more than so many levels."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        level = [
            below
            for holder in level
            for below in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(below, (dict, list))
        ]
        if not level:
            return False
    return bool(level)
