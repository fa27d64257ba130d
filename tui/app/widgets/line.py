"""A Static that is laid out and sent again only when it says something else."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static


class Line(Static):
    """Words that are shown again and again, and seldom change."""

    _said: Text | None = None

    def say(self, words: Text) -> None:
        """Show the words, if they are not what is on show."""
        if words != self._said:
            self._said = words
            self.update(words)
