"""What an earlier session left unsaved is offered as a diff: restore, discard, keep for later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.app.screens.dialogs import Choice, ChoiceDialog
from tui.storage.recovery import Recovery

if TYPE_CHECKING:
    from tui.app.app import KrakendTui


async def offer_unsaved(app: KrakendTui) -> None:
    """One after the other, for as long as they are discarded."""
    disk = app.session.on_disk
    while found := disk.find_recovery():
        answer = await _ask(app, found)
        if answer == "d" and disk.discard_recovery(found):
            continue
        if answer == "r":
            disk.restore(found)
            app.main.say("Restored as an unsaved change: ctrl+s saves, ctrl+z takes it back.")
        elif answer == "d":
            words = "It cannot be removed from the state folder: the next start offers it again."
            app.main.say(words, "warning")
        else:
            app.main.say("Kept: the next start offers it again.")
        return


async def _ask(app: KrakendTui, found: Recovery) -> str:
    disk = app.session.on_disk
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(found.time))
    text = f"A session on {disk.name} ended at {moment} without saving. Restoring would do this"
    changed = found.base_digest != disk.file.digest
    text += " (the file was changed since: look at what goes):" if changed else ":"
    choices = [Choice("r", "restore"), Choice("d", "discard"), Choice("k", "keep for later")]
    title, diff = "Unsaved changes were found", disk.recovery_diff(found)
    return await app.push_screen_wait(ChoiceDialog(title, text, choices, diff))
