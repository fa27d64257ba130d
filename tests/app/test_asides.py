"""ctrl+q over a dialog: an aside. Every dialog has somebody who waits for its answer, always."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app.conftest import Start
from app.driving import answered, config_of, opened, press, until
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tui.app.app import KrakendTui
from tui.app.screens.base import Dialog
from tui.app.screens.dialogs import DiffDialog, TextDialog
from tui.app.screens.path_dialog import PathDialog
from tui.app.screens.pick import PickDialog
from tui.app.screens.plugin_page import PluginPage
from tui.app.widgets.bars import ProblemBar
from tui.app.widgets.injection_tree import InjectionTree
from tui.storage.errors import StateUnwritable
from tui.storage.recovery import find_recovery

MERGED = '{"version": 3, "theirs": true}'


def title(app: KrakendTui) -> str:
    """That of the dialog on top; "" on the main screen."""
    if not app.screen.is_modal:
        return ""
    return str(app.screen.query_one(".dialog-title", Static).render()).strip()


def dialogs(app: KrakendTui) -> list[Any]:
    return app.screen_stack[1:]


async def edit(pilot: Pilot[Any]) -> None:
    """An unsaved change: a letter in the pattern, which has the focus at first."""
    await press(pilot, "x")


async def both_changed(app: KrakendTui, pilot: Pilot[Any], shop: Path) -> None:
    """Mine and theirs, noticed."""
    await edit(pilot)
    shop.write_text(shop.read_text().replace('"name"', '"theirs": 1,\n  "name"', 1))
    await until(pilot, lambda: app.session.on_disk.theirs is not None)


async def save_dialog(app: KrakendTui, pilot: Pilot[Any], _shop: Path) -> None:
    await edit(pilot)
    await press(pilot, "ctrl+s")
    assert isinstance(app.screen, DiffDialog)


async def choice(app: KrakendTui, pilot: Pilot[Any], shop: Path) -> None:
    await both_changed(app, pilot, shop)
    await press(pilot, "ctrl+s")
    assert title(app) == "The file changed on disk"


async def path_dialog(app: KrakendTui, pilot: Pilot[Any], shop: Path) -> None:
    await edit(pilot)
    shop.unlink()
    shop.mkdir()
    await press(pilot, "ctrl+s", "e")
    assert isinstance(app.screen, PathDialog)


async def pick_list(app: KrakendTui, pilot: Pilot[Any], _shop: Path) -> None:
    await edit(pilot)
    await press(pilot, "ctrl+f", "o", "r")
    assert isinstance(app.screen, PickDialog)


async def plugin_page(app: KrakendTui, pilot: Pilot[Any], _shop: Path) -> None:
    await edit(pilot)
    app.main.set_focus(app.main.query_one("#files"))
    await press(pilot, "enter")
    assert isinstance(app.screen, PluginPage)


async def help_text(app: KrakendTui, pilot: Pilot[Any], _shop: Path) -> None:
    await edit(pilot)
    await press(pilot, "f1")
    assert isinstance(app.screen, TextDialog)


async def explanation(app: KrakendTui, pilot: Pilot[Any], _shop: Path) -> None:
    await edit(pilot)
    await press(pilot, "f2")
    assert isinstance(app.screen, TextDialog)


Way = Callable[[KrakendTui, Pilot[Any], Path], Any]
DIALOGS: list[Way] = [
    save_dialog, choice, path_dialog, pick_list, plugin_page, help_text, explanation,
]  # fmt: skip


def assert_alive(app: KrakendTui) -> None:
    """Each dialog on the stack is one that a conversation of its own waits for."""
    assert not app.works
    assert len(app._lasting) == len(dialogs(app))
    for dialog in dialogs(app):
        assert isinstance(dialog, Dialog)
        assert not dialog._result_callbacks[-1].future.done()


@pytest.mark.parametrize("way", DIALOGS)
async def test_after_escape_the_dialog_goes_on_as_it_was(shop: Path, way: Way) -> None:
    async with opened(shop) as (app, pilot):
        await way(app, pilot, shop)
        below = app.screen
        typed = [field.value for field in below.query(Input)]
        for _ in range(2):
            await press(pilot, "ctrl+q")
            assert (title(app), dialogs(app)) == ("Quit", [below, app.screen])
            assert_alive(app)
            await press(pilot, "escape")
        assert app.screen is below
        assert [field.value for field in below.query(Input)] == typed
        assert_alive(app)
        text = app.session.document.text
        await press(pilot, "escape")
        assert not app.talks
        assert app.screen is app.main
        assert app.session.document.text == text
        assert app.is_running


@pytest.mark.parametrize("way", DIALOGS)
async def test_after_asking_to_quit_keys_go_on_in_the_dialog_below(shop: Path, way: Way) -> None:
    """All in one packet: what is typed behind the aside waits for the dialog that is meant."""
    async with opened(shop) as (app, pilot):
        await way(app, pilot, shop)
        below = app.screen
        for key in ("ctrl+q", "escape", "ctrl+q", "escape", "escape"):
            app.post_message(events.Key(key, None))
        taken = asyncio.Event()
        app.call_later(taken.set)
        await taken.wait()
        await until(pilot, lambda: not app._waiting and not app._under_way and not app.works)
        assert below not in app.screen_stack
        assert app.screen is app.main


async def test_the_save_dialog_still_writes(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await save_dialog(app, pilot, shop)
        await press(pilot, "ctrl+q", "escape", "enter")
        if app.screen.is_modal:  # Errors remain: asked once more.
            await press(pilot, "y")
        assert not app.session.modified
        assert shop.read_text() == app.session.document.text
        assert "Saved" in str(app.main.query_one(ProblemBar).render())


async def test_a_pick_list_still_takes(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pick_list(app, pilot, shop)
        await press(pilot, "ctrl+q", "escape", "enter")
        assert app.screen is app.main
        assert app.main.focused is app.main.query_one(InjectionTree)


async def test_ctrl_q_twice_asks_once(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await edit(pilot)
        await press(pilot, "ctrl+q", "ctrl+q", "ctrl+q")
        assert len(dialogs(app)) == 1
        await press(pilot, "escape")
        assert app.screen is app.main
        await press(pilot, "ctrl+q")
        assert title(app) == "Quit"


@pytest.mark.parametrize("way", DIALOGS)
async def test_save_and_quit_takes_the_dialogs_below_along(shop: Path, way: Way) -> None:
    """What they ask is about the text of before."""
    async with opened(shop) as (app, pilot):
        await way(app, pilot, shop)
        below = app.screen
        await press(pilot, "ctrl+q", "s")
        assert below not in app.screen_stack
        assert len(dialogs(app)) == 1
        assert_alive(app)
        text = app.session.document.text
        await press(pilot, "escape")
        assert not app._exit
        assert app.screen is app.main
        assert app.session.document.text == text
        assert app.session.modified
        await press(pilot, "ctrl+z")
        assert "sx" not in app.session.document.text


async def test_theirs_is_taken_by_the_aside_and_no_dialog_of_before_is_left(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await choice(app, pilot, shop)
        await press(pilot, "ctrl+q", "s", "t")
        assert config_of(app)["theirs"] == 1
        assert app.screen is app.main
        assert not app.talks


@pytest.mark.parametrize("way", DIALOGS)
async def test_discard_and_quit_ends_it_all(shop: Path, way: Way) -> None:
    before = shop.read_bytes()
    async with opened(shop) as (app, pilot):
        await way(app, pilot, shop)
        assert app.session.on_disk.keep() is None
        assert find_recovery(shop) is not None
        await press(pilot, "ctrl+q", "d")
        await until(pilot, lambda: app._exit)
        assert find_recovery(shop) is None
        assert app.return_code == 0
        assert app.left_on_purpose
    if way not in (choice, path_dialog):
        assert shop.read_bytes() == before


@pytest.mark.parametrize("way", [pick_list, help_text])
async def test_with_nothing_unsaved_it_quits_from_within_a_dialog(shop: Path, way: Way) -> None:
    async with opened(shop) as (app, pilot):
        await way(app, pilot, shop)
        await press(pilot, "escape", "ctrl+z")
        assert not app.session.modified
        await press(pilot, "f1", "ctrl+q")
        await until(pilot, lambda: app._exit)


async def test_a_clean_editor_follows_once_the_last_dialog_is_closed(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await press(pilot, "x", "ctrl+s", "ctrl+z")
        await press(pilot, "ctrl+q", "escape")
        app.action_undo()
        assert not app.session.modified
        before = app.session.document.text
        shop.write_text(MERGED)
        await until(pilot, lambda: app.saving.others.waits)
        app.converse(app.read("Above", app.screen.query_one("#dialog-keys", Static).render()))
        await answered(pilot)
        await press(pilot, "escape")
        await pilot.pause()
        assert app.session.document.text == before
        await press(pilot, "escape")
        await until(pilot, lambda: app.session.document.text == MERGED)


async def test_no_conversation_begins_while_another_works(shop: Path) -> None:
    """A click may ask for one; a second would be about what the first is about to change."""
    async with opened(shop) as (app, pilot):
        goes_on, began = asyncio.Event(), []

        async def works() -> None:
            began.append("works")
            await goes_on.wait()

        async def other() -> None:
            began.append("other")

        app.converse(works())
        await pilot.pause()
        app.converse(other())
        await pilot.pause()
        goes_on.set()
        await until(pilot, lambda: not app.talks)
        app.converse(other())
        await until(pilot, lambda: not app.talks)
        assert began == ["works", "other"]


async def test_what_a_conversation_cannot_do_is_said_and_is_no_bug(shop: Path) -> None:
    async def fails() -> None:
        raise StateUnwritable("no room", "Make some")

    async with opened(shop) as (app, pilot):
        app.converse(fails())
        await answered(pilot)
        assert "no room. Make some." in str(app.main.query_one(ProblemBar).render())
        assert app.is_running


@pytest.mark.parametrize("home", [None, "/nosuch"])
async def test_a_copy_goes_where_nobody_has_a_home(
    shop: Path, home: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's user without a name, and somebody else's home that is none."""
    async with opened(shop) as (app, pilot):
        if home is None:
            monkeypatch.delenv("HOME", raising=False)
            monkeypatch.setattr(pwd, "getpwuid", lambda uid: {}[uid])
        await path_dialog(app, pilot, shop)
        app.screen.query_one(Input).value = "~nosuchuser/krakend.json"
        await press(pilot, "enter")
        assert isinstance(app.screen, PathDialog)
        assert "~nosuchuser" in str(app.screen.query_one("#warning", Static).render())
        app.screen.query_one(Input).value = str(shop.with_name("copy.json"))
        await press(pilot, "enter")
        assert app.screen is app.main
    assert shop.with_name("copy.json").read_text() == app.session.document.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_over_two_dialogs_keeps_the_text(
    shop: Path, start: Start, number: signal.Signals
) -> None:
    with start(shop) as terminal:
        terminal.wait("pattern")
        terminal.press("x", "ctrl+s")
        terminal.wait("Enter write")
        terminal.press("ctrl+q")
        terminal.wait("discard and quit")
        os.kill(terminal.process.pid, number)
        assert terminal.wait_exit() == 128 + number
    with start(shop) as terminal:
        terminal.wait("Unsaved changes were found")


