"""Who else edits the file: a second session is told, looks only or takes over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.app.screens.dialogs import Choice, ChoiceDialog
from tui.storage.errors import StateUnwritable
from tui.storage.lock import OpenElsewhere
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.app import KrakendTui
    from tui.storage.lock import Session as Holder


class Ownership:
    """Whether this session may edit, which `session.look_only` tells the panes."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session
        self._disk = app.session.on_disk
        self._known: Holder | None = None

    async def claim(self) -> None:
        """At the start: the file is this session's, or somebody is asked."""
        try:
            self._disk.claim()
        except OpenElsewhere as other:
            await self._ask(other)
        except StateUnwritable as error:
            self._app.main.say(f"{error.message}. {error.hint}", "warning")

    async def holds(self) -> bool:
        """Before a save: whether this session may write; asks when another one has the file."""
        may_write = await self._may_write()
        self._known = self._disk.holder
        return may_write

    @property
    def lost(self) -> bool:
        """Whether another session has taken the file over since this one was found to hold it."""
        return self._disk.holder not in (None, self._known)

    async def _may_write(self) -> bool:
        if not self._session.look_only and self._disk.is_ours:
            return True
        try:
            self._disk.claim()
        except OpenElsewhere as other:
            return await self._ask(other)
        except StateUnwritable:
            pass
        self._edit_from_now_on(True)
        return True

    async def _ask(self, other: OpenElsewhere) -> bool:
        """Another session has the file: look only, or take it over."""
        holder = other.holder
        since = time.strftime("%Y-%m-%d %H:%M", time.localtime(holder.since))
        text = (
            f"Process {holder.process.pid} on {visible(holder.process.host)} has edited it since "
            f"{since}. When you take over, that session is asked before it saves."
        )
        choices = [Choice("l", "look only"), Choice("t", "take over")]
        title = f"{self._disk.name} is open in another session"
        answer = await self._app.push_screen_wait(ChoiceDialog(title, text, choices))
        takes_over = answer == "t"
        self._edit_from_now_on(takes_over)
        if takes_over:
            self._take_over()
        else:
            words = "You look only; nothing can be changed. ctrl+s asks to take over."
            self._app.main.say(words)
        return takes_over

    def _take_over(self) -> None:
        try:
            self._disk.claim(take_over=True)
        except StateUnwritable as error:
            words = f"Taken over, but the other session is not told: {error.message}. {error.hint}"
            self._app.main.say(words, "warning")
        else:
            self._app.main.say("Taken over: the file is yours to edit.")

    def _edit_from_now_on(self, may_edit: bool) -> None:
        self._session.look_only = not may_edit
        self._app.main.entry_pane.show_editable()
