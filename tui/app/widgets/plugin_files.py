"""The folder pane's list: every entry of the plugin folder as KrakenD sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.file_rows import VERDICTS, FileRow, Known, file_row
from tui.app.widgets.line_list import LineList
from tui.folder import FolderEntry, FolderListing, FolderStatus
from tui.krakend.file_order import FileOrder, in_order
from tui.krakend.requirements.requirement import Status
from tui.krakend.scan import Scan
from tui.visible import visible

WIDE_SCREEN, WIDE_LIST = 120, 50
"""Columns of the screen, and of the list, from which on a row says more than one word."""
_STATUS_MARKS: dict[Status | None, tuple[str, str]] = {
    Status.PASS: ("✓", "good"),
    Status.FAIL: ("✗", "error"),
    Status.UNKNOWN: ("?", "dim"),
}


def _name_room(width: int) -> int:
    return round(width * 0.35)


class PluginFiles(LineList):
    """One line an entry: order, name with the matched substring reversed, what it registers.

    The cursor follows the file when the order or the folder changes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask('page')", "The plugin's page: requirements, uses, build", show=False),
        Binding("u", "ask('use')", "Go to where the plugin file is used", show=False),
        Binding("s", "ask('sort')", "Sort the files: as loaded, by match, by time", show=False),
    ]

    class Asked(Message):
        """`what` (page, use, sort) is asked for the file under the cursor."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self) -> None:
        super().__init__(id="files")
        self._scan = Scan(FolderListing("", FolderStatus.UNCHECKED), "")
        self._known = Known()
        self._indices: Sequence[int] = ()

    def show(self, scan: Scan, known: Known, order: FileOrder) -> None:
        """Show another scan, or the same with more known of its files."""
        entry = self.entry
        self._scan = scan
        self._known = known
        self._indices = in_order(scan, order)
        self.rows_changed()
        if entry is not None and self.entry is not entry:
            self.select(entry.name)

    @property
    def entry(self) -> FolderEntry | None:
        """The entry under the cursor."""
        return self._entry(self.cursor) if self.cursor < len(self._indices) else None

    @property
    def current(self) -> FileRow | None:
        """The row under the cursor."""
        return self._row(self.cursor) if self.cursor < len(self._indices) else None

    def select(self, name: bytes) -> bool:
        """Put the cursor on the entry of this name; False when there is none."""
        for row in range(len(self._indices)):
            if self._entry(row).name == name:
                self.cursor = row
                return True
        return False

    @property
    def is_wide(self) -> bool:
        """Whether the rows have columns of their own for what else is known."""
        return self.app.size.width >= WIDE_SCREEN and self.size.width >= WIDE_LIST

    @property
    def heads(self) -> str:
        """What the columns of a wide list are; "" for a narrow one."""
        if not self.is_wide:
            return ""
        width = self.scrollable_content_region.width
        verdicts = "".join(f" {head}" for head in VERDICTS.values())
        left = "     file".ljust(_name_room(width) + 1) + "registers"
        return left.ljust(width - len(verdicts) - 9) + " used " + verdicts

    def _entry(self, row: int) -> FolderEntry:
        return self._scan.listing.entries[self._indices[row]]

    def _row(self, row: int) -> FileRow:
        return file_row(self._scan, self._indices[row], self._known)

    def row_count(self) -> int:
        return len(self._indices)

    def row_value(self, index: int) -> object:
        return self._row(index), self.is_wide

    def row(self, index: int, width: int) -> Text:
        row = self._row(index)
        is_wide = self.is_wide
        tail = self._tail(row, is_wide=is_wide)
        words = Text(visible(row.words if is_wide else row.note), self.style_of("dim"))
        order = f"{row.order:>2}" if row.order is not None else "  "
        line = Text.assemble(" ", (order, self.style_of("dim")), "  ", self._shown_name(row))
        room = _name_room(width) if is_wide else width - tail.cell_len - words.cell_len - 1
        line.truncate(max(room, 8), overflow="ellipsis", pad=True)
        words.truncate(max(width - line.cell_len - tail.cell_len - 1, 0), overflow="ellipsis")
        line.append(" ").append_text(words)
        line.pad_right(max(0, width - line.cell_len - tail.cell_len))
        return line.append_text(tail)

    def _tail(self, row: FileRow, *, is_wide: bool) -> Text:
        """The mark, and before it in a wide list the number of uses and the verdicts."""
        tail = Text()
        if is_wide:
            used = f"{row.used}×" if row.used is not None else ""
            tail.append(f" {used:>4} ", self.style_of("dim"))
            for status in row.verdicts or (None,) * len(VERDICTS):
                mark, style = _STATUS_MARKS.get(status, ("  ", "dim"))
                tail.append(f" {mark:>2}", self.style_of(style))
        tail.append(f" {row.mark} ", self.style_of(row.style))
        return tail

    def _shown_name(self, row: FileRow) -> Text:
        loads = row.order is not None
        text = Text(visible(row.name), "" if loads else self.style_of("dim"))
        if loads or row.is_near:
            for span in row.spans:
                text.stylize(self.style_of("match" if loads else "near"), span.start, span.end)
        text.append("/" if row.is_folder else "", self.style_of("dim"))
        return text

    def action_ask(self, what: str) -> None:
        self.post_message(self.Asked(what))
