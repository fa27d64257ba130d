"""The dialog of a save: what is made ready while it is open, and what Enter waits for."""

from __future__ import annotations

import errno
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from app.conftest import Start
from app.driving import opened, press, until
from app.terminal import Terminal
from textual.pilot import Pilot
from textual.screen import Screen

from tui.app.app import KrakendTui
from tui.app.on_disk import OnDisk
from tui.app.screens.dialogs import DiffDialog
from tui.app.widgets.bars import ProblemBar
from tui.document.diff import edits_between
from tui.storage.backup import list_backups
from tui.storage.read import ConfigFile
from tui.storage.save import PreparedSave, Saved
from tui.storage.state import state_folder

CONFIG = '{"version": 3, "name": "shop"}\n'


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "etc").mkdir()
    path = tmp_path / "etc" / "krakend.json"
    path.write_text(CONFIG)
    return path


def write(app: KrakendTui, old: str, new: str) -> None:
    """An unsaved edit."""
    text = app.session.document.text
    app.session.step(edits_between(text, text.replace(old, new)))


async def asked(pilot: Pilot[Any], config: Path) -> None:
    """Ask to save; the dialog is there, and everything made ready."""
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, DiffDialog))
    backups = state_folder(os.environ) / "backups"
    await until(pilot, lambda: len(os.listdir(config.parent)) == 2 and backups.exists())
    await until(pilot, lambda: bool(os.listdir(backups)))


def said(app: KrakendTui) -> str:
    return str(app.main.query_one(ProblemBar).render())


