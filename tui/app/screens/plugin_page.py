"""The page of one plugin file: Enter on a use goes there, `y` copies the command that mends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from tui.app.page_rows import Page, PageLine, page_lines
from tui.app.screens.base import Dialog
from tui.app.widgets.line_list import LineList
from tui.krakend.uses import Use
from tui.visible import visible


class PageLines(LineList):
    """The lines of the page, wrapped anew for every width."""

    def __init__(self, page: Page) -> None:
        super().__init__(id="page")
        self._page = page
        self._width = 0
        self._lines: Sequence[PageLine] = ()

    @property
    def line(self) -> PageLine | None:
        """The line under the cursor."""
        return self._lines[self.cursor] if self.cursor < len(self._lines) else None

    def on_resize(self) -> None:
        self._width = self.scrollable_content_region.width
        self._lines = page_lines(self._page, self._width)
        super().on_resize()

    def row_count(self) -> int:
        return len(self._lines)

    def row_value(self, index: int) -> PageLine:
        return self._lines[index]

    def row(self, index: int, width: int) -> Text:  # noqa: ARG002
        line = self._lines[index]
        if line.style == "heading":
            return Text(f" {line.words}", "bold")
        text = Text.assemble((f" {line.mark or ' '} ", self.style_of(line.style or "dim")))
        if not line.flush:
            text.append(f"{line.head:<11} ", "bold" if line.mark else self.style_of("dim"))
        is_live = line.use is not None or (line.flush and line.copy)
        return text.append(line.words, self.style_of("accent") if is_live else "")


class PluginPage(Dialog[Use | None]):
    """Returns the use to go to, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", show=False),
        Binding("y", "copy", "Copy the command that mends", show=False),
        Binding("u", "use", "Go to the first use", show=False),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide tall"):
            yield Static(Text(f" {visible(self._page.title)}"), classes="dialog-title")
            yield PageLines(self._page)
            yield Static(self._keys(), id="dialog-keys")

    def _keys(self) -> Text:
        keys = Text()
        if self._page.places:
            keys.append(" Enter", "bold").append(" on a place goes there  ")
        keys.append(" y", "bold").append(" copy the command  ")
        return keys.append(" Escape", "bold").append(" back")

    @property
    def lines(self) -> PageLines:
        return self.query_one(PageLines)

    @on(LineList.Opened)
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        line = self.lines.line
        if line is not None and line.use is not None:
            self.dismiss(line.use)

    def action_use(self) -> None:
        if self._page.places:
            self.dismiss(self._page.places[0].use)

    def action_copy(self) -> None:
        """The command of the line; without one, the first of the page."""
        line = self.lines.line
        command = line.copy if line is not None and line.copy else self._first_command()
        said = "There is no command to copy on this page"
        if command:
            self.app.copy_to_clipboard(command)
            said = "Copied, if the terminal allows it (OSC 52)"
        self.query_one("#dialog-keys", Static).update(Text(f" {said}"))

    def _first_command(self) -> str:
        fixes = [row.fix for row in self._page.requirements if row.fix]
        return next(iter([*fixes, *(build.command for build in self._page.builds)]), "")

    def action_close(self) -> None:
        self.dismiss(None)
