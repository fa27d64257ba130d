"""What every dialog has in common."""

from __future__ import annotations

from typing import TypeVar

from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui.app.ordered_keys import OrderedKeysApp
from tui.app.terminal.resizes import SizedAsTheApp

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], SizedAsTheApp[Answer]):
    """A modal screen that tells the app when keys can come."""

    # ModalScreen comes first: Textual finds the styles of a class by its first base alone.

    app: OrderedKeysApp[int]

    def on_screen_resume(self) -> None:
        self.app.dialog_shown()

    def action_scroll(self, rows: int) -> None:
        """Scroll what is too long for the dialog."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
