"""What the first paint waits for: counted in what is imported and read, not in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATE = {
    *("jsonschema", "jsonschema_rs", "watchfiles", "tree_sitter_json"),
    *("tui.krakend.rules", "tui.plugin.inspect", "tui.document.recovered"),
    *("tui.app.commands", "tui.app.saving", "tui.app.screens.dialogs"),
}
"""The heavy, and what belongs to a command: each is there once somebody asks for it."""

UNTIL_THE_FIRST_PAINT = """
import sys
from pathlib import Path
from tui.app.app import KrakendTui
from tui.app.screens.main import MainScreen
from tui.app.session import Session
from tui.gather import Options
from tui.krakend.target import default_target
from tui.workspace.reader import Reader

read = []
Reader.groups = lambda self, tree: read.append(tree)

def first_paint(screen):
    print(*sys.modules, *["points"] * len(read))
    screen.app.exit()

MainScreen._start = first_paint
path = Path(sys.argv[1])
KrakendTui(Session(path, Options(str(path.parent), None, default_target()))).run(headless=True)
"""


def test_the_first_paint_waits_for_nothing_heavy(shop: Path) -> None:
    command = [sys.executable, "-c", UNTIL_THE_FIRST_PAINT, str(shop)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(ended.stdout.split())
    assert "tui.app.panes.folder_pane" in loaded
    assert not loaded & LATE
    assert "points" not in loaded
