"""Said: a widget's words for the user."""

from __future__ import annotations

from textual.message import Message


class Said(Message):
    """`words` are a warning: why nothing was done. The screen says them."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
