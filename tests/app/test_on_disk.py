"""What is kept for the next start and who holds the file, also where the state folder fails."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from app.driving import answered, opened, press, until

from tui.app.on_disk import OnDisk
from tui.app.screens.dialogs import ChoiceDialog
from tui.app.widgets.bars import ProblemBar
from tui.document.diff import edits_between
from tui.storage.lock import open_session
from tui.storage.process import ProcessId
from tui.storage.recovery import find_recovery, write_recovery


@pytest.fixture
def disk(tmp_path: Path) -> OnDisk:
    path = tmp_path / "krakend.json"
    path.write_text("{}\n")
    return OnDisk(path)


def write(disk: OnDisk, text: str) -> None:
    disk.document.apply(edits_between(disk.document.text, text))


def no_room(target: Path, *_pieces: bytes) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))


def kept(disk: OnDisk) -> bytes | None:
    found = find_recovery(disk.file.real_path)
    return None if found is None else found.data


async def test_that_nothing_can_be_kept_is_said_whole_in_80_columns(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.storage.recovery.write_private", no_room)
    async with opened(shop) as (app, pilot):
        await press(pilot, "x")
        bar = app.main.query_one(ProblemBar)
        await until(pilot, lambda: "cannot be kept" in str(bar.render()))
        words = " ".join(str(bar.render()).split())
        assert "Unsaved text cannot be kept: No space left on device in the state folder." in words
        assert "Save now, and see to" in words


def test_a_late_thread_does_not_put_an_older_text_over_a_newer(disk: OnDisk) -> None:
    write(disk, '{"a": 1}\n')
    late = disk.keeping()
    assert late is not None
    write(disk, '{"a": 2}\n')
    assert disk.keep() is None
    assert disk.keep_later(*late) is None
    assert kept(disk) == b'{"a": 2}\n'


@pytest.mark.parametrize("how", ["save", "undo", "forget"])
def test_a_late_thread_brings_nothing_back_that_is_not_wanted_any_more(
    disk: OnDisk, how: str
) -> None:
    write(disk, '{"a": 1}\n')
    late = disk.keeping()
    assert late is not None
    if how == "save":
        disk.save()
    elif how == "undo":
        disk.document.undo()
        disk.keep()
    else:
        disk.forget()
    assert disk.keep_later(*late) is None
    assert kept(disk) is None


def test_text_that_was_kept_is_kept_anew_before_a_save_if_it_is_an_older_one(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the newer one could not be kept at first."""
    write(disk, '{"a": 1}\n')
    assert disk.keep() is None
    write(disk, '{"a": 2}\n')
    snapshot = disk.snapshot()
    with monkeypatch.context() as full:
        full.setattr("tui.storage.recovery.write_private", no_room)
        prepared = disk.prepare(snapshot)
    assert kept(disk) == b'{"a": 1}\n'
    disk.write(snapshot, prepared)
    assert kept(disk) == b'{"a": 2}\n'
    assert prepared is not None
    prepared.close()


def test_at_once_too(disk: OnDisk) -> None:
    write(disk, '{"a": 1}\n')
    assert disk.keep() is None
    write(disk, '{"a": 2}\n')
    disk.write(disk.snapshot())
    assert kept(disk) == b'{"a": 2}\n'


def test_text_whose_recovery_somebody_removed_is_kept_anew(disk: OnDisk) -> None:
    write(disk, '{"a": 1}\n')
    snapshot = disk.snapshot()
    prepared = disk.prepare(snapshot)
    found = find_recovery(disk.path)
    assert found is not None
    found.file.unlink()
    disk.write(snapshot, prepared)
    assert kept(disk) == b'{"a": 1}\n'
    assert prepared is not None
    prepared.close()


def test_what_somebody_else_wrote_just_so_is_saved(disk: OnDisk) -> None:
    write(disk, '{"a": 1}\n')
    disk.path.write_text('{"a": 1}\n')
    disk.save()
    assert not disk.document.modified
    assert kept(disk) is None


def test_what_came_into_the_file_by_another_way_is_not_kept(disk: OnDisk) -> None:
    """By the sudo command, say."""
    write(disk, '{"a": 1}\n')
    assert disk.keep() is None
    disk.path.write_text('{"a": 1}\n')
    found = disk.look()
    assert found is not None
    assert disk.take_as_saved(found)
    assert kept(disk) is None


def test_what_is_restored_stays_where_it_lay_until_this_session_keeps_it(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(disk.path, b"[]\n", 1.0, monkeypatch)
    found = disk.find_recovery()
    assert found is not None
    with monkeypatch.context() as full:
        full.setattr("tui.storage.recovery.write_private", no_room)
        disk.restore(found)
    assert found.file.exists()
    disk.restore(found)
    assert not found.file.exists()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder where nothing can be removed, as on a disk that was mounted read-only."""

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "unlink", unlink)


def left_behind(config: Path, data: bytes, now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """By sessions that have ended."""
    with monkeypatch.context() as patched:
        ended = ProcessId("ended", int(now), "1")
        patched.setattr("tui.storage.recovery.this_process", lambda: ended)
        patched.setattr("tui.storage.recovery.SESSION", f"{now}")
        write_recovery(config, data, "", now=now)


def test_what_is_in_the_file_by_now_is_not_offered_even_if_it_cannot_be_removed(
    disk: OnDisk, stuck: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(disk.path, b"older", 1.0, monkeypatch)
    left_behind(disk.path, b"{}\n", 2.0, monkeypatch)
    found = disk.find_recovery()
    assert found is not None
    assert found.data == b"older"


def test_what_is_in_the_file_by_now_is_not_offered_later_either(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the file has changed once more."""
    left_behind(disk.path, b"{}\n", 1.0, monkeypatch)
    assert disk.find_recovery() is None
    disk.path.write_text("[]\n")
    assert OnDisk(disk.path).find_recovery() is None


async def test_what_cannot_be_removed_is_said_and_not_asked_again_and_again(
    shop: Path, stuck: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(shop, b"{}", 1.0, monkeypatch)
    async with opened(shop) as (app, pilot):
        await answered(pilot)
        assert isinstance(app.screen, ChoiceDialog)
        await press(pilot, "d")
        assert app.screen is app.main
        assert "cannot be removed" in str(app.main.query_one(ProblemBar).render())


async def test_a_file_is_taken_over_also_where_that_cannot_be_written_down(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state folder's disk is full."""

    session = open_session(shop)
    record = json.loads(session.file.read_bytes())
    session.file.write_text(json.dumps(record | {"host": "another"}))
    monkeypatch.setattr("tui.storage.lock.write_private", no_room)
    async with opened(shop) as (app, pilot):
        await press(pilot, "t")
        assert "the other session is not told" in str(app.main.query_one(ProblemBar).render())
        await press(pilot, "x")
        assert app.session.modified
