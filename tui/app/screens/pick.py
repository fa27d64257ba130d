"""PickDialog: type to narrow a list down, Enter takes the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.app.screens.base import Dialog
from tui.app.widgets.line_list import LineList
from tui.app.widgets.one_line import OneLine
from tui.visible import visible


@dataclass(frozen=True)
class Option:
    """A row to pick: `value` is what is returned, `detail` stands dimmed behind the label.

    `more` is text of several lines that is searched too: the line that is found is shown.
    """

    value: str
    label: str
    detail: str = ""
    more: str = ""

    @cached_property
    def _shown(self) -> str:
        return f"{self.label} {self.detail}".casefold()

    @cached_property
    def _searched(self) -> str:
        return f"{self._shown}\n{self.more.casefold()}" if self.more else self._shown

    def holds(self, words: Sequence[str]) -> bool:
        """Whether each word occurs, whatever its case."""
        text = self._searched
        return all(word in text for word in words)

    def excerpt(self, words: Sequence[str]) -> str:
        """The line of `more` with the first word that neither label nor detail has; "" if none."""
        missing = next((word for word in words if word not in self._shown), None)
        if missing is None:
            return ""
        lines = (line.strip() for line in self.more.splitlines())
        return next((line for line in lines if missing in line.casefold()), "")


class Options(LineList):
    """The options that the typed words leave."""

    def __init__(self, marked: set[str]) -> None:
        super().__init__(id="options")
        self.can_focus = False
        self.options: Sequence[Option] = ()
        self._words: Sequence[str] = ()
        self._marked = marked

    def show(self, options: Sequence[Option], words: Sequence[str]) -> None:
        """Show those that `words` have left."""
        self.options = options
        self._words = words
        self.rows_changed()

    def row_count(self) -> int:
        return len(self.options)

    def row_value(self, index: int) -> object:
        option = self.options[index]
        return option, self._words, option.value in self._marked

    def row(self, index: int, width: int) -> Text:
        option = self.options[index]
        line = Text(" ✓ " if option.value in self._marked else "   ")
        line.append(visible(option.label))
        said = option.excerpt(self._words) or option.detail
        if said:
            room = width - line.cell_len - 2
            detail = Text(visible(said), self.style_of("dim"))
            detail.truncate(max(room, 0), overflow="ellipsis")
            line.pad_right(max(2, room - detail.cell_len))
            line.append_text(detail)
        return line


class Words(OneLine):
    """What the list is narrowed down by; pasted lines become words."""

    joint = " "


class PickDialog(Dialog[list[str]]):
    """Returns the values picked; an empty list after Escape.

    With `free`, what was typed can be taken as it is when no option fits. With `many`, Tab
    marks rows, ctrl+a all that are left, and Enter takes every marked one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", show=False, priority=True),
        Binding("enter", "accept", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("tab", "mark", show=False, priority=True),
        Binding("ctrl+a", "mark_all", show=False, priority=True),
    ]

    def __init__(
        self, title: str, options: Sequence[Option], *, free: bool = False, many: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._all = options
        self._free = free
        self._many = many
        self._marked: set[str] = set()
        self.typed = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide"):
            yield Static(Text(f" {visible(self._title)}"), classes="dialog-title")
            yield Words(compact=True, select_on_focus=False)
            yield Options(self._marked)
            keys = Text.assemble(" ", ("Enter", "bold"), " take  ")
            if self._many:
                keys.append_text(
                    Text.assemble(("Tab", "bold"), " mark  ", ("ctrl+a", "bold"), " mark all  ")
                )
            keys.append_text(Text.assemble(("Escape", "bold"), " back"))
            yield Static(keys, id="dialog-keys")

    @property
    def options(self) -> Options:
        return self.query_one(Options)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        self.typed = typed
        words = typed.casefold().split()
        left = [option for option in self._all if option.holds(words)]
        if self._free and typed and all(option.value != typed for option in self._all):
            left.append(Option(typed, typed, "as typed"))
        self.options.show(left, words)
        self.options.styles.height = max(1, min(len(left), self.app.size.height - 8))
        self.options.cursor = 0

    def action_move(self, rows: int) -> None:
        self.options.action_move(rows)

    def action_page(self, pages: int) -> None:
        self.options.action_page(pages)

    def action_mark(self) -> None:
        if self._many and self.options.options:
            self._marked ^= {self.options.options[self.options.cursor].value}
            self._show_marked()
            self.options.action_move(1)

    def action_mark_all(self) -> None:
        """Mark every option that is left, or none of them when all are marked."""
        left = {option.value for option in self.options.options}
        if self._many and left:
            if left <= self._marked:
                self._marked -= left
            else:
                self._marked |= left
            self._show_marked()

    def _show_marked(self) -> None:
        marked = f"  {len(self._marked)} marked" if self._marked else ""
        self.query_one(".dialog-title", Static).update(Text(f" {visible(self._title)}{marked}"))
        self.options.rows_changed()

    def action_accept(self) -> None:
        left = self.options.options
        if self._marked:
            self.dismiss([option.value for option in self._all if option.value in self._marked])
        elif left:
            self.dismiss([left[self.options.cursor].value])

    def action_refuse(self) -> None:
        self.dismiss([])

    @on(LineList.Opened)
    def _clicked(self, message: LineList.Opened) -> None:
        message.stop()
        self.action_accept()
