"""New files: closed once, and gone where they were not wanted."""

import errno
import os
import stat
from pathlib import Path

import pytest

from tui.storage.backup import PreparedBackup, keep_backup
from tui.storage.disk import new_beside
from tui.storage.errors import StateUnwritable
from tui.storage.read import digest_of
from tui.storage.recovery import write_recovery


def test_a_file_is_closed_once_also_when_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By then the descriptor may be another thread's."""
    closed: list[int] = []
    close = os.close

    def late(descriptor: int) -> None:
        closed.append(descriptor)
        close(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    new = new_beside(tmp_path / "krakend.json")
    monkeypatch.setattr(os, "close", late)
    with pytest.raises(OSError, match="error"):
        new.finish()
    new.discard()
    assert closed == [new.descriptor]
    assert not new.path.exists()


def test_what_is_given_up_is_closed(tmp_path: Path) -> None:
    new = new_beside(tmp_path / "krakend.json")
    new.discard()
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(new.descriptor)


def test_a_version_that_was_among_the_backups_and_is_gone_is_kept_again(
    tmp_path: Path, state: Path
) -> None:
    path = tmp_path / "krakend.json"
    newest = keep_backup(state, path, b"old")
    prepared = PreparedBackup(state, path, b"old", digest_of(b"old"))
    newest.unlink()
    assert prepared.keep().read_bytes() == b"old"
    prepared.discard()


def test_a_version_that_another_session_has_put_its_own_before_is_kept_again(
    tmp_path: Path, state: Path
) -> None:
    path = tmp_path / "krakend.json"
    keep_backup(state, path, b"old")
    prepared = PreparedBackup(state, path, b"old", digest_of(b"old"))
    keep_backup(state, path, b"another's")
    assert prepared.keep().read_bytes() == b"old"
    prepared.discard()


def test_a_version_that_cannot_be_kept_leaves_nothing(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "krakend.json"
    prepared = PreparedBackup(state, path, b"old", digest_of(b"old"))
    other = keep_backup(state, path, b"another's")

    def fails(source: Path, target: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "rename", fails)
    with pytest.raises(StateUnwritable):
        prepared.keep()
    prepared.discard()
    assert os.listdir(state / "backups") == [other.name]


def test_a_name_that_the_disk_did_not_confirm_is_not_taken_for_kept(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def late(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", late)
    with pytest.raises(StateUnwritable):
        write_recovery(tmp_path / "krakend.json", b"new", "", state=state)
    with pytest.raises(StateUnwritable):
        keep_backup(state, tmp_path / "krakend.json", b"old")
