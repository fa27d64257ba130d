"""OneLine: an Input that takes a paste as a whole or not at all."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from tui.app.widgets.said import Said
from tui.document.text import split_lines


class OneLine(Input):
    """Line breaks at the end of what is pasted are left out; others are joined by `joint`, or the
    paste is refused where there is none. (Input itself takes the first line and drops the rest.)
    """

    joint: str | None = None
    # What is typed changes nothing around the field: no layout of the whole screen.
    virtual_size = Reactive(Size(0, 0))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = [line.rstrip("\r\n") for line in split_lines(event.text.rstrip("\r\n"))]
        if len(lines) > 1 and self.joint is None:
            what = f"{self.id} takes one line" if self.id else "one line fits here"
            words = f"The paste has {len(lines)} lines and {what}: nothing was pasted"
            self.post_message(Said(words))
            return
        text = (self.joint or "").join(line.strip() for line in lines) if lines[1:] else lines[0]
        if text:
            self.replace(text, *self.selection)
