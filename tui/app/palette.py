"""ctrl+p: every command of every pane, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.app.keys import Command, commands_of
from tui.app.screens.pick import Option, PickDialog
from tui.app.terminal.themes import THEMES
from tui.app.widgets.line_list import LineList
from tui.storage.memory import SETTINGS, recall, remember

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

_PANES = {
    "folder": "Folder",
    "files": "Files",
    "tree": "Tree",
    "names": "Names",
    "editor": "Editor",
    "problems": "Problems",
}


def all_commands(app: KrakendTui) -> Iterator[Command]:
    """The app's, the screen's, then each pane's; moving about in a list is no command."""
    yield from commands_of(app)
    yield from commands_of(app.main)
    about = {command.action for command in commands_of(app.main.points_pane.rows)} & {
        binding.action for binding in LineList.BINDINGS if not isinstance(binding, tuple)
    }
    for key, name in _PANES.items():
        for widget in app.main.query(f"#{key}"):
            for command in commands_of(widget):
                if command.action not in about:
                    title = f"{name}: {command.title}"
                    yield Command(title, command.keys, command.action, widget)


async def choose_command(app: KrakendTui) -> None:
    """Let the user pick a command, and run it."""
    commands = list(all_commands(app))
    options = [Option(str(i), c.title, c.keys) for i, c in enumerate(commands)]
    for index in await app.push_screen_wait(PickDialog("Commands", options)):
        command = commands[int(index)]
        app.call_later(app.run_action, command.action, command.owner)


async def choose_theme(app: KrakendTui) -> None:
    """Let the user pick one of Textual's themes; it is remembered."""
    options = [
        Option(name, name, "dark" if theme.dark else "light") for name, theme in THEMES.items()
    ]
    for name in await app.push_screen_wait(PickDialog("Theme", options)):
        app.theme = name
        remember(SETTINGS, {**recall(SETTINGS), "theme": name})
