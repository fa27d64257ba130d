"""One line of words with a path that gives way from its left."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text

from tui.app.widgets.own_lines import OneRow
from tui.visible import visible


class StateLine(OneRow):
    """What is to be known of the folder, or of the file under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"state--error", "state--warning"}

    def __init__(self) -> None:
        super().__init__(id="folder-state")
        self._words, self._place, self._kind = "", "", "dim"

    def show(self, words: str, place: str, kind: str) -> None:
        """`kind` is error, warning or dim."""
        said = (visible(words), visible(place), kind)
        if said == (self._words, self._place, self._kind):
            return
        self._words, self._place, self._kind = said
        self.refresh()

    def render(self) -> Text:
        width = self.size.width
        line = Text(f" {self._words}")
        if self._place:
            room = max(width - line.cell_len - 1, 4)
            short = Text(self._place)
            while short.cell_len > room:
                short = Text("…" + short.plain.lstrip("…")[1:])
            line.append(" ").append_text(short)
        if self._kind != "dim":
            style = self.component_style(f"state--{self._kind}")
            line.stylize(Style(color=style.color))
        return line
