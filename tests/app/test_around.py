"""Help, commands, sizes, tabs, and what is remembered: each as a user meets it."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from app.conftest import Start
from app.driving import PATIENCE, opened
from app.terminal import Terminal
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from tui.app import layout
from tui.app.help import PANES
from tui.app.keys import commands_of, key_words
from tui.app.palette import all_commands
from tui.app.screens.dialogs import TextDialog
from tui.app.screens.pick import PickDialog


def shown(screen: Screen[object]) -> str:
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def test_help_is_about_the_pane_in_focus(shop: Path) -> None:
    async with opened(shop, size=(100, 100)) as (app, pilot):
        widgets = [app.main.query(f"#{pane}") for pane in PANES]
        for found in widgets:
            if not found or not found.first().focusable:
                continue
            widget = found.first()
            app.main.set_focus(widget)
            await pilot.press("f1")
            assert isinstance(app.screen, TextDialog)
            text = shown(app.screen)
            assert PANES[widget.id or ""].title in text
            for command in [*commands_of(widget), *commands_of(app)]:
                assert any(
                    command.keys in line and command.title in line for line in text.splitlines()
                ), command.title
            await pilot.press("escape")


async def test_help_says_where_the_facts_come_from(shop: Path) -> None:
    async with opened(shop, size=(100, 100)) as (app, pilot):
        await pilot.press("f1")
        assert app.session.options.target.source in " ".join(shown(app.screen).split())


def test_a_screen_that_was_written_over_is_drawn_anew(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("✗ 5  ▲ 2")
        terminal.press("f5")
        terminal.wait("Scanned again")
        terminal.quiet()
        before = terminal.lines[1:20]
        terminal.screen.reset()
        terminal.press("ctrl+l")
        terminal.wait(lambda: terminal.lines[1:20] == before)


async def test_every_key_of_the_app_is_in_the_palette(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        commands = list(all_commands(app))
        titles = {(command.keys, command.action) for command in commands}
        for owner in (app, app.main, app.main.points_pane.rows):
            own = {binding.action for binding in type(owner).BINDINGS}
            for command in commands_of(owner):
                assert command.action not in own or (command.keys, command.action) in titles
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, PickDialog)
        await pilot.press(*"scan", "enter")
        await pilot.pause()
        assert app.screen is app.main
        assert "Scanned again" in shown(app.main)


async def test_a_command_of_a_pane_runs_from_the_palette(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        app.main.navigation.to_row("/extra_config/plugin~1http-server")
        await pilot.press("ctrl+p", *"tree: switch", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert '"#plugin/http-server"' in app.session.document.text


def test_keys_as_people_write_them() -> None:
    assert key_words("a,insert") == "a, Insert"
    assert key_words("ctrl+s") == "ctrl+s"
    assert key_words("f8") == "F8"
    assert key_words("greater_than_sign") == ">"


# -- too small, tabs, sizes -----------------------------------------------------------


async def test_while_nothing_can_be_seen_no_key_changes_anything(shop: Path) -> None:
    async with opened(shop, size=(59, 24)) as (app, pilot):
        await pilot.press(*"abc", "backspace", "enter")
        assert "at least 60 x 15" in shown(app.main)
        assert not app.session.modified
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        await pilot.press("x")
        assert app.session.field_text("pattern") == ".sox"


async def test_at_60_columns_the_pane_in_focus_has_the_screen(shop: Path) -> None:
    async with opened(shop, size=(60, 15)) as (app, pilot):
        seen = []
        for _ in range(8):
            panes = [app.main.folder_pane, app.main.points_pane, app.main.entry_pane]
            visible = [pane.id for pane in panes if pane.region.height > 0]
            assert len(visible) == 1
            assert app.main.focused is not None
            assert panes[[p.id for p in panes].index(visible[0])] in app.main.focused.ancestors
            seen.append(visible[0])
            await pilot.press("tab")
            await pilot.pause()
        assert list(dict.fromkeys(seen)) == ["plugins", "points", "entry"]
        app.main.set_focus(app.main.entry_pane.editor)
        await pilot.pause()
        assert app.main.entry_pane.region.height > 0
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert all(pane.region.height > 0 for pane in panes)


async def test_tabs_can_be_clicked(shop: Path) -> None:
    async with opened(shop, size=(60, 15)) as (app, pilot):
        await pilot.click("#tabs", offset=(12, 0))
        await pilot.pause()
        assert app.main.points_pane.region.height > 0


async def test_panes_are_resized_by_keys_in_lists_only(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        left = app.main.query_one("#left")
        width, height = left.region.width, app.main.folder_pane.region.height
        await pilot.press("greater_than_sign")
        assert app.session.field_text("pattern") == ".so>"
        await pilot.press("ctrl+z")
        app.main.set_focus(app.main.points_pane.rows)
        await pilot.press(*["greater_than_sign"] * 3, "plus")
        await pilot.pause()
        assert left.region.width == width + 6
        assert app.main.folder_pane.region.height == height + 1
        await pilot.press(*["less_than_sign"] * 50, *["minus"] * 50)
        await pilot.pause()
        assert left.region.width >= 20
        assert app.main.folder_pane.region.height >= 3
        await pilot.press("equals_sign")
        await pilot.pause()
        assert (left.region.width, app.main.folder_pane.region.height) == (width, height)


@pytest.mark.parametrize("wish", [None, -5, 0, 1, 40, 10_000])
def test_every_pane_keeps_room_on_every_screen(wish: int | None) -> None:
    for columns in range(layout.TABS_BELOW, 300):
        left = layout.left_width(columns, wish)
        assert 20 <= left <= columns - 20
    for rows in range(layout.MINIMUM[1], 200):
        assert 3 <= layout.folder_height(rows, wish) <= rows - 6


# -- what is remembered ----------------------------------------------------------------


def quit_(terminal: Terminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_the_hint_for_beginners_goes_with_the_first_key_and_stays_away(
    start: Start, shop: Path
) -> None:
    with start(shop) as terminal:
        terminal.wait("New here?")
        terminal.wait("no loaded file")
        terminal.press("tab")
        terminal.wait("^S Save")
        assert "New here?" not in terminal.text
        quit_(terminal)
    with start(shop) as terminal:
        terminal.wait("^S Save")
        assert "New here?" not in terminal.text
        quit_(terminal)


def test_the_last_place_and_the_sizes_come_back(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        border = terminal.lines[1].index("▏")
        terminal.press(*["tab"] * 3, "end", ">", ">", "enter", *["down"] * 6)
        terminal.wait("▏ whole file")
        terminal.wait(lambda: terminal.lines[1].index("▏") == border + 4)
        quit_(terminal)
    other = shop.with_name("other.json")
    other.write_bytes(shop.read_bytes())
    with start(shop) as terminal:
        terminal.wait("▏ whole file")
        assert terminal.lines[1].index("▏") == border + 4
        # Focus begins in the pattern, whatever the place was.
        terminal.press("x")
        terminal.wait("pattern .sox")
        terminal.press("ctrl+z")
        quit_(terminal)
    with start(other) as terminal:
        terminal.wait("▏ service › plugin/http-server")
        assert terminal.lines[1].index("▏") == border
        quit_(terminal)


def test_a_place_that_is_gone_does_no_harm(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        terminal.press(*["tab"] * 3, "j")
        terminal.wait("GET /v1/catalog ›")
        quit_(terminal)
    shop.write_text('{"version": 3, "endpoints": []}')
    with start(shop) as terminal:
        terminal.wait("▏ whole file")
        quit_(terminal)


# -- storms ----------------------------------------------------------------------------


def test_a_terminal_that_is_tiled_as_it_opens_has_its_screen(start: Start, shop: Path) -> None:
    """Its size changes from the first words of the app to the first paint."""
    with start(shop) as terminal:
        terminal.wait(lambda: bool(terminal.raw), "the first words")
        for columns in range(100, 130):
            terminal.resize(30, columns)
            terminal.read(0.005)
        terminal.wait("no loaded file")
        terminal.quiet()
        assert len(terminal.lines[0]) > 120
        assert terminal.lines[29]


async def test_a_screen_is_laid_out_in_the_apps_size_whatever_an_old_message_says(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[Size | None] = []
    lay_out = Screen._refresh_layout

    def noted(screen: Screen[None], size: Size | None = None, scroll: bool = False) -> None:
        sizes.append(size)
        lay_out(screen, size, scroll)

    async with opened(shop) as (app, pilot):
        monkeypatch.setattr(Screen, "_refresh_layout", noted)
        app.main.post_message(Resize(Size(100, 30), Size(100, 30)))
        await pilot.pause()
        assert sizes
        assert {*sizes} <= {None, Size(80, 24)}


def test_a_storm_of_resizes_ends_in_a_whole_screen(start: Start, shop: Path) -> None:
    chance = random.Random(4)
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        terminal.press("f8", "f8", "f8")
        while terminal.read(1.0):
            pass
        expected = terminal.text
        for _ in range(200):
            terminal.resize(chance.randint(1, 70), chance.randint(1, 250))
            terminal.read(0)
        terminal.resize(24, 80)
        terminal.wait(lambda: terminal.text == expected, "the screen of before")


async def test_sizes_that_settle_after_the_end_ask_no_screen(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pilot.resize_terminal(70, 20)
    assert not app.screen_stack
    app._settle()


async def test_a_sliver_of_a_screen_ends_nothing(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        for width in range(1, 7):
            await pilot.resize_terminal(width, 9 - width)
            await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.is_running


async def test_what_is_never_painted_stops_no_findings(shop: Path) -> None:
    """A dialog that closes takes along what waits for its paint."""
    async with opened(shop) as (app, _):
        app.main.call_after_refresh = lambda *_: True  # type: ignore[method-assign]
        app.main.want_analysis()
        await asyncio.wait_for(app.main.analysed(), PATIENCE)
