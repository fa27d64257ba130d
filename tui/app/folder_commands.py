"""The commands of the folder pane: complete the folder, go to where a file is used."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.app import places
from tui.app.page import page_of
from tui.app.screens.pick import Option, PickDialog
from tui.app.screens.plugin_page import PluginPage
from tui.folder import FolderEntry
from tui.krakend.points import Entry
from tui.krakend.uses import Use

if TYPE_CHECKING:
    from tui.app.app import KrakendTui


def _common_beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((at for at, (one, other) in pairs if one != other), len(first))]


class FolderCommands:
    """Each is a conversation with the user; Escape anywhere leaves everything as it was."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._session = app.session

    async def complete_folder(self) -> None:
        """Complete what is typed in `folder` as far as it is clear, else let one be picked."""
        pane = self._app.main.folder_pane
        typed = pane.field("folder").value
        found = await asyncio.to_thread(self._session.folders_beginning, typed)
        if not found:
            self._app.main.say(f"No folder begins with {typed or './'}", "warning")
            return
        common = _common_beginning(found)
        if len(found) > 1 and len(common) <= len(typed):
            options = [Option(folder, folder) for folder in found]
            picked = await self._app.push_screen_wait(PickDialog("Folders", options))
            common = picked[0] if picked else typed
        if common != typed:
            pane.complete_folder(common)

    async def go_to_use(self, entry: FolderEntry) -> None:
        """Go to the place of the config that uses the file; of several the user picks one."""
        name = entry.text
        crossref = self._session.known.crossref
        uses = crossref.uses_of(name) if crossref is not None else ()
        use = uses[0] if len(uses) == 1 else await self._pick(name, uses)
        if use is not None:
            self._app.main.navigation.to_use(use)

    async def show_page(self, entry: FolderEntry) -> None:
        """Everything about the file, and from there to where it is used."""
        page = await asyncio.to_thread(page_of, self._session, entry)
        use = await self._app.push_screen_wait(PluginPage(page))
        if use is not None:
            self._app.main.navigation.to_use(use)

    async def go_to_file(self, entry: Entry, name: str | None = None) -> None:
        """Go to the file whose plugin the entry gets: for `name`, else for one of its names."""
        names = list(dict.fromkeys(name for name in entry.called)) if name is None else [name]
        crossref = self._session.known.crossref
        if crossref is None or entry.meant is None:
            self._app.main.say("The names cannot be told from the files now", "warning")
            return
        options = [
            Option(name, name, file)
            for name in names
            if (file := crossref.provider(entry.meant, name)) is not None
        ]
        picked = [option.value for option in options]
        if len({option.detail for option in options}) > 1:
            picked = await self._app.push_screen_wait(PickDialog("The file of which name", options))
        file = next((option.detail for option in options if option.value in picked), None)
        if file is not None:
            raw = file.encode("utf-8", "surrogateescape")
            self._app.main.folder_pane.show_file(raw)
        elif not options:
            missing = ", ".join(names) or "no name"
            self._app.main.say(f"No file that KrakenD loads is known to register {missing}")

    async def _pick(self, file: str, uses: Sequence[Use]) -> Use | None:
        if not uses:
            self._app.main.say(self._why_unused(file))
            return None
        labels = places.labels(self._session.points)
        options = [Option(use.pointer, labels.get(use.entry.pointer, ""), use.name) for use in uses]
        picked = await self._app.push_screen_wait(PickDialog(f"{file} is used at", options))
        return next((use for use in uses if use.pointer in picked), None)

    def _why_unused(self, file: str) -> str:
        known = self._session.known
        if file not in known.loaded:
            return f"KrakenD does not load {file}: the pattern is not in its name"
        names = known.crossref.provided_by(file) if known.crossref is not None else ()
        if not names:
            return f"{file} registers no name that can be read"
        return f"Nothing in the config uses {', '.join(one.name for one in names)} of {file}"
