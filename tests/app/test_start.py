"""What the first paint waits for: counted in what is imported and read, not in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATE = {
    *("jsonschema", "jsonschema_rs", "watchfiles", "tree_sitter_json"),
    *("tui.krakend.rules", "tui.plugin.inspect", "tui.document.recovered", "tui.document.merge"),
    *("tui.schema.describe", "tui.schema.official", "tui.which"),
    *("tui.app.commands", "tui.app.saving", "tui.app.screens.dialogs"),
}
"""The heavy, and what belongs to a command: each is there once somebody asks for it."""

UNTIL_THE_FIRST_PAINT = """
import dataclasses
import sys
from pathlib import Path

made = []
process = dataclasses._process_class

def counted(cls, *arguments):
    if cls.__module__.startswith("tui."):
        made.append("dataclass")
    return process(cls, *arguments)

dataclasses._process_class = counted

from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from tui.app.app import KrakendTui
from tui.app.screens.main import MainScreen
from tui.app.session import Session
from tui.gather import Options
from tui.krakend.target import default_target
from tui.workspace.reader import Reader

read = []
Reader.groups = lambda self, tree: read.append(tree)

anew, layouts = [], []
update_nodes, refresh_layout = Stylesheet.update_nodes, Screen._refresh_layout

def styled(self, nodes, animate=False):
    nodes = list(nodes)
    anew.extend(["styled-anew"] * len(nodes))
    update_nodes(self, nodes, animate)

def laid_out(self, *arguments, **more):
    layouts.append("laid-out")
    return refresh_layout(self, *arguments, **more)

Stylesheet.update_nodes, Screen._refresh_layout = styled, laid_out

def first_paint(screen):
    print(*sys.modules, *["points"] * len(read), *made, *anew, *layouts)
    screen.app.exit()

MainScreen._start = first_paint
path = Path(sys.argv[1])
KrakendTui(Session(path, Options(str(path.parent), None, default_target()))).run(headless=True)
"""


def test_the_first_paint_waits_for_nothing_heavy(shop: Path) -> None:
    command = [sys.executable, "-c", UNTIL_THE_FIRST_PAINT, str(shop)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    words = ended.stdout.split()
    loaded = set(words)
    assert "tui.app.panes.folder_pane" in loaded
    assert not loaded & LATE
    assert "points" not in loaded
    # A dataclass takes four times as long to import as a NamedTuple; there were 85.
    assert words.count("dataclass") <= 8
    # Beside the styling of each of some 32 widgets as it is mounted.
    assert words.count("styled-anew") <= 8
    assert words.count("laid-out") <= 5
