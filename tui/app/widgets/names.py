"""The names pane: the plugins of the open entry, in the order of its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.name_rows import NameRow
from tui.app.widgets.line_list import LineList
from tui.visible import visible


class Names(LineList):
    """Rows of NameRow, with what a user does to them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,insert", "do('add')", "Add a name", show=False),
        Binding("d,delete", "do('remove')", "Remove the name", show=False),
        Binding("K", "do('up')", "Move it up", show=False),
        Binding("J", "do('down')", "Move it down", show=False),
    ]

    class Asked(Message):
        """`what` (add, remove, up, down) is asked for the name under the cursor."""

        def __init__(self, what: str, row: NameRow | None) -> None:
            super().__init__()
            self.what = what
            self.row = row

    def __init__(self) -> None:
        super().__init__(id="names")
        self.rows: Sequence[NameRow] = ()

    def show(self, rows: Sequence[NameRow]) -> None:
        self.rows = rows
        self.rows_changed()

    def row_count(self) -> int:
        return len(self.rows)

    def row(self, index: int, width: int) -> Text:
        row = self.rows[index]
        words = visible(row.words)
        line = Text.assemble((f"{index + 1:>2} ", self.style_of("dim")), visible(row.name))
        room = max(8, width - len(words) - 4)
        line.truncate(room, overflow="ellipsis", pad=True)
        line.append(f" {row.mark} ", self.style_of(row.style))
        line.append(words, self.style_of(row.style if row.style == "error" else "dim"))
        return line

    def action_do(self, what: str) -> None:
        row = self.rows[self.cursor] if self.rows else None
        if row is not None or what == "add":
            self.post_message(self.Asked(what, row))
