"""The names pane: the plugins of the open entry, in the order of its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui.app.name_rows import NameRow
from tui.app.widgets.line_list import LineList
from tui.visible import visible

NO_NAMES = " no plugin is named here: a adds one"


class Names(LineList):
    """Rows of NameRow, with what a user does to them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,insert", "do('add')", "Add a name", show=False),
        Binding("d,delete", "do('remove')", "Remove the name", show=False),
        Binding("K", "do('up')", "Move it up", show=False),
        Binding("J", "do('down')", "Move it down", show=False),
        Binding("x", "do('switch')", "Switch it off or on", show=False),
    ]

    class Asked(Message):
        """`what` (add, remove, up, down, switch) is asked for the name under the cursor."""

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

    def follow(self, name: str, near: int) -> None:
        """Put the cursor on the row of `name` that is nearest to `near`."""
        places = [index for index, row in enumerate(self.rows) if row.name == name]
        if places:
            self.cursor = min(places, key=lambda index: abs(index - near))

    def row_count(self) -> int:
        return len(self.rows)

    def render_line(self, y: int) -> Strip:
        if self.rows or y:
            return super().render_line(y)
        text = Text(NO_NAMES, self.style_of("dim"), end="", no_wrap=True)
        return Strip(text.render(self.app.console)).adjust_cell_length(self.size.width)

    def row_value(self, index: int) -> object:
        return self.rows[index], self._number(index)

    def row(self, index: int, width: int) -> Text:
        row = self.rows[index]
        words = visible(row.words)
        number = "  " if row.is_off else f"{self._number(index):>2}"
        line = Text.assemble((f"{number} ", self.style_of("dim")))
        line.append(visible(row.name), self.style_of("dim") if row.is_off else "")
        room = max(8, width - len(words) - 4)
        line.truncate(room, overflow="ellipsis", pad=True)
        line.append(f" {row.mark} ", self.style_of(row.style))
        line.append(words, self.style_of(row.style if row.style == "error" else "dim"))
        return line

    def _number(self, index: int) -> int:
        """Its place among the names that are on, from 1."""
        return 1 + sum(not row.is_off for row in self.rows[:index])

    def action_do(self, what: str) -> None:
        row = self.rows[self.cursor] if self.rows else None
        if row is not None or what == "add":
            self.post_message(self.Asked(what, row))
