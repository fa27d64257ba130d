"""Ask for the path of a new file."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.app.screens.base import Dialog
from tui.app.widgets.one_line import OneLine
from tui.visible import visible


class _Path(OneLine):
    """A path that a terminal has broken into lines is one again."""

    joint = ""


class PathDialog(Dialog[str]):
    """Returns the path that was typed; "" after Escape. `problem` is why the last one failed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", show=False, priority=True),
    ]

    def __init__(self, title: str, path: str, problem: str = "") -> None:
        super().__init__()
        self._title = title
        self._path = path
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide"):
            yield Static(Text(f" {visible(self._title)}"), classes="dialog-title")
            if self._problem:
                yield Static(Text(visible(self._problem)), id="warning")
            yield _Path(self._path, compact=True, select_on_focus=False)
            yield Static(Text(" Enter write it   Escape back", "bold"), id="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.dismiss(event.value)

    def action_refuse(self) -> None:
        self.dismiss("")