async def test_escape_leaves_the_folders_as_they_were(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        await asked(pilot, config)
        await pilot.press("escape")
        await until(pilot, lambda: not app.talks)
        assert os.listdir(config.parent) == ["krakend.json"]
        assert os.listdir(state_folder(os.environ) / "backups") == []
        assert config.read_text() == CONFIG
        # The text is unsaved as before, and kept.
        assert len(os.listdir(state_folder(os.environ) / "recovery")) == 1


def ask_to_save(terminal: Terminal, shop: Path) -> None:
    """A change, and the dialog that asks whether to write it; the new file lies ready by then."""
    before = len(os.listdir(shop.parent))
    terminal.wait("8 of 10 load")
    terminal.press("x", "ctrl+s")
    terminal.wait("Enter write")
    terminal.wait(lambda: len(os.listdir(shop.parent)) > before, "the new file")


def test_quitting_from_the_dialog_leaves_the_folders_as_they_were(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    before = sorted(os.listdir(shop.parent))
    backups = tmp_path / "state" / "krakend-tui" / "backups"
    with start(shop) as terminal:
        ask_to_save(terminal, shop)
        terminal.press("ctrl+q")
        terminal.wait("discard and quit")
        terminal.press("d")
        assert terminal.wait_exit() == 0
    assert sorted(os.listdir(shop.parent)) == before
    assert os.listdir(backups) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_over_the_dialog_leaves_the_text_kept_and_nothing_else(
    start: Start, shop: Path, tmp_path: Path, number: signal.Signals
) -> None:
    before = sorted(os.listdir(shop.parent))
    state = tmp_path / "state" / "krakend-tui"
    with start(shop) as terminal:
        ask_to_save(terminal, shop)
        terminal.wait(lambda: bool(os.listdir(state / "backups")), "the backup")
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == 128 + number
    assert sorted(os.listdir(shop.parent)) == before
    assert os.listdir(state / "backups") == []
    assert len(os.listdir(state / "recovery")) == 1


def test_what_kill_9_over_the_dialog_leaves_goes_with_the_next_start(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    before = sorted(os.listdir(shop.parent))
    backups = tmp_path / "state" / "krakend-tui" / "backups"
    with start(shop) as terminal:
        ask_to_save(terminal, shop)
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
    assert len(os.listdir(backups)) == 1
    with start(shop) as terminal:
        terminal.wait("Unsaved changes were found")
        assert sorted(os.listdir(shop.parent)) == before
        assert os.listdir(backups) == []


async def test_the_word_comes_with_the_end_of_the_dialog(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One paint, and not one of the screen below and another one of the word."""
    painted: list[str] = []
    refresh = Screen._compositor_refresh

    def painting(self: Screen[object]) -> None:
        if self is self.app.screen and not self.is_modal:
            painted.append(said(self.app))  # type: ignore[arg-type]
        refresh(self)

    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        await asked(pilot, config)
        monkeypatch.setattr(Screen, "_compositor_refresh", painting)
        await pilot.press("enter")
        await until(pilot, lambda: not app.session.modified and not app.talks)
        assert painted
        assert "Saved" in painted[0]
        assert config.read_text() == CONFIG.replace("shop", "market")
        assert os.listdir(config.parent) == ["krakend.json"]
        kept = list_backups(state_folder(os.environ), config)
        assert [backup.file.read_text() for backup in kept] == [CONFIG]


async def test_written_in_place_it_is_said_whole_in_80_columns(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why, and how the version before comes back. As for a file that is a mount point, which has
    the longest reason."""
    rename = os.rename

    def busy(source: str | Path, target: str | Path) -> None:
        if Path(target) == config:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        rename(source, target)

    monkeypatch.setattr(os, "rename", busy)
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        await asked(pilot, config)
        await pilot.press("enter")
        await until(pilot, lambda: not app.session.modified and not app.talks)
        words = " ".join(said(app).split())
        assert "refuses a new file (Device or resource busy)" in words
        assert "`krakend-tui restore` has the version before" in words
    assert config.read_text() == CONFIG.replace("shop", "market")


async def test_behind_a_slow_disk_the_dialog_goes_first_and_keys_wait(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    commit = PreparedSave.commit

    def slow(self: PreparedSave) -> object:
        assert goes_on.wait(30)
        return commit(self)

    monkeypatch.setattr(PreparedSave, "commit", slow)
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        await asked(pilot, config)
        try:
            await pilot.press("enter", "x")
            await until(pilot, lambda: app.screen is app.main)
            assert app.session.modified
            assert "Saved" not in said(app)
            assert "market" in app.session.document.text
            assert app.session.field_text("pattern") == ""
        finally:
            goes_on.set()
        await until(pilot, lambda: app.session.field_text("pattern") == "x")
        assert config.read_text() == CONFIG.replace("shop", "market")


async def test_while_we_write_nobody_looks_whether_somebody_wrote(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In place, the text has line ends behind it for a moment."""
    new = CONFIG.replace("shop", "market")
    wrote, goes_on, looked = threading.Event(), threading.Event(), threading.Event()
    commit, look = PreparedSave.commit, OnDisk.look

    def slow(self: PreparedSave) -> Saved:
        saved = commit(self)
        config.write_text(f"{new}\n\n")
        wrote.set()
        assert goes_on.wait(30)
        config.write_text(new)
        return saved

    def looking(self: OnDisk) -> ConfigFile | None:
        if wrote.is_set() and not goes_on.is_set():
            looked.set()
        return look(self)

    monkeypatch.setattr(PreparedSave, "commit", slow)
    monkeypatch.setattr(OnDisk, "look", looking)
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        await asked(pilot, config)
        try:
            await pilot.press("enter")
            await until(pilot, wrote.is_set)
            app.config_changed()
            for _ in range(20):
                await pilot.pause()
            assert not looked.is_set()
        finally:
            goes_on.set()
        await until(pilot, lambda: not app.session.modified and not app.talks)
        assert "Saved" in said(app)
        assert not app.session.on_disk.must_ask


async def test_typing_after_a_save_is_a_step_of_its_own(config: Path) -> None:
    async with opened(config) as (app, pilot):
        await pilot.press("a")
        await press(pilot, "ctrl+s", "enter")
        if app.screen.is_modal:  # Errors remain: asked once more.
            await press(pilot, "y")
        assert not app.session.modified
        await press(pilot, "b")
        assert app.session.field_text("pattern") == "ab"
        await press(pilot, "ctrl+z")
        assert app.session.field_text("pattern") == "a"
        assert not app.session.modified


async def test_with_errors_left_only_y_behind_the_warning_writes(config: Path) -> None:
    """Neither a hasty second Enter nor a `y` before the warning was there."""
    async with opened(config) as (app, pilot):
        await press(pilot, "x", "ctrl+s")
        for key in ("y", "enter", "enter", "enter"):
            await press(pilot, key)
            assert isinstance(app.screen, DiffDialog)
            assert config.read_text() == CONFIG
        await press(pilot, "y")
        assert app.screen is app.main
        assert config.read_text() == app.session.document.text


async def test_what_cannot_be_made_ready_is_said_at_enter(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(config) as (app, pilot):
        write(app, "shop", "market")
        full = config.parent / "krakend.json"
        monkeypatch.setattr(os, "fsync", _no_space)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, DiffDialog))
        await until(pilot, lambda: os.listdir(config.parent) == ["krakend.json"])
        assert "not saved" not in said(app)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.is_modal and app.screen is not app.main)
        await until(pilot, lambda: not isinstance(pilot.app.screen, DiffDialog))
        shown = " ".join(str(widget.render()) for widget in app.screen.query("Static"))
        assert "was not saved: No space left on device." in shown
        assert "Nor is your text kept for the next start: No space left on device" in shown
        assert full.read_text() == CONFIG


async def test_text_that_no_file_can_hold_is_said_at_once(config: Path) -> None:
    async with opened(config) as (app, pilot):
        write(app, "shop", "\ud800")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Not saved: line 1" in said(app))
        assert "surrogate pair" in said(app)
        assert app.screen is app.main
        assert config.read_text() == CONFIG


def _no_space(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")
