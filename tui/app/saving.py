"""The conversations about the file on disk: saving, other writers, other sessions, recovery."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual.timer import Timer

from tui.app.on_disk import is_whole
from tui.app.screens.dialogs import Choice, ChoiceDialog, DiffDialog, TextDialog
from tui.app.screens.path_dialog import PathDialog
from tui.diagnostic import Severity
from tui.document.change import ChangeSet
from tui.document.diff import unified_diff
from tui.document.merge import Conflict, Merge, Side
from tui.errors import KrakendTuiError
from tui.storage.errors import ChangedOnDisk, ReadRefused, SaveNotPermitted, StateUnwritable
from tui.storage.lock import OpenElsewhere
from tui.storage.read import ConfigFile
from tui.storage.recovery import Recovery
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

RESTART = "KrakenD reads its config only at start: restart it to apply."
PAUSE = 0.5
"""Seconds without a change after which unsaved text goes to the recovery file."""
LONGEST = 3.0
"""Seconds of typing without a pause after which it does all the same."""
SETTLE = 0.4
"""Seconds between two looks at a file that seems to be half written; see `_settled`."""


class Saving:
    """Each method is a conversation; Escape in any of its dialogs leaves everything as it was.

    `last_words` are printed when the terminal is the shell's again.
    """

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session
        self._disk = app.session.on_disk
        self._writing = asyncio.Lock()
        self._timer: Timer | None = None
        self._unkept_since = 0.0
        self._told = False
        self.last_words: list[str] = []
        self._disk.document.subscribe(self._text_changed)

    # -- the start --------------------------------------------------------------------

    async def begin(self) -> None:
        """Who else edits the file, and what an earlier session left unsaved."""
        try:
            self._disk.claim()
        except OpenElsewhere as other:
            await self._ask_to_take_over(other)
        except StateUnwritable as error:
            self._say(f"{error.message}. {error.hint}", "warning")
        while not self._session.look_only and (found := self._disk.find_recovery()):
            if not await self._offer(found):
                return

    async def _offer(self, found: Recovery) -> bool:
        """Restore, discard or keep `found`; True when there may be another one to offer."""
        disk = self._disk
        changed = found.base_digest != disk.file.digest
        moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.time))
        text = f"A session on {disk.name} ended at {moment} without saving. Restoring would do this"
        text += " (the file was changed since: look at what goes):" if changed else ":"
        choices = [
            Choice("r", "restore"),
            Choice("d", "discard"),
            Choice("k", "keep for later"),
        ]
        dialog = ChoiceDialog(
            "Unsaved changes were found", text, choices, disk.recovery_diff(found)
        )
        answer = await self._app.push_screen_wait(dialog)
        if answer == "r":
            disk.restore(found)
            self._say("Restored as an unsaved change: ctrl+s saves, ctrl+z takes it back.")
        elif answer == "d":
            disk.discard_recovery(found)
            return True
        else:
            self._say("Kept: the next start offers it again.")
        return False

    async def _ask_to_take_over(self, other: OpenElsewhere) -> bool:
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
        self._session.look_only = answer != "t"
        self._app.main.entry_pane.show_editable()
        if answer == "t":
            self._disk.claim(take_over=True)
            self._say("Taken over: the file is yours to edit.")
        else:
            self._say("You look only; nothing can be changed. ctrl+s asks to take over.")
        return answer == "t"

    async def _is_ours(self) -> bool:
        """Whether this session may save; asks when another one has the file."""
        if not self._session.look_only and self._disk.is_ours:
            return True
        try:
            self._disk.claim()
        except OpenElsewhere as other:
            return await self._ask_to_take_over(other)
        except StateUnwritable:
            pass
        self._session.look_only = False
        self._app.main.entry_pane.show_editable()
        return True

    # -- saving -----------------------------------------------------------------------

    async def save_and_say(self) -> None:
        await self.save()

    async def save(self) -> bool:
        """Show the diff, ask, write; True when the text of now is safe on disk."""
        session, disk = self._session, self._disk
        was_ours = not session.look_only
        if not await self._is_ours():
            return False
        try:
            await self._look()
        except ReadRefused as error:
            return await self._elsewhere(error)
        if not session.modified:
            if was_ours:
                self._say("Nothing to save: the file is as it was")
            return True
        if disk.theirs is not None and not await self._resolve(disk.theirs):
            return False
        if not session.modified:
            return True
        if not self._is_json():
            return False
        if not disk.file.writable and not disk.gone:
            refusal = SaveNotPermitted(f"It cannot be written: {disk.file.write_problem}.", "")
            return await self._elsewhere(refusal)
        await self._app.main.analysed()
        dialog = DiffDialog(f"Save {disk.name}", disk.diff(), "write", self._warning())
        if not await self._app.push_screen_wait(dialog):
            return False
        return await self._write()

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

    async def _write(self) -> bool:
        disk = self._disk
        try:
            # What the watcher sees of our own writing waits until we know it as ours.
            async with self._writing:
                snapshot = disk.snapshot()
                saved = await asyncio.to_thread(disk.write, snapshot)
                disk.wrote(snapshot, saved)
        except ChangedOnDisk as conflict:
            disk.note(conflict.current)
            return await self.save()
        except KrakendTuiError as error:
            return await self._elsewhere(error)
        self.last_words = []
        self._app.main.show_title()
        self._say(f"✓ Saved.{f' {saved.note}' if saved.note else ''} {RESTART}", "good")
        return True

    # -- where the file cannot be written ---------------------------------------------

    async def _elsewhere(self, error: KrakendTuiError) -> bool:
        """The text cannot go where it belongs: a copy, or the command that puts it there."""
        kept = self._disk.keep()
        words = [error.message, error.hint]
        words.append("Your text is kept for the next start." if kept is None else kept.message)
        choices = [Choice("e", "save elsewhere")]
        if isinstance(error, SaveNotPermitted):
            choices.append(Choice("s", "show the sudo command"))
        text = " ".join(word for word in words if word)
        title = f"{self._disk.name} was not saved"
        answer = await self._app.push_screen_wait(ChoiceDialog(title, text, choices))
        if answer == "e":
            return await self.save_copy()
        return answer == "s" and await self._show_command()

    async def save_copy(self) -> bool:
        """Ask for a path and write a copy there; True when it is written."""
        name = str(Path.home() / self._disk.name)
        problem = ""
        while True:
            dialog = PathDialog("Save a copy as", name, problem)
            name = await self._app.push_screen_wait(dialog)
            if not name:
                return False
            try:
                await asyncio.to_thread(self._disk.save_copy, Path(name).expanduser())
            except KrakendTuiError as error:
                problem = f"{error.message} {error.hint}"
                continue
            self._say(f"✓ A copy is in {name}. {self._disk.name} itself is as it was.", "good")
            return True

    async def _show_command(self) -> bool:
        try:
            command = await asyncio.to_thread(self._disk.sudo_command)
        except KrakendTuiError as error:
            self._say(f"{error.message}. {error.hint}", "error")
            return False
        self.last_words = ["To put your text in its place:", visible(command)]
        text = Text.assemble(
            "Your text is in a file of its own. This puts it in its place:\n\n",
            (visible(command), "bold"),
            "\n\nRun it in another terminal; this session notices. It is printed again at the end.",
        )
        await self._app.push_screen_wait(TextDialog("The command", text))
        return True

    # -- other writers ----------------------------------------------------------------

    async def file_changed(self) -> None:
        """The file on disk may be another one: reload it, or note it for the next save."""
        try:
            found = await self._settled()
        except ReadRefused as error:
            self._say(f"{error.message}. Your text stays as it is.", "warning")
            return
        if self._is_known(found):
            return
        disk = self._disk
        if found is None:
            disk.note(None)
            self._say("The file was deleted on disk; ctrl+s writes it anew.", "warning")
        elif disk.is_clean and found.data.strip():
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
            async with self._writing:
                found = await asyncio.to_thread(self._disk.look)
                if self._disk.is_known(found):
                    return found
            if found is not None and await asyncio.to_thread(is_whole, found):
                return found
            last.append("" if found is None else found.digest)
            if len(last) > 2 and len(set(last[-3:])) == 1:
                return found
            await asyncio.sleep(SETTLE)

    async def _look(self) -> None:
        """Before a save: what is on disk now."""
        found = await asyncio.to_thread(self._disk.look)
        if not self._is_known(found):
            self._disk.note(found)

    def _is_known(self, found: ConfigFile | None) -> bool:
        """Whether `found` is what the text is based on, or the text itself."""
        disk = self._disk
        known = disk.is_known(found) or (found is not None and disk.take_as_saved(found))
        self._app.main.show_title()
        return known

    def _reload(self, found: ConfigFile) -> bool:
        try:
            self._disk.reload(found)
        except KrakendTuiError as error:
            self._disk.note(found)
            self._say(f"The file on disk is {error.message}. Your text stays.", "warning")
            return False
        self._say("The file changed on disk and was reloaded; ctrl+z shows what it was.")
        return True

    async def _resolve(self, theirs: ConfigFile) -> bool:
        """Somebody else wrote the file: mine, theirs, or both; True when there is one to save."""
        disk = self._disk
        merged = await asyncio.to_thread(disk.merge, theirs)
        choices = [Choice("m", "mine"), Choice("t", "theirs")]
        text = f"{disk.name} was changed by somebody else since it was read. From theirs to mine:"
        if merged is not None:
            choices.append(Choice("b", f"merge both ({_conflict_words(merged)})"))
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

    # -- leaving ----------------------------------------------------------------------

    async def may_leave(self) -> bool:
        """Ask what becomes of unsaved changes."""
        disk = self._disk
        if not self._session.modified:
            return True
        choices = [Choice("s", "save and quit"), Choice("d", "discard and quit")]
        text = f"{disk.name} has unsaved changes."
        answer = await self._app.push_screen_wait(ChoiceDialog("Quit", text, choices))
        if answer == "d":
            disk.forget()
            self.last_words = []
        return answer == "d" or (answer == "s" and await self.save())

    # -- unsaved text -----------------------------------------------------------------

    def _text_changed(self, _change: ChangeSet) -> None:
        """Unsaved text is kept when typing pauses, or goes on for long."""
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
            self._say(f"Unsaved text cannot be kept: {error.message}. {error.hint}", "warning")

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
