"""What the first paint waits for: counted in what is imported and read, not in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.driving import opened

LATE = {
    *("jsonschema", "jsonschema_rs", "watchfiles", "tree_sitter_json"),
    *("tui.krakend.rules", "tui.plugin.inspect", "tui.document.recovered", "tui.document.merge"),
    *("tui.krakend.points", "tui.workspace", "tui.gather", "tui.which"),
    *("tui.schema.describe", "tui.schema.official", "tui.schema.plugin_schema"),
    *("tui.app.commands", "tui.app.saving", "tui.app.screens.dialogs"),
    *("tui.app.panes.points_pane", "tui.app.panes.entry_pane", "textual.widgets._text_area"),
}
"""The heavy, what belongs to a command, and the panes that come second: each is there once somebody
asks for it."""

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
from tui.options import Options
from tui.document.tree import JsonTree
from tui.krakend.target import default_target

parsed = []
parse = JsonTree.parse
JsonTree.parse = lambda text: parsed.append("parsed") or parse(text)

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
    print(*sys.modules, *parsed, *made, *anew, *layouts)
    screen.app.exit()

MainScreen._start = first_paint
path = Path(sys.argv[1])
KrakendTui(Session(path, Options(str(path.parent), None, default_target()))).run(headless=True)
"""


def until_the_first_paint(config: Path) -> list[str]:
    """The modules that were loaded, and what was done, a word each time."""
    command = [sys.executable, "-c", UNTIL_THE_FIRST_PAINT, str(config)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return ended.stdout.split()


def test_the_first_paint_waits_for_nothing_heavy(shop: Path) -> None:
    words = until_the_first_paint(shop)
    loaded = set(words)
    assert "tui.app.panes.folder_pane" in loaded
    assert not loaded & LATE
    assert words.count("parsed") == 1
    # There were 151.
    assert sum(word.split(".")[0] == "tui" for word in words) <= 100
    # A dataclass takes four times as long to import as a NamedTuple; there were 85.
    assert words.count("dataclass") <= 8
    # Beside the styling of each of some 20 widgets as it is mounted.
    assert words.count("styled-anew") <= 8
    assert words.count("laid-out") <= 5


def test_a_large_config_is_read_after_the_first_paint(
    shop: Path,
) -> None:
    shop.write_text(shop.read_text() + " " * 500_000)
    assert "parsed" not in until_the_first_paint(shop)


async def test_told_to_end_at_its_first_paint_the_app_mounts_nothing_more(shop: Path) -> None:
    async with opened(shop) as (app, _):
        analysing = len(app.workers)
        app.exit()
        await app.main._start()
        assert len(app.workers) == analysing
