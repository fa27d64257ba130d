"""Two real sessions on one file, sessions that are killed, and files that cannot be written."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from app.conftest import Start
from app.driving import opened, press, until
from app.terminal import Terminal
from textual.widgets import Input

from tui.app.screens.dialogs import ChoiceDialog
from tui.app.screens.path_dialog import PathDialog
from tui.app.words import opening_note
from tui.storage import read, save
from tui.storage.recovery import find_recovery


def kept_text(config: Path, tmp_path: Path) -> bytes | None:
    """What a next start would be offered while no session runs."""
    found = find_recovery(config, state=tmp_path / "state" / "krakend-tui")
    return None if found is None else found.data


def kill(terminal: Terminal) -> None:
    """kill -9, and the session really gone."""
    os.killpg(terminal.process.pid, signal.SIGKILL)
    terminal.process.wait()


def kept_file(tmp_path: Path) -> bytes:
    folder = tmp_path / "state" / "krakend-tui" / "recovery"
    files = list(folder.iterdir()) if folder.is_dir() else []
    return b"".join(file.read_bytes() for file in files if not file.name.startswith("."))


def type_and_wait_until_kept(terminal: Terminal, tmp_path: Path, text: str) -> None:
    terminal.press(text)
    wanted = f'"pattern": ".so{text}"'.encode()
    terminal.wait(lambda: wanted in kept_file(tmp_path), "the recovery file")


def test_the_second_session_looks_or_takes_over(start: Start, shop: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(start(shop))
        sessions = tmp_path / "state" / "krakend-tui" / "sessions"
        first.wait(lambda: bool(list(sessions.glob("[0-9a-f]*"))), "the lock")
        second = stack.enter_context(start(shop))
        second.wait("is open in another session")
        pid = re.search(r"Process (\d+)", second.text)
        assert pid is not None
        second.press("l")
        second.wait("look only")
        second.press("x")
        second.wait("Another session edits this file")
        second.wait("8 of 10 load")
        assert "●" not in second.lines[0]
        second.press("f4")
        second.wait("only looks at the file. ctrl+s asks to take it over")

        second.press("ctrl+s")
        second.wait("is open in another session")
        second.press("t")
        second.wait("Taken over")
        second.press("x")
        second.wait("0 of 10 load")

        first.press("y", "ctrl+s")
        first.wait("is open in another session")
        first.press("escape")
        first.wait("look only")
        second.press("ctrl+s")
        second.wait("Enter write")
        second.press("enter")
        second.wait("anyway")
        second.press("y")
        second.wait("Saved")
    assert b'"pattern": ".sox"' in shop.read_bytes()


def test_who_is_taken_over_from_while_it_reads_its_diff_is_asked_at_enter(
    start: Start, shop: Path
) -> None:
    before = shop.read_bytes()
    listed = sorted(os.listdir(shop.parent))
    with ExitStack() as stack:
        first = stack.enter_context(start(shop))
        first.wait("8 of 10 load")
        first.press("x", "ctrl+s")
        first.wait("Enter write")
        second = stack.enter_context(start(shop))
        second.wait("is open in another session")
        second.press("t")
        second.wait("Taken over")
        first.press("enter")
        first.wait("anyway")
        first.press("y")
        first.wait("is open in another session")
        assert shop.read_bytes() == before
        assert sorted(os.listdir(shop.parent)) == listed
        first.press("t")
        first.wait("Enter write")
        first.press("enter")
        first.wait("anyway")
        first.press("y")
        first.wait("Saved")
    assert shop.read_bytes() == before.replace(b'".so"', b'".sox"')


def test_a_session_that_ended_or_was_killed_holds_nothing(start: Start, shop: Path) -> None:
    with start(shop) as first:
        first.wait("8 of 10 load")
        kill(first)
    with start(shop) as second:
        second.wait("8 of 10 load")
        second.press("ctrl+q")
        assert second.wait_exit() == 0
    with start(shop) as third:
        third.wait("8 of 10 load")
        third.press("ctrl+q")
        assert third.wait_exit() == 0
        assert "another session" not in third.text


def test_a_pause_in_typing_is_enough_for_kill_9(start: Start, shop: Path, tmp_path: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        type_and_wait_until_kept(terminal, tmp_path, "x")
        kill(terminal)
    assert shop.read_bytes() == before

    with start(shop) as terminal:
        terminal.wait("k keep for later")
        terminal.wait('+    "pattern": ".sox"')
        terminal.press("k")
        terminal.wait("8 of 10 load")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert kept_text(shop, tmp_path) == before.replace(b'".so"', b'".sox"')

    with start(shop) as terminal:
        terminal.wait("r restore")
        terminal.press("r")
        terminal.wait("0 of 10 load")
        kill(terminal)
    with start(shop) as terminal:
        terminal.wait("d discard")
        terminal.press("d")
        terminal.wait("8 of 10 load")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert kept_text(shop, tmp_path) is None
    assert shop.read_bytes() == before


def test_what_is_saved_or_undone_leaves_no_recovery(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        type_and_wait_until_kept(terminal, tmp_path, "x")
        terminal.press("ctrl+z")
        terminal.wait(lambda: not kept_file(tmp_path), "the recovery file to go")
        type_and_wait_until_kept(terminal, tmp_path, "y")
        terminal.press("ctrl+s")
        terminal.wait("Enter write")
        terminal.press("enter")
        terminal.wait("anyway")
        terminal.press("y")
        terminal.wait("Saved")
        # Behind the word of it, which need not wait for that.
        terminal.wait(lambda: not kept_file(tmp_path), "the recovery file to go")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_right_after_a_key_keeps_it(
    start: Start, shop: Path, tmp_path: Path, number: int
) -> None:
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        terminal.press("x")
        terminal.wait("0 of 10 load")
        os.killpg(terminal.process.pid, number)
        assert terminal.wait_exit() == 128 + number
    assert b'".sox"' in (kept_text(shop, tmp_path) or b"")


def test_a_change_on_disk_is_told_with_what_was_kept(
    start: Start, shop: Path, tmp_path: Path
) -> None:
    with start(shop) as terminal:
        terminal.wait("8 of 10 load")
        type_and_wait_until_kept(terminal, tmp_path, "x")
        kill(terminal)
    shop.write_bytes(shop.read_bytes().replace(b"Shop", b"Another"))
    with start(shop) as terminal:
        terminal.wait("the file was changed since")


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everything: what storage says to somebody who may not (its own tests have
    the real thing)."""

    def refuse(_: Path) -> OSError:
        return OSError(13, "this user may not write it (it belongs to user id 0)")

    monkeypatch.setattr(read, "refusal_to_write", refuse)
    monkeypatch.setattr(save, "refusal_to_write", refuse)


