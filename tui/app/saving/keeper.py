"""Unsaved text goes to the recovery file when typing pauses, or goes on for long."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from textual.timer import Timer

from tui.document.change import ChangeSet
from tui.errors import KrakendTuiError

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

PAUSE = 0.5
"""Seconds without a change after which unsaved text is kept."""
LONGEST = 3.0
"""Seconds of typing without a pause after which it is kept all the same."""


class Keeper:
    """Watches the document from now on. That the text cannot be kept is said once."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._disk = app.session.on_disk
        self._timer: Timer | None = None
        self._unkept_since = 0.0
        self._told = False
        self._disk.document.subscribe(self._text_changed)

    def _text_changed(self, _change: ChangeSet) -> None:
        now = time.monotonic()
        if self._timer is None:
            self._unkept_since = now
        elif now - self._unkept_since < LONGEST:
            self._timer.stop()
        else:
            return
        self._timer = self._app.set_timer(PAUSE, self._keep)

    async def _keep(self) -> None:
        self._timer = None
        disk = self._disk
        try:
            kept = disk.keeping()
            error = await asyncio.to_thread(disk.keep_later, *kept) if kept else disk.keep()
        except KrakendTuiError as cannot:
            error = cannot
        if error is not None and not self._told:
            self._told = True
            words = f"Unsaved text cannot be kept: {error.message}. {error.hint}"
            self._app.main.say(words, "warning")
