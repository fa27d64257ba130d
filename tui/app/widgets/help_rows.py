"""HelpRows: what belongs under the cursor, in a few rows of fixed height."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from tui.app.key_help import KeyHelp
from tui.visible import visible


class HelpRows(Widget):
    """A note, or the help for a key; cut off where the rows end."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Text()

    def show(self, note: str, help_: KeyHelp | None) -> None:
        """`note` comes first."""
        text = Text()
        if note:
            text.append(f"{visible(note)} ", "bold")
        if help_ is not None:
            text.append(help_.key, "bold")
            if help_.type:
                text.append(f": {help_.type}")
            if help_.example:
                text.append(f"  e.g. {help_.example}", "italic")
            if help_.source:
                text.append(f"  [{help_.source}]", "dim")
            if help_.words:
                text.append(f"  {help_.words}", "dim")
        if text != self._text:
            self._text = text
            self.refresh()

    @property
    def words(self) -> str:
        """What is shown, as plain text."""
        return self._text.plain

    def render(self) -> Text:
        width, height = self.size
        if not self._text.plain or width < 3:
            return Text()
        lines = list(self._text.wrap(self.app.console, width))
        shown = lines[:height]
        if len(lines) > height:
            shown[-1].rstrip()
            shown[-1].truncate(width - 1)
            shown[-1].append("…", "dim")
        return Text("\n").join(shown)
