"""Somebody else writes the file: follow it, or choose between mine, theirs and a merge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.app.on_disk import is_whole
from tui.app.screens.dialogs import Choice, ChoiceDialog
from tui.document.diff import unified_diff
from tui.document.merge import Conflict, Merge, Side
from tui.errors import KrakendTuiError
from tui.storage.errors import ReadRefused
from tui.storage.read import ConfigFile
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

SETTLE = 0.4
"""Seconds between two looks at a file that seems to be half written; see `_settled`."""


class OtherWriters:
    """What they wrote is noticed as it comes, and asked about before a save.

    While `writing` is held, this session itself writes: what the watcher sees of that waits
    until we know it as ours.
    """

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._disk = app.session.on_disk
        self.writing = asyncio.Lock()
        self.waits = False

    async def file_changed(self) -> None:
        """The file on disk may be another one: reload it, or note it for the next save.

        While a dialog is open no text takes the place of the one that it is about: `waits`.
        """
        disk = self._disk
        await self._app.main.painted()
        while True:
            try:
                found = await self._settled()
            except ReadRefused as error:
                self._say(f"{error.message}. Your text stays as it is.", "warning")
                return
            if self._is_known(found):
                return
            follows = found is not None and disk.is_clean and bool(found.data.strip())
            self.waits = follows and self._app.talks
            if not self.waits:
                break
            await self._app.talk_over()
        if found is None:
            disk.note(None)
            self._say("The file was deleted on disk; ctrl+s writes it anew.", "warning")
        elif follows:
            self._reload(found)
        else:
            disk.note(found)
            what = "is empty on disk now" if not found.data.strip() else "changed on disk"
            self._say(f"The file {what}: ctrl+s offers mine, theirs or a merge.", "warning")
        self._app.main.show_title()

    async def _settled(self) -> ConfigFile | None:
        """The file once nobody is in the middle of writing it.

        Whoever truncates and then writes, or deletes and makes it anew, shows an empty, a half
        or no file for a moment: that counts only when it is still so at the second next look.
        """
        last: list[str] = []
        while True:
            async with self.writing:
                found = await asyncio.to_thread(self._disk.look)
                if self._disk.is_known(found):
                    return found
            if found is not None and await asyncio.to_thread(is_whole, found):
                return found
            last.append("" if found is None else found.digest)
            if len(last) > 2 and len(set(last[-3:])) == 1:
                return found
            await asyncio.sleep(SETTLE)

    async def look(self) -> None:
        """Before a save: what is on disk now. ReadRefused."""
        found = await asyncio.to_thread(self._disk.look)
        if not self._is_known(found):
            self._disk.note(found)

    def _is_known(self, found: ConfigFile | None) -> bool:
        """Whether `found` is what the text is based on, or the text itself."""
        disk = self._disk
        known = disk.is_known(found) or (found is not None and disk.take_as_saved(found))
        self._app.main.show_title()
        return known

    def _reload(self, found: ConfigFile) -> None:
        try:
            self._disk.reload(found)
        except KrakendTuiError as error:
            self._disk.note(found)
            self._say(f"The file on disk is {error.message}. Your text stays.", "warning")
        else:
            self._say("The file changed on disk and was reloaded; ctrl+z shows what it was.")

    async def resolve(self, theirs: ConfigFile) -> bool:
        """Somebody else wrote the file: mine, theirs, or both; True when there is one to save."""
        disk = self._disk
        merged = await asyncio.to_thread(disk.merge, theirs)
        choices = [Choice("m", "mine"), Choice("t", "theirs")]
        text = f"{disk.name} was changed by somebody else since it was read. From theirs to mine:"
        if merged is not None:
            choices.append(Choice("b", f"merge both ({_conflict_words(merged)})"))
        else:
            text = f"A merge needs valid JSON on both sides. {text}"
        dialog = ChoiceDialog("The file changed on disk", text, choices, disk.diff_against(theirs))
        answer = await self._app.push_screen_wait(dialog)
        if answer == "m":
            disk.keep_mine(theirs)
        elif answer == "t":
            self._reload(theirs)
            return False
        elif answer == "b" and merged is not None:
            answers = await self._decide(merged)
            if answers is None:
                return False
            disk.take_merged(theirs, merged, answers)
        self._app.main.show_title()
        return answer in ("m", "b")

    async def _decide(self, merged: Merge) -> list[Side] | None:
        """A side for each conflict, entry by entry; None after Escape."""
        answers: list[Side] = []
        count = len(merged.conflicts)
        for number, conflict in enumerate(merged.conflicts, 1):
            title = f"Conflict {number} of {count}"
            text = f"Both changed {visible(conflict.pointer) or 'the whole file'}"
            choices = [Choice("m", "mine"), Choice("t", "theirs")]
            dialog = ChoiceDialog(title, text, choices, _conflict_lines(conflict))
            answer = await self._app.push_screen_wait(dialog)
            if answer not in ("m", "t"):
                return None
            answers.append("mine" if answer == "m" else "theirs")
        return answers

    def _say(self, words: str, kind: str = "message") -> None:
        self._app.main.say(words, kind)


def _conflict_words(merged: Merge) -> str:
    count = len(merged.conflicts)
    return "no conflicts" if not count else "1 conflict" if count == 1 else f"{count} conflicts"


def _conflict_lines(conflict: Conflict) -> list[str]:
    """What each side made of the value."""
    lines = []
    for whose, text in (("mine", conflict.mine), ("theirs", conflict.theirs)):
        lines.append(f"@@ {whose} @@" if text is not None else f"@@ {whose}: removed @@")
        before, after = (f"{part}\n" if part else "" for part in (conflict.base, text))
        lines += unified_diff(before, after, "")[3:]
    return lines
