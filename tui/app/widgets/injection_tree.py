"""The tree of injection points. Its rows are plain values; only the visible ones are drawn."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.tree_rows import TreeFilter, TreeRow, TreeRows
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
        Binding("v", "do('revert')", "Revert the entry to what is saved", show=False),
        Binding("f", "do('file')", "Go to the plugin file of the entry", show=False),
        Binding("p", "filter('PLUGINS')", "Only what has plugins, or all", show=False),
        Binding("e", "filter('FINDINGS')", "Only what has findings, or all", show=False),
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

    class Filtered(Message):
        """Only what `filter` lets through is wanted, or all again."""

        def __init__(self, filter_: TreeFilter) -> None:
            super().__init__()
            self.filter = filter_

    def __init__(self, rows: TreeRows) -> None:
        super().__init__(id="tree")
        self.rows = rows

    def show(self, rows: TreeRows) -> None:
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
        index = self.rows.index_of(key)
        if index is not None:
            self.cursor = index
        return index is not None

    def row_count(self) -> int:
        return len(self.rows)

    def row_value(self, index: int) -> TreeRow:
        return self.rows[index]

    def row(self, index: int, width: int) -> Text:
        row = self.rows[index]
        fold = {True: "▼ ", False: "▶ ", None: "  "}[row.fold]
        line = Text(" " + "  " * row.depth)
        line.append(fold, self.style_of("dim"))
        is_dim = not (row.works and row.has_entries)
        line.append(visible(row.label), self.style_of("dim") if is_dim else "")
        if row.counts.errors:
            line.append(f" ✗{row.counts.errors}", self.style_of("error"))
        if row.counts.warnings:
            line.append(f" ▲{row.counts.warnings}", self.style_of("warning"))
        if row.counts.infos and not (row.counts.errors or row.counts.warnings):
            line.append(f" ●{row.counts.infos}", self.style_of("dim"))
        if row.remark and line.cell_len < width - 4:
            line.append(f"  {visible(row.remark)}", self.style_of("dim"))
        return line

    def action_filter(self, name: str) -> None:
        self.post_message(self.Filtered(TreeFilter[name]))

    def action_do(self, what: str) -> None:
        if self.key is not None:
            self.post_message(self.Asked(what, self.key))

    def action_fold(self) -> None:
        if self.key is not None and self.rows[self.cursor].fold is not None:
            self.post_message(self.Folded(self.key))

    def action_fold_to(self, is_open: bool) -> None:
        if self.cursor < len(self.rows) and self.rows[self.cursor].fold is (not is_open):
            self.action_fold()
