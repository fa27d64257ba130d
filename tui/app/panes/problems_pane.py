"""The problems pane: every finding, where the screen is tall enough."""

from __future__ import annotations

from textual import on
from textual.containers import Vertical
from textual.message import Message

from tui.app.problems import Problems
from tui.app.session import Session
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.line_list import LineList
from tui.app.widgets.problem_list import ProblemList
from tui.diagnostic import Diagnostic


class ProblemsPane(Vertical):
    """Shows `problems`; posts which finding the user is on."""

    class Chosen(Message):
        """`found`, which may be one of before, is the current one; with `enter` its place is
        wanted."""

        def __init__(self, found: Diagnostic, *, enter: bool) -> None:
            super().__init__()
            self.found = found
            self.enter = enter

    def __init__(self, session: Session, problems: Problems) -> None:
        super().__init__(id="problems-pane", classes="pane")
        self._problems = problems
        self._title = PaneTitle()
        self._rows = ProblemList(session.position)
        self._most = 0
        self.display = False

    def fit(self, rows: int) -> None:
        """Take at most `rows`; none at all with 0."""
        self._most = rows
        self.show()

    def show(self) -> None:
        """Show the findings of now; until there are some the pane is empty."""
        found = self._problems.all
        height = min(self._most, len(found) + 1) if found else 0
        if height and not self.children:
            self.mount(self._title, self._rows)
        self.display = height > 0
        if not height:
            return
        self.styles.height = height
        self._rows.show(found, self._problems.index)
        number = f"{self._problems.index + 1} of {len(found)}" if found else ""
        self._title.show("Problems", number)

    @on(LineList.Highlighted)
    def _highlighted(self, message: LineList.Highlighted) -> None:
        message.stop()
        if self._rows.has_focus:
            self._choose(message.index, enter=False)

    @on(LineList.Opened)
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self._choose(message.index, enter=True)

    def _choose(self, index: int, *, enter: bool) -> None:
        # What the list showed when the key came: there may be fewer findings by now.
        if index < len(self._rows.found):
            self.post_message(self.Chosen(self._rows.found[index], enter=enter))