async def test_a_file_that_cannot_be_written_is_saved_elsewhere(
    shop: Path, tmp_path: Path, unwritable: None
) -> None:
    before = shop.read_bytes()
    (tmp_path / "taken.json").write_text("theirs")
    async with opened(shop) as (app, pilot):
        note = opening_note(app.session)
        assert "Read-only: this user may not write it" in note
        assert "elsewhere" in note
        assert "sudo" in note
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, PathDialog))
        app.screen.query_one(Input).value = str(tmp_path / "taken.json")
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query("#warning")))
        app.screen.query_one(Input).value = str(tmp_path / "copy.json")
        await pilot.press("enter")
        copy = tmp_path / "copy.json"
        await until(pilot, copy.exists)
    assert copy.read_bytes() == before.replace(b'".so"', b'".sox"')
    assert shop.read_bytes() == before
    assert (tmp_path / "taken.json").read_text() == "theirs"


async def test_the_sudo_command_puts_the_text_in_its_place(
    shop: Path, unwritable: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.read_bytes()
    async with opened(shop) as (app, pilot):
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("s")
        await until(pilot, lambda: bool(app.saving.last_words))
        command = app.saving.last_words[-1]
        assert shlex.split(command)[:2] == ["sudo", "cp"]
        subprocess.run(["sh", "-c", command.removeprefix("sudo ")], check=True)
        assert shop.read_bytes() == before.replace(b'".so"', b'".sox"')
        await until(pilot, lambda: not app.session.modified)
        # Run once more, later, it would put an old text over a newer one.
        assert app.saving.last_words == []


async def test_the_sudo_command_is_not_printed_for_another_text_nor_for_one_that_is_discarded(
    shop: Path, unwritable: None
) -> None:
    async with opened(shop) as (app, pilot):
        await press(pilot, "x", "ctrl+s", "s", "escape")
        assert "sudo" in app.saving.last_words[-1]
        await press(pilot, "y")
        assert app.saving.last_words == []
        await press(pilot, "ctrl+s", "s", "escape")
        assert "sudo" in app.saving.last_words[-1]
        await press(pilot, "ctrl+q", "d")
        await until(pilot, lambda: app._exit)
        assert app.saving.last_words == []
