"""The tree of injection points. Its rows are plain values; only the visible ones are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.tree_rows import TreeRow
from tui.app.widgets.line_list import LineList
from tui.visible import visible


class InjectionTree(LineList):
    """Rows of TreeRow; the cursor follows the row's key when the rows change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "fold", "Fold", show=False),
        Binding("left,h", "fold_to(False)", "Close", show=False),
        Binding("right,l", "fold_to(True)", "Open", show=False),
        Binding("a,insert", "do('add')", "Add an entry", show=False),
        Binding("d,delete", "do('remove')", "Remove the entry", show=False),
        Binding("x", "do('switch')", "Switch off or on", show=False),
        Binding("c", "do('copy')", "Copy to other places", show=False),
        Binding("r", "do('rename')", "Rename the plugin everywhere", show=False),
        Binding("f", "do('file')", "Go to the plugin file of the entry", show=False),
        Binding("slash", "app.find", "Find", show=False),
    ]

    class Folded(Message):
        """The row with this key is to be opened if it is folded, and the other way round."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Asked(Message):
        """The command `what` (see the bindings) is asked for the row `key`."""

        def __init__(self, what: str, key: str) -> None:
            super().__init__()
            self.what = what
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="tree")
        self.rows: Sequence[TreeRow] = ()

    def show(self, rows: Sequence[TreeRow]) -> None:
        key = self.key
        self.rows = rows
        self.rows_changed()
        if key is not None and self.key != key:
            self.select(key)

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self.rows[self.cursor].key if self.cursor < len(self.rows) else None

    def select(self, key: str) -> bool:
        """Put the cursor on the row with `key`; False when there is none."""
        for index, row in enumerate(self.rows):
            if row.key == key:
                self.cursor = index
                return True
        return False

    def row_count(self) -> int:
        return len(self.rows)

    def row(self, index: int, width: int) -> Text:  # noqa: ARG002
        row = self.rows[index]
        fold = {True: "▼ ", False: "▶ ", None: "  "}[row.fold]
        line = Text(" " + "  " * row.depth)
        line.append(fold, self.style_of("dim"))
        line.append(
            visible(row.label), "" if row.works and row.has_entries else self.style_of("dim")
        )
        if row.errors:
            line.append(f" ✗{row.errors}", self.style_of("error"))
        if row.warnings:
            line.append(f" ▲{row.warnings}", self.style_of("warning"))
        return line

    def action_do(self, what: str) -> None:
        if self.key is not None:
            self.post_message(self.Asked(what, self.key))

    def action_fold(self) -> None:
        if self.key is not None and self.rows[self.cursor].fold is not None:
            self.post_message(self.Folded(self.key))

    def action_fold_to(self, is_open: bool) -> None:
        if self.cursor < len(self.rows) and self.rows[self.cursor].fold is (not is_open):
            self.action_fold()