def test_in_a_terminal_that_becomes_too_small(shop: Path, start: Start) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("pattern")
        terminal.press("x", "ctrl+s")
        terminal.wait("Enter write")
        terminal.resize(10, 40)
        terminal.press("ctrl+q")
        terminal.wait("discard and")
        terminal.press("escape")
        terminal.wait("Save krakend.json")
        terminal.press("ctrl+q")
        terminal.wait("discard and")
        terminal.press("escape", "escape")
        terminal.wait("needs a terminal")
        terminal.press("ctrl+q")
        terminal.wait("discard and")
        terminal.press("d")
        assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before


async def test_a_key_that_waits_when_the_app_has_closed_its_screens_goes_nowhere(
    shop: Path,
) -> None:
    async with opened(shop) as (app, _):
        pass
    assert not app.screen_stack
    app._waiting.append(events.Key("x", "x"))
    await app._next()
    assert app._waiting


async def test_a_key_waits_until_the_dialog_can_take_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    can, compose = asyncio.Event(), PickDialog._compose

    async def late(dialog: PickDialog) -> None:
        await can.wait()
        await compose(dialog)

    monkeypatch.setattr(PickDialog, "_compose", late)
    async with opened(shop) as (app, pilot):
        app.post_message(events.Key("ctrl+f", None))
        app.post_message(events.Key("down", None))
        try:
            # Not by the pilot, which waits for the dialog.
            for _ in range(1_000):
                await asyncio.sleep(0)
            assert isinstance(app.screen, PickDialog)
            # As the way of the first key would, if its end came only now.
            with app._context():
                await app._follow([])
            assert app._waiting
        finally:
            can.set()
        await answered(pilot)
        assert app.screen.options.cursor == 1
