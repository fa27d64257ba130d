"""What TextArea reads of a Window: its lines, as they are and as they are wrapped.

Nothing here holds the text: lines are cut out of it when they are asked for, so that a key
in a file of 10 MB costs what its own lines cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import overload

from textual._cells import cell_width_to_column_index
from textual.document._document import DocumentBase, EditResult, Location, Newline
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline, get_tab_widths
from textual.geometry import Offset, Size

from tui.document.change import ChangeSet
from tui.document.window import Window

WRAP_LINES = 2_000
WRAP_LENGTH = 100_000
"""Up to so many lines, and code points in all, long lines are wrapped; wrapping costs work for
every line of the text."""


class WindowDocument(DocumentBase):
    """`apply` puts a ChangeSet into the Document; it is the only way in which text changes."""

    def __init__(self, window: Window, apply: Callable[[ChangeSet], None]) -> None:
        self.window = window
        self._apply = apply
        self._widest: int | None = None
        self._tab_width = 4
        self.reload()

    def reload(self) -> None:
        """Read the window again after its Document changed."""
        self._text = self.window.text
        self.index = self.window.lines
        self._widest = None

    @property
    def is_small(self) -> bool:
        """Whether long lines can be wrapped."""
        return self.line_count <= WRAP_LINES and len(self._text) <= WRAP_LENGTH

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        first, last = sorted((self.index.offset(*start), self.index.offset(*end)))
        replaced = self._text[first:last]
        begin = self.index.position(first)
        widest = self._widest
        self._apply(self.window.change(first, last, text))
        self.reload()
        finish = _end_of(begin, text)
        if widest is not None:
            # Lines that got shorter leave room to scroll, which is cheaper than to measure all.
            changed = self.lines[begin[0] : finish[0] + 1]
            self._widest = max(widest, _width(changed, self._tab_width))
        return EditResult(finish, replaced)

    @property
    def text(self) -> str:
        return self._text

    @property
    def newline(self) -> Newline:
        return "\n"

    @property
    def lines(self) -> Lines:  # type: ignore[override]
        return Lines(self)

    def get_line(self, index: int) -> str:
        return self.index.line(index)

    def get_text_range(self, start: Location, end: Location) -> str:
        first, last = sorted((self.index.offset(*start), self.index.offset(*end)))
        return self._text[first:last]

    def get_size(self, indent_width: int) -> Size:
        """The width is at least that of the widest line."""
        if self._widest is None or indent_width != self._tab_width:
            self._tab_width = indent_width
            self._widest = _width(self._text.split("\n"), indent_width)
        return Size(self._widest, self.line_count)

    @property
    def line_count(self) -> int:
        return self.index.line_count

    @property
    def start(self) -> Location:
        return 0, 0

    @property
    def end(self) -> Location:
        return self.index.position(len(self._text))

    def __getitem__(self, line_index: int | slice) -> str | list[str]:  # type: ignore[override]
        return self.lines[line_index]


class Lines(Sequence[str]):
    """The lines of a WindowDocument, each made when it is asked for."""

    def __init__(self, document: WindowDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return self._document.line_count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        count = len(self)
        if isinstance(index, slice):
            return [self._document.get_line(row) for row in range(*index.indices(count))]
        return self._document.get_line(index + count if index < 0 else index)


def _width(lines: Iterable[str], tab_width: int) -> int:
    """Cells for the widest of `lines`."""
    return max((cell_width(line, tab_width) for line in lines), default=0)


def _end_of(begin: Location, text: str) -> Location:
    """Where `text` ends when it is inserted at `begin`, whatever its newlines become."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    row, column = begin
    return row + len(lines) - 1, len(lines[-1]) + (column if len(lines) == 1 else 0)


class WrappedLines(WrappedDocument):
    """Lines that are wrapped. Its height is asked for with every line that is drawn."""

    @property
    def height(self) -> int:
        return len(self._offset_to_line_info)


class PlainLines(WrappedDocument):
    """Lines that are not wrapped: a row of the screen is a line, and nothing is kept of them."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:  # noqa: ARG002
        self._width = 0
        self._tab_width = tab_width or self._tab_width
        self._offset_to_line_info = _RowsOf(self.document)  # type: ignore[assignment]

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Nothing is kept of the lines."""

    @property
    def wrapped(self) -> bool:
        return False

    @property
    def height(self) -> int:
        return self.document.line_count

    def get_offsets(self, line_index: int) -> list[int]:
        if not 0 <= line_index < self.height:
            raise ValueError(f"line {line_index} is out of bounds")
        return []

    def get_sections(self, line_index: int) -> list[str]:
        return [self.document.get_line(line_index)]

    def get_tab_widths(self, line_index: int) -> list[int]:
        line = self.document.get_line(line_index)
        return [width for _, width in get_tab_widths(line, self._tab_width)]

    def offset_to_location(self, offset: Offset) -> Location:
        x, y = max(0, offset[0]), max(0, offset[1])
        row = min(y, self.height - 1)
        return row, cell_width_to_column_index(self.document.get_line(row), x, self._tab_width)

    def location_to_offset(self, location: Location) -> Offset:
        row, column = location
        before = self.document.get_line(row)[:column]
        return Offset(cell_width(before, self._tab_width), row)


class _RowsOf:
    """What TextArea looks up for a row of the screen: its line, and which section of it."""

    def __init__(self, document: DocumentBase) -> None:
        self._document = document

    def __getitem__(self, row: int) -> tuple[int, int]:
        if row >= self._document.line_count:
            raise IndexError(row)
        return row, 0


def cell_width(text: str, tab_width: int) -> int:
    """How many cells of the screen a beginning of a line takes."""
    from rich.cells import cell_len

    if text.isascii() and "\t" not in text:
        return len(text)
    return cell_len(expand_tabs_inline(text, tab_width))
