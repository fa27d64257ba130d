"""HelpRows: what belongs under the cursor, in a few rows of fixed height."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from tui.app.key_help import KeyHelp
from tui.visible import visible

_SHORT = 24
"""Characters of an example that stands before the description."""


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
            text.append_text(_words(help_))
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


def _words(help_: KeyHelp) -> Text:
    """What is shortest first: where the rows are few, the end is cut off."""
    text = Text()
    text.append(help_.key, "bold")
    if help_.type:
        text.append(f": {help_.type}", "")
    example = (f"  e.g. {help_.example}", "italic") if help_.example else ("", "")
    is_short = len(help_.example) <= _SHORT
    parts = [
        (f"  {help_.title}", ""),
        example if is_short else ("", ""),
        (f"  [{help_.source}]" if help_.source else "", "dim"),
        (f"  {help_.words}", "dim"),
        ("", "") if is_short else example,
    ]
    for words, style in parts:
        if words.strip():
            text.append(words, style)
    return text
