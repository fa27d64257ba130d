"""The tree pane: every injection point and what is injected there."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.app.session import Session
from tui.app.tree_rows import TreeFilter, TreeRows
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.injection_tree import InjectionTree
from tui.app.widgets.line_list import LineList


class PointsPane(Vertical):
    """Posts which row the user is on."""

    class Chosen(Message):
        """The row `key` is to be shown; `enter` says that the user wants to go there."""

        def __init__(self, key: str, *, enter: bool) -> None:
            super().__init__()
            self.key = key
            self.enter = enter

    def __init__(self, session: Session) -> None:
        super().__init__(id="points", classes="pane")
        self.session = session
        self._toggled: set[str] = set()
        self._filter = TreeFilter.ALL
        self._title, self.rows = PaneTitle(), InjectionTree(self._tree_rows())
        # Until the points are read nothing is known of them.
        self.rows.visible = False

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.rows

    def show(self) -> None:
        """Show what the points and findings are now."""
        rows = self._tree_rows()
        self.rows.show(rows)
        self.rows.visible = True
        if self._filter is TreeFilter.ALL:
            used = sum(block.used for block in self.session.groups)
            self._title.show("extra_config", f"{used} of {len(self.session.points)}")
        else:
            groups = sum(len(block.groups) for block in self.session.groups)
            words = f"{rows.group_count} of {groups}"
            self._title.show(f"only {self._filter.value}", words)

    def _tree_rows(self) -> TreeRows:
        session = self.session
        return TreeRows(
            session.groups, session.options.target, session.diagnostics, self._toggled, self._filter
        )

    def select(self, key: str) -> None:
        """Put the cursor on the row `key`; what hides it, a fold or the filter, is undone."""
        if self.rows.select(key):
            return
        group = self.session.places.group_of(key)
        if group is not None:
            self._toggled ^= {group}
            self.show()
        if not self.rows.select(key) and self._filter is not TreeFilter.ALL:
            self._show_filtered(TreeFilter.ALL)
            self.select(key)

    def _show_filtered(self, filter_: TreeFilter) -> None:
        self._filter = filter_
        self._toggled.clear()
        self.show()

    @on(InjectionTree.Filtered)
    def _filtered(self, message: InjectionTree.Filtered) -> None:
        """The key of the filter in force takes it away again."""
        again = self._filter is message.filter
        self._show_filtered(TreeFilter.ALL if again else message.filter)

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        if self.rows.key is not None and self.rows.has_focus:
            self.post_message(self.Chosen(self.rows.key, enter=False))

    @on(LineList.Opened)
    def _opened(self) -> None:
        if self.rows.key is not None:
            self.post_message(self.Chosen(self.rows.key, enter=True))

    @on(InjectionTree.Folded)
    def _folded(self, message: InjectionTree.Folded) -> None:
        self._toggled ^= {message.key}
        self.show()
