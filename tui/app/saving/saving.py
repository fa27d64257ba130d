"""Saving, and what begins and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.app.analysis_loop import PATIENCE
from tui.app.save_ahead import SaveAhead
from tui.app.saving.elsewhere import Elsewhere
from tui.app.saving.keeper import Keeper
from tui.app.saving.other_writers import OtherWriters
from tui.app.saving.ownership import Ownership
from tui.app.saving.unsaved import offer_unsaved
from tui.app.screens.dialogs import Choice, ChoiceDialog, DiffDialog
from tui.app.screens.main import LONGEST_PAINT
from tui.diagnostic import Severity
from tui.errors import KrakendTuiError
from tui.storage.errors import ChangedOnDisk, ReadRefused, SaveNotPermitted

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

RESTART = "KrakenD reads its config only at start: restart it to apply."


class Saving:
    """Each method is a conversation."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session
        self._disk = app.session.on_disk
        self._keeper = Keeper(app)
        self._ownership = Ownership(app)
        self._elsewhere = Elsewhere(app)
        self.others = OtherWriters(app)
        self.asks_to_leave = False

    @property
    def last_words(self) -> list[str]:
        """What is to be printed when the terminal is the shell's again."""
        return self._elsewhere.last_words

    async def begin(self) -> None:
        """Who else edits the file, and what an earlier session left unsaved."""
        await self._ownership.claim()
        if not self._session.look_only:
            await offer_unsaved(self._app)

    async def save_and_say(self) -> None:
        await self.save()

    async def save(self) -> bool:
        """Show the diff, ask, write; True when the text of now is safe on disk."""
        session, disk = self._session, self._disk
        was_ours = not session.look_only
        if not await self._ownership.holds():
            return False
        try:
            await self.others.look()
        except ReadRefused as error:
            return await self._elsewhere.offer(error)
        if not session.modified:
            if was_ours:
                self._say("Nothing to save: the file is as it was")
            return True
        if disk.theirs is not None and not await self.others.resolve(disk.theirs):
            return False
        if not session.modified:
            return True
        if not self._is_json():
            return False
        if not disk.file.writable and not disk.gone:
            refusal = SaveNotPermitted(f"It cannot be written: {disk.file.write_problem}.", "")
            return await self._elsewhere.offer(refusal)
        await self._app.main.analysed(PATIENCE)
        return await self._ask_and_write()

    async def _ask_and_write(self) -> bool:
        """Show the diff of what is written when Enter says so."""
        disk = self._disk
        try:
            ahead = SaveAhead(disk)
        except KrakendTuiError as error:
            return await self._elsewhere.offer(error)
        async with _made_ready(ahead):
            write = _AtEnter(partial(self._write, ahead))
            title, warning = f"Save {disk.name}", self._warning()
            dialog = DiffDialog(title, disk.diff(), "write", warning, act=write.begin)
            if not await self._app.push_screen_wait(dialog):
                return False
            problem = await write.outcome()
            # What is left to do is not to take turns with the paint of the word.
            await self._app.main.painted()
        if isinstance(problem, ChangedOnDisk):
            disk.note(problem.current)
        if isinstance(problem, (ChangedOnDisk, _TakenOver)):
            return await self.save()
        return problem is None or await self._elsewhere.offer(problem)

    def _is_json(self) -> bool:
        problem = self._session.syntax_problem
        if problem is not None:
            row, column = self._session.position(problem.span.start)
            place = f"line {row + 1}, column {column + 1}"
            self._say(f"Not saved: {place}: {problem.message}", "error")
        return problem is None

    def _warning(self) -> str:
        words = []
        if self._disk.gone:
            words.append("The file was deleted on disk: this makes it anew.")
        errors = self._session.count(Severity.ERROR)
        if errors:
            many = "1 error remains" if errors == 1 else f"{errors} errors remain"
            words.append(f"{many}: KrakenD will refuse to start or leave plugins out.")
        return " ".join(words)

    async def _write(self, ahead: SaveAhead) -> KrakendTuiError | None:
        """Write and say so; what went wrong."""
        if self._ownership.lost:
            return _TakenOver("Another session has taken the file over")
        self._disk.document.end_burst()
        try:
            async with self.others.writing:
                saved = await asyncio.to_thread(ahead.write)
                ahead.wrote(saved)
        except KrakendTuiError as error:
            return error
        self._app.main.show_title()
        self._say(f"✓ Saved.{f' {saved.note}' if saved.note else ''} {RESTART}", "good")
        return None

    async def may_leave(self) -> bool:
        """Ask what becomes of unsaved changes; over a dialog, which goes on after Escape."""
        disk = self._disk
        if not self._session.modified:
            return True
        self.asks_to_leave = True
        try:
            choices = [Choice("s", "save and quit"), Choice("d", "discard and quit")]
            text = f"{disk.name} has unsaved changes."
            answer = await self._app.push_screen_wait(ChoiceDialog("Quit", text, choices))
        finally:
            self.asks_to_leave = False
        if answer == "d":
            disk.forget()
            self._elsewhere.forget()
        elif answer == "s":
            await self._app.end_others()
            return await self.save()
        return answer == "d"

    def _say(self, words: str, kind: str = "message") -> None:
        self._app.main.say(words, kind)


class _TakenOver(KrakendTuiError):
    """Another session took the file over while the diff was read."""

    kind = "taken-over"


class _AtEnter:
    """Work that Enter in a dialog begins, and that the conversation takes up again."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, KrakendTuiError | None]]) -> None:
        self._work = work
        self._task: asyncio.Task[KrakendTuiError | None] | None = None

    async def begin(self) -> None:
        """Begin, and wait for the end of it unless the disk is slow."""
        self._task = asyncio.create_task(self._work())
        await asyncio.wait({self._task}, timeout=LONGEST_PAINT)

    async def outcome(self) -> KrakendTuiError | None:
        return None if self._task is None else await self._task


@asynccontextmanager
async def _made_ready(ahead: SaveAhead) -> AsyncIterator[None]:
    """Prepare a save while its diff is read, and clean up behind it."""
    prepared = asyncio.create_task(asyncio.to_thread(ahead.prepare))
    try:
        yield
    finally:
        await asyncio.to_thread(ahead.close)
        await prepared
