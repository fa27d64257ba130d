"""Dialogs: a diff to confirm, a choice to make, a text to read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from tui.app.screens.base import Dialog
from tui.visible import visible

_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan", "\\": "dim"}


def coloured_diff(lines: Sequence[str]) -> Text:
    """A unified diff; additions and removals are told apart by their sign and by colour."""
    text = Text(no_wrap=False)
    for line in lines:
        style = "bold" if line.startswith(("+++", "---")) else _DIFF_STYLES.get(line[:1], "")
        text.append(visible(line) + "\n", style)
    return text


class DiffDialog(Dialog[bool]):
    """Shows a diff; Enter says yes, Escape no.

    With a `warning`, Enter asks once more: the warning comes to the front and only `y` says
    yes, so that a hasty second Enter cannot. With `every`, the key a leaves it with
    `wants_every`: more of the kind is asked for, which `every` names. `act` is done at a yes,
    before the dialog goes: what that shows below and the end of the dialog are one paint.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", show=False),
        Binding("y", "confirm", show=False),
        Binding("a", "every", show=False),
        Binding("escape,q,n", "refuse", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(
        self,
        title: str,
        diff: Sequence[str],
        accept: str,
        warning: str = "",
        every: str = "",
        act: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__()
        self._act = act
        self.wants_every = False
        self._every = every
        self._title = title
        self._diff = diff
        self._accept = accept
        self._warning = warning
        self._asked = False

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide"):
            yield Static(Text(f" {visible(self._title)}"), classes="dialog-title")
            with VerticalScroll(can_focus=False):
                yield Static(coloured_diff(self._diff), classes="dialog-body")
            yield Static(Text(visible(self._warning)), id="warning", classes="-hidden")
            yield Static(self._keys(f"Enter {self._accept}"), id="dialog-keys")

    def _keys(self, accept: str) -> Text:
        every = f"a {visible(self._every)}   " if self._every else ""
        return Text.assemble(" ", (f"{accept}   {every}Escape back", "bold"))

    async def action_accept(self) -> None:
        if not self._warning:
            await self._accept_now()
        elif not self._asked:
            self._asked = True
            self.query_one("#warning").remove_class("-hidden")
            self.query_one("#dialog-keys", Static).update(self._keys(f"y {self._accept} anyway"))

    async def action_confirm(self) -> None:
        if self._asked:
            await self._accept_now()

    async def _accept_now(self) -> None:
        if self._act is not None:
            await self._act()
        self.dismiss(True)

    def action_every(self) -> None:
        if self._every:
            self.wants_every = True
            self.dismiss(False)

    def action_refuse(self) -> None:
        self.dismiss(False)


class Choice(NamedTuple):
    """One key of a ChoiceDialog and what it does."""

    key: str
    label: str


class ChoiceDialog(Dialog[str]):
    """A question with an answer a key; Escape is the empty answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "answer('')", show=False)]

    def __init__(
        self, title: str, text: str, choices: Sequence[Choice], diff: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._choices = choices
        self._diff = diff

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide" if self._diff else ""):
            yield Static(Text(f" {visible(self._title)}"), classes="dialog-title")
            yield Static(Text(visible(self._text)), classes="dialog-body")
            if self._diff:
                with VerticalScroll(can_focus=False):
                    yield Static(coloured_diff(self._diff), classes="dialog-body")
            keys = Text()
            for choice in self._choices:
                keys.append(f" {choice.key}", "bold")
                keys.append(f" {choice.label}  ")
            keys.append(" Escape", "bold")
            keys.append(" back")
            yield Static(keys, id="dialog-keys")

    def on_key(self, event: events.Key) -> None:
        if event.key in {choice.key for choice in self._choices}:
            event.stop()
            self.dismiss(event.key)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)


class TextDialog(Dialog[None]):
    """A text to read; any of Escape, Enter or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f1", "close", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide"):
            yield Static(Text(f" {visible(self._title)}"), classes="dialog-title")
            with VerticalScroll(can_focus=False):
                yield Static(self._text, classes="dialog-body")
            yield Static(Text(" Escape close", "bold"), id="dialog-keys")

    def action_close(self) -> None:
        self.dismiss(None)
