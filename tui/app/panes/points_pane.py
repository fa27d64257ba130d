"""The tree pane: every injection point and what is injected there."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.app.session import Session
from tui.app.tree_rows import tree_rows
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

    def compose(self) -> ComposeResult:
        yield PaneTitle()
        yield InjectionTree()

    @property
    def rows(self) -> InjectionTree:
        return self.query_one(InjectionTree)

    def show(self) -> None:
        """Show what the points and findings are now."""
        session = self.session
        self.rows.show(tree_rows(session.points, self._toggled, session.diagnostics))
        used = sum(bool(point.entries) for point in session.points)
        self.query_one(PaneTitle).show("extra_config", f"{used} of {len(session.points)}")

    def select(self, key: str) -> None:
        """Put the cursor on the row `key`, unfolding what hides it."""
        if self.rows.select(key):
            return
        group = self.session.group_of(key)
        if group is not None:
            self._toggled ^= {group}
            self.show()
            self.rows.select(key)

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
