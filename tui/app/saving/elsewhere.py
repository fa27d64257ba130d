"""Where the file cannot be written: a copy in another place, or the command that puts it there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.text import Text

from tui.app.screens.dialogs import Choice, ChoiceDialog, TextDialog
from tui.app.screens.path_dialog import PathDialog
from tui.errors import KrakendTuiError
from tui.storage.elsewhere import typed_path
from tui.storage.errors import SaveNotPermitted
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.app import KrakendTui


class Elsewhere:
    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._disk = app.session.on_disk
        self._command = ""
        self._command_text = ""

    @property
    def last_words(self) -> list[str]:
        """What is to be printed when the terminal is the shell's again: the command, for as long as
        it puts the text of now in its place."""
        document = self._disk.document
        if not self._command or not document.modified or document.text != self._command_text:
            return []
        return ["To put your text in its place:", visible(self._command)]

    def forget(self) -> None:
        """The text is not wanted any more."""
        self._command = ""

    async def offer(self, error: KrakendTuiError) -> bool:
        """The text cannot go where it belongs; True when it is on disk all the same."""
        kept = self._disk.keep()
        words = [error.message, error.hint]
        words.append(
            "Your text is kept for the next start."
            if kept is None
            else f"Nor is your text kept for the next start: {kept.message}."
        )
        choices = [Choice("e", "save elsewhere")]
        if isinstance(error, SaveNotPermitted):
            choices.append(Choice("s", "show the sudo command"))
        text = " ".join(word for word in words if word)
        title = f"{self._disk.name} was not saved"
        answer = await self._app.push_screen_wait(ChoiceDialog(title, text, choices))
        if answer == "e":
            return await self._save_copy()
        return answer == "s" and await self._show_command()

    async def _save_copy(self) -> bool:
        """Ask for a path and write a copy there; True when it is written."""
        name = str(typed_path(f"~/{self._disk.name}"))
        problem = ""
        while True:
            dialog = PathDialog("Save a copy as", name, problem)
            name = await self._app.push_screen_wait(dialog)
            if not name:
                return False
            try:
                await asyncio.to_thread(self._disk.save_copy, typed_path(name))
            except KrakendTuiError as error:
                problem = f"{error.message} {error.hint}"
                continue
            words = f"✓ A copy is in {name}. {self._disk.name} itself is as it was."
            self._app.main.say(words, "good")
            return True

    async def _show_command(self) -> bool:
        try:
            command = await asyncio.to_thread(self._disk.sudo_command)
        except KrakendTuiError as error:
            self._app.main.say(f"{error.message}. {error.hint}", "error")
            return False
        self._command, self._command_text = command, self._disk.document.text
        text = Text.assemble(
            "Your text is in a file of its own. This puts it in its place:\n\n",
            (visible(command), "bold"),
            "\n\nRun it in another terminal; this session notices. It is printed again at the end.",
        )
        await self._app.push_screen_wait(TextDialog("The command", text))
        return True
