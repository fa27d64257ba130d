"""F1: what the pane in focus is for, and its keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.text import Text

from tui.app.keys import Command

_KEY_COLUMN = 17
_WIDTH = 68


class PaneHelp(NamedTuple):
    """The name of a pane, and what it is for."""

    title: str
    words: str


PANES = {
    "pattern": PaneHelp(
        "The field pattern",
        "KrakenD loads each file of the folder whose name contains the pattern. It is no glob: "
        "*.so matches nothing. An empty pattern loads every file.",
    ),
    "folder": PaneHelp(
        "The field folder",
        "The folder that KrakenD looks into. A relative one starts from KrakenD's working "
        "directory (--workdir says which). Folders below it are not looked into.",
    ),
    "files": PaneHelp(
        "The files of the folder",
        "In the order in which KrakenD loads them, with what each registers. What the pattern "
        "does not match is dimmed.",
    ),
    "tree": PaneHelp(
        "The tree of injection points",
        "Where plugins can be injected: the service, each endpoint, each backend. What is "
        "injected stands below; the last row is the whole file, also when it is broken.",
    ),
    "names": PaneHelp(
        "The names of an entry",
        "The plugins of the open entry in the order of its list, with the loaded file that "
        "provides each.",
    ),
    "editor": PaneHelp(
        "The editor",
        "The text of the open entry, of one plugin's own block, or of the whole file (F6). Only "
        "what you change is written. Enter keeps the file's indentation, Tab and Shift+Tab move "
        "selected lines in and out; marks beside the line numbers are findings, and the rows "
        "below say what belongs at the cursor.",
    ),
    "problems": PaneHelp(
        "The problems",
        "Every finding, the current one marked.",
    ),
}

_GENERAL = """\
Tab and Shift+Tab go through the panes. Nothing is written before ctrl+s has shown the diff \
and Enter has confirmed it. Undo is one history for all panes. KrakenD reads its config only at \
start. Nothing here runs a plugin or uses the network."""


def help_text(
    pane: PaneHelp | None,
    own: Iterable[Command],
    everywhere: Iterable[Command],
    target: str,
) -> Text:
    """The keys of the pane in focus first, then those that work everywhere.

    `target` says which KrakenD the advice is for and where its facts come from.
    """
    text = Text()
    if pane is not None:
        _section(text, pane.title, pane.words, list(own))
    _section(text, "Everywhere", _GENERAL, list(everywhere))
    _section(text, "The advice is for", target, ())
    return text


def _section(text: Text, title: str, words: str, commands: Sequence[Command]) -> None:
    text.append(title + "\n", "bold underline")
    for line in wrap(words, _WIDTH):
        text.append(line + "\n")
    for command in commands:
        text.append(f"  {command.keys:<{_KEY_COLUMN}}", "bold")
        text.append(f" {command.title}\n")
    text.append("\n")
