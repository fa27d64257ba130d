"""An app that ends with the size of the terminal, and whole, however fast sizes come.

What goes wrong in a quick sequence of sizes, as when a window is dragged, or tiled as it opens:
- Textual's handler of SIGWINCH can be interrupted by the next SIGWINCH, and then the older size
  is delivered last.
- Being laid out, a screen is sent the size that it has then. In its queue that takes the place of
  a newer one (`Resize.can_replace`); and two sizes that are in it with something between them are
  laid out in turn for ever.
- A terminal drops what is drawn for another size than its own.
"""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen, ScreenResultType
from textual.timer import Timer

from tui.app.terminal.driver import TerminalDriver

Result = TypeVar("Result")

_SETTLED = 0.15
"""Seconds without another size until the last one is looked at again."""


class SizedAsTheApp(Screen[ScreenResultType]):
    """A screen that is laid out in the app's size, whatever the message says that it is told by."""

    def _screen_resized(self, size: Size) -> None:  # noqa: ARG002
        super()._screen_resized(self.app.size)


class EndsWholeApp(App[Result]):
    """Once sizes have stopped coming, the terminal is asked for its own."""

    _sized = False
    _settling: Timer | None = None

    def on_resize(self) -> None:
        first, self._sized = not self._sized, True
        if not first:
            self._settle_later()

    def _settle_later(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED, self._settle)

    def _settle(self) -> None:
        if not self.screen_stack:
            return  # The app has closed its screens while this call waited in its queue.
        driver = self._driver
        size = driver.size if isinstance(driver, TerminalDriver) else self.size
        if size != self.size:
            self.post_message(events.Resize(size, size))
            return
        late = [screen for screen in self.screen_stack if screen.size != size]
        for screen in late:
            screen.post_message(events.Resize(size, size))
        if late:
            self._settle_later()
        else:
            self.screen.refresh()
