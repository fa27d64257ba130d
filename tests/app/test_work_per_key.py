"""Work is counted, not timed: rows that a key draws and bytes that it sends to the terminal, and
what a key in a large config reads again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from app.conftest import Start
from app.driving import opened
from app.terminal import Terminal
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from tui.app.app import KrakendTui
from tui.app.judging import Judging, Outcome
from tui.app.session import Session
from tui.app.tree_rows import GroupBlock
from tui.app.widgets.line_list import LineList
from tui.document.change import ChangeSet
from tui.document.parts import BLOCK, Block
from tui.document.scanned import _Scanner
from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.krakend.points import PointGroup
from tui.krakend.target import default_target
from tui.krakend.uses import UseBlock
from tui.options import Options
from tui.workspace.found import Found, FoundBlock
from tui.workspace.judge import Judge
from tui.workspace.reader import ReadBlock


def sent_by(terminal: Terminal, name: str) -> int:
    """Bytes that come after a key until no more do."""
    before = len(terminal.raw)
    terminal.press(name)
    terminal.quiet()
    return len(terminal.raw) - before


def test_a_key_in_a_value_sends_the_line_that_it_is_in(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press(*["tab"] * 5, "down", "down", "end")
        sent_by(terminal, " ")
        assert 0 < sent_by(terminal, " ") < 1024


def test_a_key_in_pattern_sends_less_than_4_kb(start: Start, shop: Path) -> None:
    """Also one that makes every file another, and brings an error."""
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        # The first key takes the hint away.
        sent_by(terminal, "end")
        for name, words in (("x", " 0 of 10 load"), ("backspace", "8 of 10 load")):
            sent = sent_by(terminal, name)
            assert words in terminal.text
            assert sent < 4096


def test_what_is_not_sent_is_on_the_screen(start: Start, shop: Path) -> None:
    """After keys that repaint this and that the screen is as one that is sent as a whole."""
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        for keys in (
            ("x", "tab", "tab", "tab", "down", "down", "enter", "down", "end", " ", "x", "enter"),
            ("ctrl+f", "a", "b"),
            ("escape", "f8", "x", "backspace", "f7", "backtab"),
        ):
            terminal.press(*keys)
            terminal.quiet()
            before = picture(terminal)
            for columns in (81, 80):
                terminal.resize(24, columns)
                terminal.quiet()
            assert picture(terminal) == before, keys


def picture(terminal: Terminal) -> list[list[object]]:
    """Every cell of the screen, with its colours and attributes."""
    lines = terminal.screen.buffer
    return [[lines[y][x] for x in range(80)] for y in range(24)]


@dataclass
class Drawn:
    """What was drawn: rows by the list that they are of, and layouts of the screen."""

    rows: Counter[str] = field(default_factory=Counter)
    layouts: int = 0


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    counted = Drawn()
    draw, lay_out = LineList.render_line, Screen._refresh_layout

    def drawing(self: LineList, y: int) -> Strip:
        counted.rows[self.id or ""] += 1
        return draw(self, y)

    def laying_out(self: Screen[object], *args: object, **kwargs: object) -> None:
        counted.layouts += 1
        lay_out(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(LineList, "render_line", drawing)
    monkeypatch.setattr(Screen, "_refresh_layout", laying_out)
    return counted


@pytest.mark.parametrize("files", [10, 3000])
async def test_a_key_in_pattern_draws_the_rows_on_the_screen(
    tmp_path: Path, drawn: Drawn, files: int
) -> None:
    config = large(tmp_path, 1)
    (tmp_path / "plugins").mkdir()
    for number in range(files):
        (tmp_path / "plugins" / f"{number:04d}.txt").touch()
    async with opened(config) as (app, pilot):
        await pilot.press("end")
        await settled(pilot)
        for keys, rows in (
            # Nothing matches, before and after: nothing is drawn anew.
            (["x"], 0),
            (["backspace"], 0),
            # Everything matches, and then nothing does.
            (["ctrl+u", ".", "t", "x", "t"], None),
            (["x"], None),
        ):
            drawn.rows.clear()
            drawn.layouts = 0
            await pilot.press(*keys)
            await settled(pilot)
            visible = app.main.folder_pane.files.size.height
            most = 2 * len(keys) * visible if rows is None else rows
            assert drawn.rows["files"] <= most, keys
            assert drawn.layouts == 0, keys


async def test_a_key_is_one_analysis_also_in_a_name_that_is_new(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin files are searched for it first: they are known to be read in no time."""
    async with opened(shop) as (app, pilot):
        await settled(pilot)
        app.session.judging._seconds_a_file = 0.0
        analysed = 0
        analyse = Judging.analyse

        def counting(self: Judging, tree: JsonTree, listing: FolderListing) -> Outcome:
            nonlocal analysed
            analysed += 1
            return analyse(self, tree, listing)

        monkeypatch.setattr(Judging, "analyse", counting)
        app.main.set_focus(app.main.entry_pane.editor)
        at = app.session.document.text.index("shop-auth") + 3
        app.main.entry_pane.editor.move_to(at)
        await pilot.press("q")
        await settled(pilot)
        assert '"shoqp-auth"' in app.session.document.text
        assert [found.rule for found in app.session.diagnostics if "q" in found.message]
        assert analysed == 1
        await pilot.press("backspace")
        await settled(pilot)
        assert analysed == 2


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until the findings are there and drawn."""
    app = pilot.app
    assert isinstance(app, KrakendTui)
    await pilot.pause()
    await app.main.analysed()
    await pilot.pause()


def large(folder: Path, endpoints: int) -> Path:
    entry = {"plugin/http-client": {"name": "a", "a": {"n": 1}}}
    backend = {"url_pattern": "/b", "extra_config": entry}
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./plugins/"},
        "endpoints": [{"endpoint": f"/{n}", "backend": [backend]} for n in range(endpoints)],
    }
    path = folder / "krakend.json"
    path.write_text(json.dumps(config, indent=2))
    return path


@pytest.mark.parametrize("endpoints", [20, 400])
def test_what_a_key_reads_does_not_grow_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoints: int
) -> None:
    session = Session(large(tmp_path, endpoints), Options(str(tmp_path), None, default_target()))
    document = session.document
    session.take(session.judging.analyse(document.tree, session.listing))
    counts = {"values": 0, "groups": 0, "asked again": 0}
    made: Counter[str] = Counter()
    end, points, still_holds = _Scanner._end, PointGroup.points, Judge.still_holds

    def scanning(self: _Scanner, start: int, levels: int) -> int:
        counts["values"] += 1
        return end(self, start, levels)

    def reading(self: PointGroup) -> object:
        counts["groups"] += 1
        return points(self)

    def asking(self: Judge, found: Found) -> bool:
        counts["asked again"] += 1
        return still_holds(self, found)

    for block in (Block, ReadBlock, FoundBlock, UseBlock, GroupBlock):

        def making(
            self: Any, *args: Any, make: Any = block.__init__, of: str = block.__name__
        ) -> None:
            made[of] += 1
            make(self, *args)

        monkeypatch.setattr(block, "__init__", making)
    monkeypatch.setattr(_Scanner, "_end", scanning)
    monkeypatch.setattr(PointGroup, "points", reading)
    monkeypatch.setattr(Judge, "still_holds", asking)
    at = document.text.index('"n": 1', len(document.text) // 2) + len('"n": 1')
    session.apply(ChangeSet.replace(len(document.text), at, at, "0"))
    session.take(session.judging.analyse(document.tree, session.listing))
    # The text's own members but for its lists, the endpoint that was touched; and the service
    # with it.
    assert counts["values"] <= 4
    assert counts["groups"] <= 4
    # The others of its block. Blocks: before and behind it, that of it, and the service.
    assert counts["asked again"] <= BLOCK
    assert made
    assert max(made.values()) <= 4
    assert len(session.points) == 1 + 2 * endpoints
