"""One-line fields of the `plugin` block: views of a string in the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui.app.widgets.one_line import OneLine


class BlockField(OneLine):
    """`pattern` or `folder`. Posts what is typed; shows what the document says."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "restore", "Back to the value before the typing", show=False),
        Binding("down", "app.focus_next", show=False),
        # Without the kitty protocol ctrl+space arrives as ctrl+@.
        Binding("ctrl+space,ctrl+@", "complete", "Complete the folder", show=False),
    ]

    class _OfField(Message):
        """Something happened in the field."""

        def __init__(self, field: BlockField) -> None:
            super().__init__()
            self.field = field

    class Left(_OfField):
        """The burst of typing is over: another pane."""

    class Entered(_OfField):
        """Enter: the burst of typing is over, and the value is meant so."""

    class CompletionWanted(_OfField):
        """What is typed is to be completed."""

    class Restored(_OfField):
        """Escape: the value of before this burst of typing is wanted back."""

    def __init__(self, key: str, typed: Callable[[BlockField, str], None]) -> None:
        """`typed` is called at every change by the user, at once and not by message: two
        quick keys must not see the value of the first shown over the second."""
        super().__init__(id=key, compact=True, select_on_focus=False)
        self.key = key
        self._typed = typed
        self.cursor_blink = False
        self._shown = ""
        # Nobody listens, and at every key it would climb through all panes.
        self.disable_messages(Input.Changed)

    def show(self, value: str) -> None:
        """Show the document's value without taking it for the user's typing."""
        self._shown = value
        if self.value != value:
            self.value = value
            self.cursor_position = len(value)

    def watch_value(self, value: str) -> None:
        if value != self._shown:
            self._shown = value
            self._typed(self, value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self))

    def on_blur(self, _event: events.Blur) -> None:
        self.post_message(self.Left(self))

    def action_complete(self) -> None:
        self.post_message(self.CompletionWanted(self))

    def action_restore(self) -> None:
        self.post_message(self.Restored(self))
