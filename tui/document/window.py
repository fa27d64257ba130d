"""Window: a part of a Document, shown and changed as if its indentation were none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from tui.diagnostic import Edit, Span
from tui.document.buffer import Document
from tui.document.change import ChangeSet
from tui.document.lines import LineIndex
from tui.document.pointer import parent
from tui.document.text import dominant_newline, line_indent, split_lines

SHIFTED_LENGTH = 1_000_000
"""Up to so many code points the indentation is taken off, which costs work for every line."""


class _Line(NamedTuple):
    """A line of the window: where it begins on show and in the document, what is left out.

    `hidden` code points of indentation follow `source`, and then `length` shown ones with the
    line break.
    """

    shown: int
    source: int
    hidden: int
    length: int


class _View(NamedTuple):
    """What a window shows of one version of the document."""

    version: int
    base: str
    text: str
    lines: tuple[_Line, ...]


class Window:
    """A view of a part of a Document, held by two marks that every ChangeSet maps.

    Inside the window the text is shown with the indentation of the line it starts on taken
    off its further lines, and written back with it (`lines` nested as the file has them).
    Lines that have less indentation than that are shown as they are, and get it when they are
    changed at their beginning. Empty lines stay empty. Line breaks are shown as they are in
    the file. A window on the whole text, or on more than SHIFTED_LENGTH, shows it as it is.
    """

    def __init__(self, document: Document, span: Span) -> None:
        self._document = document
        self._marks = document.hold(span)
        self._view: _View | None = None
        self._lines: LineIndex | None = None

    @property
    def span(self) -> Span:
        """The range of the document; empty when what was shown has been removed."""
        return self._marks.span

    @property
    def text(self) -> str:
        """What the window shows."""
        return self._current().text

    @property
    def lines(self) -> LineIndex:
        """Where the lines of `text` begin."""
        view = self._current()
        if self._marks.is_whole:
            return self._document.lines
        if self._lines is None:
            self._lines = LineIndex(view.text)
        return self._lines

    def partner(self, offset: int) -> int | None:
        """Of the bracket at `offset` of the shown text: the place of the one that belongs to it,
        if it has one in the window. Brackets in strings have none."""
        text, tree = self.text, self._document.tree
        if text[offset : offset + 1] not in _PARTNERS:
            return None
        place = self.to_document(offset)
        pointer = tree.pointer_at(place)
        while True:
            node = tree.node(pointer)
            if node is not None and node.kind in ("object", "array"):
                ends = (node.span.start, node.span.end - 1)
                if place in ends:
                    other = ends[0] if place == ends[1] else ends[1]
                    return self._shown_bracket(other, _PARTNERS[text[offset]])
                if ends[0] < place < ends[1]:
                    return None
            if not pointer:
                return None
            pointer = parent(pointer)[0]

    def _shown_bracket(self, place: int, bracket: str) -> int | None:
        shown = self.from_document(place)
        is_there = self.to_document(shown) == place and self.text[shown : shown + 1] == bracket
        return shown if is_there else None

    def change(self, start: int, end: int, text: str) -> ChangeSet:
        """The document's change for replacing [start, end) of the shown text by `text`.

        Each line break of `text` becomes that of the file, with the window's indentation
        behind it. A place inside a CRLF is one before it. ValueError when the range is not in
        the shown text.
        """
        view = self._current()
        if not 0 <= start <= end <= len(view.text):
            raise ValueError(f"{start}..{end} is not in the window")
        lines = [line.rstrip("\r\n") for line in split_lines(text)]
        newline = dominant_newline(self._document.text) if len(lines) > 1 else ""
        edits = _edits(view, _whole(view.text, start), _whole(view.text, end), lines, newline)
        change = ChangeSet.of(len(self._document.text), edits)
        self._marks.own(change)
        return change

    def to_document(self, offset: int) -> int:
        """Offset in the shown text -> offset in the document."""
        return _to_source(self._current(), offset)

    def from_document(self, offset: int) -> int:
        """Offset in the document -> offset in the shown text, clamped into it."""
        view = self._current()
        line = view.lines[max(bisect_right(view.lines, offset, key=lambda at: at.source) - 1, 0)]
        inside = offset - line.source - line.hidden
        return line.shown + max(0, min(inside, line.length))

    def close(self) -> None:
        """Let the marks go."""
        self._document.release(self._marks)

    def _current(self) -> _View:
        document = self._document
        if self._view is None or self._view.version != document.version:
            span = self.span
            is_long = span.end - span.start > SHIFTED_LENGTH
            is_plain = self._marks.is_whole or is_long
            base = "" if is_plain else line_indent(document.text, span.start)
            self._lines = None
            self._view = _shown(document.text, span, base, document.version)
        return self._view


_PARTNERS = {"{": "}", "}": "{", "[": "]", "]": "["}


def _shown(text: str, span: Span, base: str, version: int) -> _View:
    """The text of `span` with `base` taken off each line but the first."""
    source = text[span.start : span.end]
    if not base:
        return _View(version, base, source, (_Line(0, span.start, 0, len(source)),))
    lines: list[_Line] = []
    parts: list[str] = []
    shown, place = 0, span.start
    for number, line in enumerate(split_lines(source)):
        hidden = len(base) if number and line.startswith(base) else 0
        lines.append(_Line(shown, place, hidden, len(line) - hidden))
        parts.append(line[hidden:])
        shown += len(line) - hidden
        place += len(line)
    return _View(version, base, "".join(parts), tuple(lines))


def _whole(text: str, offset: int) -> int:
    """`offset`, but not between the CR and the LF of one line break."""
    return offset - 1 if text[max(offset - 1, 0) : offset + 1] == "\r\n" else offset


def _row(view: _View, offset: int) -> int:
    return bisect_right(view.lines, offset, key=lambda line: line.shown) - 1


def _to_source(view: _View, offset: int) -> int:
    offset = max(0, min(offset, len(view.text)))
    line = view.lines[_row(view, offset)]
    return line.source + line.hidden + offset - line.shown


def _edits(view: _View, start: int, end: int, texts: list[str], newline: str) -> Iterable[Edit]:
    """Edits of the document that make the shown text as if [start, end) were replaced.

    `texts` are the lines of the new text. A line that is left empty keeps no indentation,
    unless the document goes on in it behind the window.
    """
    begin, finish = _to_source(view, start), _to_source(view, end)
    if not view.base or (start == end and texts == [""]):
        return [Edit(begin, finish, newline.join(texts))]
    first_row, last_row = _row(view, start), _row(view, end)
    first, last = view.lines[first_row], view.lines[last_row]
    head = view.text[first.shown : start]
    tail = view.text[end : last.shown + last.length]
    at_the_end = last_row == len(view.lines) - 1
    contents = [head + texts[0], *texts[1:]]
    contents[-1] += tail.rstrip("\r\n")
    written = [texts[0]]
    for number, text in enumerate(texts[1:], 1):
        goes_on = at_the_end and number == len(texts) - 1
        written += (newline, view.base if contents[number] or goes_on else "", text)
    replacement = "".join(written)
    if first_row and first.hidden and not contents[0] and not (at_the_end and len(texts) == 1):
        begin = first.source
    if first_row and _needs_base(view, first, head, contents[0]):
        return [Edit(first.source, first.source, view.base), Edit(begin, finish, replacement)]
    return [Edit(begin, finish, replacement)]


def _needs_base(view: _View, line: _Line, head: str, content: str) -> bool:
    """Whether a line without the base must get it, now that it shows `content`.

    So does an empty line that is written in, and a line whose own indentation would be taken
    for the base.
    """
    if line.hidden or head.strip(" \t"):
        return False
    was = view.text[line.shown : line.shown + line.length]
    return content.startswith(view.base) or (bool(content) and not was.strip())
