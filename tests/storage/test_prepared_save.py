"""A save that is made ready first, and then is only a last look and a rename.

Whatever happens in between, it ends as one that is made at once; and what Enter waits for is
counted: calls, bytes and digests.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from other_user import unprivileged

from tui.app.on_disk import OnDisk, Snapshot
from tui.app.save_ahead import SaveAhead
from tui.document.change import ChangeSet
from tui.errors import KrakendTuiError
from tui.storage.backup import keep_backup, list_backups
from tui.storage.read import read_config
from tui.storage.recovery import find_recovery
from tui.storage.save import PreparedSave, prepare_save, save_config
from tui.storage.state import state_folder

OLD, NEW = b'{"version": 3}\n', b'{"version": 3, "port": 8080}\n'


def _nothing(path: Path, state: Path) -> None:
    pass


def _chmod(path: Path, state: Path) -> None:
    path.chmod(0o640)


def _set_id(path: Path, state: Path) -> None:
    path.chmod(path.stat().st_mode | 0o4000)


def _chown(path: Path, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: giving a file to somebody else needs root")
    os.chown(path, 1234, -1)


def _chgrp(path: Path, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: giving a file to another group needs root")
    os.chown(path, -1, 4321)


def _attribute(path: Path, state: Path) -> None:
    try:
        os.setxattr(path, "user.origin", b"ansible")
    except OSError as error:
        pytest.skip(f"NOT TESTED HERE: no extended attributes on this disk ({error.strerror})")


def _second_link(path: Path, state: Path) -> None:
    os.link(path, path.parent / "second")


def _same_bytes_anew(path: Path, state: Path) -> None:
    path.unlink()
    path.write_bytes(OLD)
    path.chmod(0o600)


def _link_elsewhere(path: Path, state: Path) -> None:
    (path.parent / "other").mkdir()
    (path.parent / "other" / "real.json").write_bytes(OLD)
    path.unlink()
    path.symlink_to("other/real.json")


def _other_bytes(path: Path, state: Path) -> None:
    path.write_bytes(b"theirs")


def _as_many_other_bytes(path: Path, state: Path) -> None:
    path.write_bytes(OLD[::-1])


def _just_what_is_written(path: Path, state: Path) -> None:
    path.write_bytes(NEW)


def _deleted(path: Path, state: Path) -> None:
    path.unlink()


def _fifo(path: Path, state: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _cleaned_up(path: Path, state: Path) -> None:
    for folder in (path.parent, state / "backups"):
        if folder.exists():
            for name in os.listdir(folder):
                if name.endswith(".krakend-tui"):
                    (folder / name).unlink()


def _rewritten_new_file(path: Path, state: Path) -> None:
    for name in os.listdir(path.parent):
        if name.endswith(".krakend-tui"):
            (path.parent / name).write_bytes(NEW[::-1])


def _new_file_is_a_link(path: Path, state: Path) -> None:
    """To the very file that was made ready."""
    for name in os.listdir(path.parent):
        if name.endswith(".krakend-tui"):
            (path.parent / name).rename(path.with_name("moved"))
            (path.parent / name).symlink_to("moved")
    path.with_name("moved").touch()


def _state_gone(path: Path, state: Path) -> None:
    if state.exists():
        state.rename(state.with_name("away"))


def _backup_of_another(path: Path, state: Path) -> None:
    keep_backup(state, path, b"an older one")


def _same_backup_of_another(path: Path, state: Path) -> None:
    keep_backup(state, path, OLD)


MEDDLING = [
    _nothing,
    _chmod,
    _set_id,
    _chown,
    _chgrp,
    _attribute,
    _second_link,
    _same_bytes_anew,
    _link_elsewhere,
    _other_bytes,
    _as_many_other_bytes,
    _just_what_is_written,
    _deleted,
    _fifo,
    _cleaned_up,
    _rewritten_new_file,
    _new_file_is_a_link,
    _state_gone,
    _backup_of_another,
    _same_backup_of_another,
]


def _outcome(
    folder: Path, meddle: Callable[[Path, Path], None], *, is_ahead: bool
) -> tuple[object, list[bytes]]:
    """What is told and what is there after a save, with meddling before its last step; and the
    backups."""
    folder.mkdir()
    path, state = folder / "krakend.json", folder.with_name(f"{folder.name}'s") / "krakend-tui"
    path.write_bytes(OLD)
    file = read_config(path)
    prepared = prepare_save(file, NEW, state=state) if is_ahead else None
    meddle(path, state)
    told = ""
    try:
        if prepared is not None and prepared.fits:
            saved = prepared.commit()
        else:
            saved = save_config(file, NEW, state=state)
        told = saved.how
        assert read_config(path) == saved.file
        assert saved.backup is not None
        assert saved.backup.read_bytes() == OLD
    except KrakendTuiError as error:
        told = error.kind
    finally:
        if prepared is not None:
            prepared.close()
    status = os.lstat(path) if path.is_symlink() or path.exists() else None
    looks = status and (status.st_mode, status.st_uid, status.st_gid)
    backups = list_backups(state, Path(os.path.realpath(path)))
    if state.exists():
        assert not any(name.endswith(".krakend-tui") for name in os.listdir(state / "backups"))
    return (
        told,
        looks,
        status and status.st_nlink,
        path.read_bytes() if path.is_file() else None,
        os.listxattr(path) if path.is_file() else None,
        sorted(os.listdir(folder)),
    ), [backup.file.read_bytes() for backup in backups]


@pytest.mark.parametrize("meddle", MEDDLING)
def test_it_ends_as_one_made_at_once(tmp_path: Path, meddle: Callable[[Path, Path], None]) -> None:
    at_once, kept = _outcome(tmp_path / "at once", meddle, is_ahead=False)
    ahead, kept_ahead = _outcome(tmp_path / "ahead", meddle, is_ahead=True)
    assert ahead == at_once
    # A version that somebody else replaced meanwhile may be kept too.
    assert kept_ahead in (kept, [OLD, *kept])
    assert kept_ahead == [*dict.fromkeys(kept_ahead)]


def test_a_link_that_leads_elsewhere_meanwhile_is_not_saved_where_it_led(
    tmp_path: Path, state: Path
) -> None:
    for name in ("blue", "green"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "krakend.json").write_bytes(OLD)
    path = tmp_path / "krakend.json"
    path.symlink_to("blue/krakend.json")
    prepared = prepare_save(read_config(path), NEW, state=state)
    assert prepared.fits
    path.unlink()
    path.symlink_to("green/krakend.json")
    assert not prepared.fits
    prepared.close()


def test_a_file_that_may_not_be_written_any_more_is_not_taken_for_one_that_may(
    shared: Path,
) -> None:
    """Nor where it would be written in place, and its looks are not compared."""
    shared.chmod(0o777)
    path = shared / "krakend.json"
    with unprivileged():
        path.write_bytes(OLD)
        os.link(path, shared / "second")
        prepared = prepare_save(read_config(path), NEW, state=shared / "krakend-tui")
        assert prepared.fits
        path.chmod(0o400)
        assert not prepared.fits
        prepared.close()


def test_where_no_new_file_will_do_none_is_left_while_the_diff_is_read(shared: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: a file of somebody else needs root")
    shared.chmod(0o777)
    path = shared / "krakend.json"
    path.write_bytes(OLD)
    path.chmod(0o666)
    with unprivileged():
        prepared = prepare_save(read_config(path), NEW, state=shared / "krakend-tui")
        assert sorted(os.listdir(shared)) == ["krakend-tui", "krakend.json"]
        assert prepared.fits
        assert prepared.commit().how == "in-place"
        prepared.close()
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("is_ahead", [False, True])
def test_what_cannot_be_renamed_leaves_its_room_to_writing_in_place(
    tmp_path: Path, state: Path, mount: Callable[..., None], is_ahead: bool
) -> None:
    """A mount point on a disk with room for the old text and the new one, but not twice."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=100k", "tmpfs", str(disk))
    source, path = disk / "source", disk / "krakend.json"
    source.write_bytes(b"a" * 20_000)
    path.touch()
    mount("--bind", str(source), str(path))
    new = b"b" * 60_000
    if is_ahead:
        prepared = prepare_save(read_config(path), new, state=state)
        saved = prepared.commit()
        prepared.close()
    else:
        saved = save_config(read_config(path), new, state=state)
    assert saved.how == "in-place"
    assert source.read_bytes() == new


