"""The list of findings, on screens that are tall enough for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from tui.app.widgets.bars import MARKS
from tui.app.widgets.line_list import LineList
from tui.diagnostic import Diagnostic, Severity
from tui.visible import visible


class ProblemList(LineList):
    """A row a finding: severity, place, message, rule. `place` says where an offset is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "screen.explain", "Explain the problem", show=False),
    ]

    def __init__(self, place: Callable[[int], tuple[int, int]]) -> None:
        super().__init__(id="problems")
        self._place = place
        self.found: Sequence[Diagnostic] = ()

    def show(self, found: Sequence[Diagnostic], current: int) -> None:
        """Show the findings with the cursor on that number `current`."""
        self.found = found
        self.rows_changed()
        with self.prevent(LineList.Highlighted):
            self.cursor = current

    def row_count(self) -> int:
        return len(self.found)

    def row_value(self, index: int) -> object:
        found = self.found[index]
        return found, self._place(found.span.start)

    def row(self, index: int, width: int) -> Text:
        found = self.found[index]
        row, column = self._place(found.span.start)
        place = f"{row + 1}:{column + 1}"
        line = Text(" ")
        style = "dim" if found.severity is Severity.INFO else found.severity.value
        line.append(f"{MARKS[found.severity]} ", self.style_of(style))
        line.append(f"{place:<8} ", self.style_of("dim"))
        line.append(visible(found.message))
        rule = f"  {found.rule} "
        line.truncate(width - len(rule), overflow="ellipsis", pad=True)
        line.append(rule, self.style_of("dim"))
        return line