def test_what_is_not_wanted_leaves_nothing(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(OLD)
    before = path.stat()
    prepared = prepare_save(read_config(path), NEW, state=state)
    assert len(os.listdir(tmp_path)) == 3
    assert list_backups(state, path) == ()
    prepared.close()
    assert sorted(os.listdir(tmp_path)) == ["krakend.json", "state"]
    assert os.listdir(state / "backups") == []
    assert path.stat() == before


def test_the_prepared_file_is_private_where_the_config_is(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(OLD)
    path.chmod(0o600)
    prepared = prepare_save(read_config(path), NEW, state=state)
    for folder in (tmp_path, state / "backups"):
        (name,) = (name for name in os.listdir(folder) if name.endswith(".krakend-tui"))
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    prepared.close()


def test_the_newest_versions_are_kept_and_no_more(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(b"0")
    for number in range(1, 25):
        prepared = prepare_save(read_config(path), b"%d" % number, state=state)
        prepared.commit()
        prepared.close()
    kept = [backup.file.read_bytes() for backup in list_backups(state, path)]
    assert kept == [b"%d" % number for number in range(23, 3, -1)]


def test_what_a_killed_save_left_among_the_backups_is_swept(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(OLD)
    killed = prepare_save(read_config(path), NEW, state=state)
    (left,) = (state / "backups").iterdir()
    os.utime(left, (1, 1))
    save_config(read_config(path), NEW, state=state)
    assert not left.exists()
    assert len(list_backups(state, path)) == 1
    killed.close()


class Counted:
    """What happens between two moments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        sha256 = hashlib.sha256
        for name in ("read", "pwrite", "fsync", "rename", "unlink"):
            monkeypatch.setattr(os, name, self._counting(name, getattr(os, name)))

        def digesting(data: bytes) -> object:
            self.calls["sha256"] += 1
            self.bytes["sha256"] += len(data)
            return sha256(data)

        monkeypatch.setattr(hashlib, "sha256", digesting)

    def _counting(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def counting(*arguments: object) -> object:
            result = call(*arguments)
            self.calls[name] += 1
            self.bytes[name] += len(result) if isinstance(result, bytes) else 0
            return result

        return counting

    def clear(self) -> None:
        self.calls.clear()
        self.bytes.clear()


@pytest.mark.parametrize("size", [1_000, 3_000_000])
def test_enter_waits_for_one_look_and_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Nothing is written or digested. Both files are read once, to be compared."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    state = state_folder(os.environ)
    path = tmp_path / "krakend.json"
    path.write_bytes(b"%*d" % (size, 1))
    disk = OnDisk(path)
    disk.document.apply(ChangeSet.replace(size, 0, 1, "2"))
    counted = Counted(monkeypatch)
    ahead = SaveAhead(disk)
    ahead.prepare()
    assert counted.calls["fsync"] == 4
    counted.clear()

    saved = ahead.write()
    ahead.wrote(saved)

    assert counted.bytes["read"] == 2 * size
    assert counted.calls["pwrite"] == 0
    # Of the folder of the backups, and of that of the file.
    assert counted.calls["fsync"] == 2
    assert counted.calls["rename"] == 2
    assert counted.calls["unlink"] == 0
    # A name is made from the path.
    assert counted.bytes["sha256"] < 1_000
    assert find_recovery(path) is not None

    ahead.close()
    assert find_recovery(path) is None
    assert [backup.file.read_bytes() for backup in list_backups(state, path)] == [
        b"%*d" % (size, 1)
    ]


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnDisk:
    """An open config with a change that is not saved; its folder holds nothing else."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "etc" / "krakend.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    disk = OnDisk(path)
    disk.document.apply(ChangeSet.replace(len(OLD), 0, 0, " "))
    return disk


def test_text_kept_since_outlives_the_end_of_a_save(edited: OnDisk) -> None:
    ahead = SaveAhead(edited)
    ahead.prepare()
    ahead.wrote(ahead.write())
    edited.document.apply(ChangeSet.replace(len(OLD) + 1, 0, 0, " "))
    assert edited.keep() is None
    ahead.close()
    found = find_recovery(edited.path)
    assert found is not None
    assert found.data == b"  " + OLD


def test_a_save_that_is_over_makes_nothing_ready(edited: OnDisk) -> None:
    ahead = SaveAhead(edited)
    ahead.close()
    ahead.prepare()
    assert os.listdir(edited.path.parent) == ["krakend.json"]
    with pytest.raises(ValueError, match="over"):
        ahead.write()


class Turns:
    """The lock of a save; `reached` is set when somebody has to wait for it."""

    def __init__(self, reached: threading.Event) -> None:
        self._lock = threading.Lock()
        self._reached = reached

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._reached.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_a_save_that_ends_while_it_is_made_ready_leaves_nothing(
    edited: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escape is quicker than the disk."""
    began, reached, goes_on = threading.Event(), threading.Event(), threading.Event()
    prepare = OnDisk.prepare

    def slow(self: OnDisk, snapshot: Snapshot) -> PreparedSave | None:
        began.set()
        assert goes_on.wait(30)
        return prepare(self, snapshot)

    monkeypatch.setattr(OnDisk, "prepare", slow)
    ahead = SaveAhead(edited)
    ahead._turns = Turns(reached)  # type: ignore[assignment]

    def close() -> None:
        ahead.close()
        reached.set()

    threads = [threading.Thread(target=ahead.prepare), threading.Thread(target=close)]
    threads[0].start()
    assert began.wait(30)
    threads[1].start()
    assert reached.wait(30)
    goes_on.set()
    for thread in threads:
        thread.join()
    assert os.listdir(edited.path.parent) == ["krakend.json"]
    assert os.listdir(state_folder(os.environ) / "backups") == []
