import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_user import unprivileged

from tui.storage.backup import list_backups
from tui.storage.errors import (
    ChangedOnDisk,
    DiskFull,
    NotRegular,
    ReadOnlyFileSystem,
    SaveError,
    SaveNotPermitted,
)
from tui.storage.read import read_config
from tui.storage.save import save_config

OLD, NEW = b'{"version": 3}\n', b'{"version": 3, "port": 8080}\n'


def _config(folder: Path, data: bytes = OLD) -> Path:
    path = folder / "krakend.json"
    path.write_bytes(data)
    return path


def _nothing_else(folder: Path, *names: str) -> None:
    assert sorted(os.listdir(folder)) == sorted(names or ("krakend.json",))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(old=st.binary(max_size=200), new=st.binary(max_size=200))
@pytest.mark.parametrize("links", [1, 2])
def test_any_bytes_are_saved_exactly(
    tmp_path_factory: pytest.TempPathFactory, links: int, old: bytes, new: bytes
) -> None:
    folder = tmp_path_factory.mktemp("config")
    state = tmp_path_factory.mktemp("state") / "krakend-tui"
    path = _config(folder, old)
    if links == 2:
        os.link(path, folder / "second")

    saved = save_config(read_config(path), new, state=state)

    assert path.read_bytes() == new == saved.file.data
    assert saved.how == ("renamed" if links == 1 else "in-place")
    assert read_config(path) == saved.file
    assert [backup.file.read_bytes() for backup in list_backups(state, path)] == [old]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755, 0o4755, 0o2640])
def test_the_mode_is_kept(tmp_path: Path, state: Path, mode: int) -> None:
    path = _config(tmp_path)
    path.chmod(mode)
    save_config(read_config(path), NEW, state=state)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_owner_and_group_are_kept(tmp_path: Path, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: giving a file to somebody else needs root")
    path = _config(tmp_path)
    os.chown(path, 1234, 4321)
    saved = save_config(read_config(path), NEW, state=state)
    assert saved.how == "renamed"
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_who_may_write_the_file_but_not_own_it_writes_in_place(shared: Path, state: Path) -> None:
    """A new file would belong to whoever saved it."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: a file of somebody else needs root")
    folder = shared / "team"
    folder.mkdir()
    folder.chmod(0o777)
    path = _config(folder)
    path.chmod(0o666)
    state = shared / "nobodys"
    state.mkdir()
    state.chmod(0o777)
    with unprivileged():
        saved = save_config(read_config(path), NEW, state=state / "krakend-tui")
    assert saved.how == "in-place"
    assert "owner" in saved.note
    assert path.stat().st_uid == 0
    assert path.read_bytes() == NEW
    _nothing_else(folder)


def test_extended_attributes_are_kept(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    try:
        os.setxattr(path, "user.origin", b"ansible\0x")
    except OSError as error:
        pytest.skip(f"NOT TESTED HERE: no extended attributes on this disk ({error.strerror})")
    saved = save_config(read_config(path), NEW, state=state)
    assert saved.how == "renamed"
    assert os.getxattr(path, "user.origin") == b"ansible\0x"


def _acl(*entries: tuple[int, int, int]) -> bytes:
    """A POSIX ACL as the kernel stores it: version 2, then (tag, permissions, id) each."""
    words = [(2).to_bytes(4, "little")]
    for tag, permissions, who in entries:
        words += [
            tag.to_bytes(2, "little"),
            permissions.to_bytes(2, "little"),
            who.to_bytes(4, "little"),
        ]
    return b"".join(words)


_NO_ID = 0xFFFFFFFF
_ACL = _acl((1, 6, _NO_ID), (2, 6, 1234), (4, 4, _NO_ID), (16, 6, _NO_ID), (32, 0, _NO_ID))


def test_an_acl_is_kept(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    try:
        os.setxattr(path, "system.posix_acl_access", _ACL)
    except OSError as error:
        pytest.skip(f"NOT TESTED HERE: no ACLs on this disk ({error.strerror})")
    before = path.stat().st_mode
    save_config(read_config(path), NEW, state=state)
    assert os.getxattr(path, "system.posix_acl_access") == _ACL
    assert path.stat().st_mode == before


def test_the_folders_default_acl_gives_the_file_nothing_new(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", _ACL)
    except OSError as error:
        pytest.skip(f"NOT TESTED HERE: no ACLs on this disk ({error.strerror})")
    save_config(read_config(path), NEW, state=state)
    assert "system.posix_acl_access" not in os.listxattr(path)


def test_symlinks_stay_and_their_target_is_replaced(tmp_path: Path, state: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    real = _config(tmp_path / "real")
    (tmp_path / "links" / "a").symlink_to("b")
    (tmp_path / "links" / "b").symlink_to("../real/krakend.json")

    saved = save_config(read_config(tmp_path / "links" / "a"), NEW, state=state)

    assert os.readlink(tmp_path / "links" / "a") == "b"
    assert os.readlink(tmp_path / "links" / "b") == "../real/krakend.json"
    assert not real.is_symlink()
    assert real.read_bytes() == NEW
    assert saved.how == "renamed"
    _nothing_else(tmp_path / "links", "a", "b")
    _nothing_else(tmp_path / "real")


def test_hard_links_stay_one_file(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    os.link(path, tmp_path / "second")
    saved = save_config(read_config(path), NEW, state=state)
    assert (tmp_path / "second").read_bytes() == NEW
    assert path.stat().st_ino == (tmp_path / "second").stat().st_ino
    assert saved.how == "in-place"
    assert "hard link" in saved.note
    assert saved.backup is not None
    assert saved.backup.read_bytes() == OLD


def test_shorter_text_in_place_leaves_no_rest(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path, b"x" * 100_000)
    os.link(path, tmp_path / "second")
    save_config(read_config(path), NEW, state=state)
    assert path.read_bytes() == NEW


def test_a_writable_file_in_a_read_only_folder(shared: Path) -> None:
    folder = shared / "etc"
    folder.mkdir()
    path = _config(folder)
    path.chmod(0o666)
    folder.chmod(0o555)
    state = shared / "state"
    state.mkdir()
    state.chmod(0o777)
    with unprivileged():
        saved = save_config(read_config(path), NEW, state=state / "krakend-tui")
    assert saved.how == "in-place"
    assert path.read_bytes() == NEW
    assert saved.note


def test_a_sticky_folder(shared: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: a file of somebody else needs root")
    folder = shared / "tmp"
    folder.mkdir()
    path = _config(folder)
    path.chmod(0o666)
    folder.chmod(0o1777)
    with unprivileged():
        saved = save_config(read_config(path), NEW, state=folder / "state")
    assert saved.how == "in-place"
    assert path.read_bytes() == NEW
    assert path.stat().st_uid == 0


def test_a_bind_mounted_file(tmp_path: Path, state: Path, mount) -> None:
    """docker run -v krakend.json:/etc/krakend/krakend.json: a rename over it is EBUSY."""
    path = _config(tmp_path)
    source = tmp_path / "source.json"
    source.write_bytes(OLD)
    mount("--bind", str(source), str(path))
    saved = save_config(read_config(path), NEW, state=state)
    assert saved.how == "in-place"
    assert "busy" in saved.note
    assert source.read_bytes() == NEW
    _nothing_else(tmp_path, "krakend.json", "source.json", "state")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, state: Path, mount) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk))
    path = _config(disk, b"a" * 40_000)
    with pytest.raises(DiskFull) as caught:
        save_config(read_config(path), b"b" * 40_000, state=state)
    assert caught.value.untouched
    assert caught.value.kind == "disk-full"
    assert path.read_bytes() == b"a" * 40_000
    _nothing_else(disk)


def test_a_disk_that_fills_in_place_gets_the_old_text_back(
    tmp_path: Path, state: Path, mount
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk))
    path = _config(disk, b"a" * 40_000)
    os.link(path, disk / "second")
    with pytest.raises(DiskFull) as caught:
        save_config(read_config(path), b"b" * 90_000, state=state)
    assert caught.value.untouched
    assert path.read_bytes() == b"a" * 40_000
    _nothing_else(disk, "krakend.json", "second")


def test_no_backup_no_writing_in_place(tmp_path: Path, mount) -> None:
    full = tmp_path / "full"
    full.mkdir()
    mount("-t", "tmpfs", "-o", "size=16k", "tmpfs", str(full))
    path = _config(tmp_path, b"a" * 40_000)
    os.link(path, tmp_path / "second")
    with pytest.raises(SaveError) as caught:
        save_config(read_config(path), NEW, state=full / "krakend-tui")
    assert caught.value.untouched
    assert "XDG_STATE_HOME" in caught.value.hint
    assert path.read_bytes() == b"a" * 40_000


def test_a_rename_is_saved_without_a_backup_too_and_says_so(tmp_path: Path, mount) -> None:
    full = tmp_path / "full"
    full.mkdir()
    mount("-t", "tmpfs", "-o", "size=16k", "tmpfs", str(full))
    path = _config(tmp_path, b"a" * 40_000)
    saved = save_config(read_config(path), NEW, state=full / "krakend-tui")
    assert path.read_bytes() == NEW
    assert "backup" in saved.note
    assert saved.backup is None


def test_a_read_only_file_system(tmp_path: Path, state: Path, mount) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "tmpfs", str(disk))
    path = _config(disk)
    file = read_config(path)
    mount("-o", "remount,ro", str(disk))
    with pytest.raises(ReadOnlyFileSystem) as caught:
        save_config(file, NEW, state=state)
    assert caught.value.untouched
    assert path.read_bytes() == OLD


def test_a_read_only_file_is_not_swapped_for_another(shared: Path) -> None:
    folder = shared / "ours"
    folder.mkdir()
    folder.chmod(0o777)
    with unprivileged():
        path = _config(folder)
        path.chmod(0o444)
        with pytest.raises(SaveNotPermitted) as caught:
            save_config(read_config(path), NEW, state=folder / "state")
        assert caught.value.untouched
        assert path.read_bytes() == OLD
        path.unlink()


@pytest.mark.parametrize("links", [1, 2])
def test_what_somebody_else_wrote_is_not_overwritten(
    tmp_path: Path, state: Path, links: int
) -> None:
    path = _config(tmp_path)
    if links == 2:
        os.link(path, tmp_path / "second")
    file = read_config(path)
    path.write_bytes(b"theirs")
    for anew in (False, True):
        with pytest.raises(ChangedOnDisk) as caught:
            save_config(file, NEW, anew=anew, state=state)
        assert caught.value.current is not None
        assert caught.value.current.data == b"theirs"
        assert path.read_bytes() == b"theirs"

    assert save_config(caught.value.current, NEW, state=state).file.data == NEW
    assert path.read_bytes() == NEW
    assert list_backups(state, path)[0].file.read_bytes() == b"theirs"


def behind_fsync(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], None]) -> None:
    """What `happens` behind each fsync, which is told what was synced."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        happens(Path(os.readlink(f"/proc/self/fd/{descriptor}")))

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("links", [1, 2])
def test_nor_what_they_write_while_it_is_saved(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, links: int
) -> None:
    """Until the last look, which is the last thing before the rename or the write."""
    path = _config(tmp_path)
    if links == 2:
        os.link(path, tmp_path / "second")
    file = read_config(path)
    beside = state / "backups" if links == 2 else tmp_path

    def when_synced(synced: Path) -> None:
        if synced.parent == beside:
            path.write_bytes(b"theirs")

    behind_fsync(monkeypatch, when_synced)
    with pytest.raises(ChangedOnDisk):
        save_config(file, NEW, state=state)
    assert path.read_bytes() == b"theirs"


def test_in_place_is_nowhere_else(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that takes the file's place while it is saved is not followed."""
    path, other = _config(tmp_path), tmp_path / "other.json"
    os.link(path, tmp_path / "second")
    other.write_bytes(OLD)
    file = read_config(path)

    def when_synced(synced: Path) -> None:
        if synced == state / "backups":
            path.unlink()
            path.symlink_to(other)

    behind_fsync(monkeypatch, when_synced)
    with pytest.raises(SaveError) as caught:
        save_config(file, NEW, state=state)
    assert caught.value.untouched
    assert other.read_bytes() == OLD


@pytest.mark.parametrize("links", [1, 2])
def test_who_writes_right_behind_a_save_is_not_taken_for_it(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, links: int
) -> None:
    path = _config(tmp_path)
    if links == 2:
        os.link(path, tmp_path / "second")
    file = read_config(path)
    last = path if links == 2 else tmp_path

    def when_synced(synced: Path) -> None:
        if synced == last:
            path.write_bytes(b"theirs")

    with monkeypatch.context() as patched:
        behind_fsync(patched, when_synced)
        saved = save_config(file, NEW, state=state)
    assert saved.file.data == NEW
    with pytest.raises(ChangedOnDisk):
        save_config(saved.file, OLD, state=state)
    assert path.read_bytes() == b"theirs"


_STEPS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["read", "save", "overwrite", "rewrite"])),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=_STEPS, links=st.sampled_from([1, 2]))
def test_two_writers_never_overwrite_what_they_have_not_seen(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]], links: int
) -> None:
    """A save succeeds exactly when its writer has seen what is there; all versions are kept."""
    folder = tmp_path_factory.mktemp("two")
    state = folder / "state"
    path = _config(folder, b"0")
    if links == 2:
        os.link(path, folder / "second")
    seen = {"A": read_config(path), "B": read_config(path)}
    content = b"0"
    for number, (writer, step) in enumerate(steps, start=1):
        text = b"%d by %s" % (number, writer.encode())
        if step == "read":
            seen[writer] = read_config(path)
        elif step == "rewrite":
            # Some other program, which knows nothing of us.
            path.write_bytes(content)
        elif step == "overwrite" or seen[writer].data == content:
            known = read_config(path) if step == "overwrite" else seen[writer]
            saved = save_config(known, text, anew=step == "overwrite", state=state)
            kept = [backup.file.read_bytes() for backup in list_backups(state, path)]
            assert content in kept
            seen[writer], content = saved.file, text
        else:
            with pytest.raises(ChangedOnDisk) as caught:
                save_config(seen[writer], text, state=state)
            assert caught.value.current is not None
            assert caught.value.current.data == content
        assert path.read_bytes() == content


def test_same_bytes_written_again_are_no_conflict(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    file = read_config(path)
    path.unlink()
    _config(tmp_path)
    assert save_config(file, NEW, state=state).file.data == NEW


def test_a_deleted_file_is_a_conflict_and_can_be_brought_back(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    path.chmod(0o640)
    file = read_config(path)
    path.unlink()
    with pytest.raises(ChangedOnDisk) as caught:
        save_config(file, NEW, state=state)
    assert caught.value.current is None
    assert not path.exists()
    save_config(file, NEW, anew=True, state=state)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_deleted_file_comes_back_with_its_owner(tmp_path: Path, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: the owner of a file needs root")
    path = _config(tmp_path)
    os.chown(path, 1234, 2345)
    file = read_config(path)
    path.unlink()
    save_config(file, NEW, anew=True, state=state)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


@pytest.mark.parametrize("theirs", [b"theirs", OLD])
def test_a_deleted_file_that_somebody_makes_meanwhile_is_not_overwritten(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, theirs: bytes
) -> None:
    path = _config(tmp_path)
    file = read_config(path)
    path.unlink()
    real = os.fchmod

    def fchmod(descriptor: int, mode: int) -> None:
        path.write_bytes(theirs)
        real(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", fchmod)
    with pytest.raises(ChangedOnDisk) as caught:
        save_config(file, NEW, anew=True, state=state)
    assert caught.value.current is not None
    assert caught.value.current.data == path.read_bytes() == theirs
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_a_swapped_link_is_saved_through_where_it_leads_now(tmp_path: Path, state: Path) -> None:
    """A ConfigMap's ..data swap with the same content."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _config(tmp_path / name)
    link = tmp_path / "krakend.json"
    link.symlink_to("one/krakend.json")
    file = read_config(link)
    link.unlink()
    link.symlink_to("two/krakend.json")
    save_config(file, NEW, state=state)
    assert (tmp_path / "one" / "krakend.json").read_bytes() == OLD
    assert (tmp_path / "two" / "krakend.json").read_bytes() == NEW


def test_a_fifo_in_the_files_place_is_refused(tmp_path: Path, state: Path) -> None:
    path = _config(tmp_path)
    file = read_config(path)
    path.unlink()
    os.mkfifo(path)
    for anew in (False, True):
        with pytest.raises(NotRegular):
            save_config(file, NEW, anew=anew, state=state)


@pytest.fixture
def durable(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is asked of the disk, in order: which file is written, synced, put in a place."""
    asked: list[tuple[str, str]] = []
    real = {name: getattr(os, name) for name in ("pwrite", "fsync", "rename", "ftruncate")}

    def noted(name: str) -> None:
        def call(first: int | str | Path, *rest: object) -> object:
            path = os.readlink(f"/proc/self/fd/{first}") if isinstance(first, int) else rest[0]
            if (name, str(path)) not in asked[-1:]:
                asked.append((name, str(path)))
            return real[name](first, *rest)

        monkeypatch.setattr(os, name, call)

    for name in real:
        noted(name)
    return asked


def test_the_disk_has_the_content_before_the_name_and_the_name_before_it_is_said(
    tmp_path: Path, state: Path, durable: list[tuple[str, str]]
) -> None:
    path = _config(tmp_path)
    save_config(read_config(path), NEW, state=state)
    backup = str(list_backups(state, path)[0].file)
    kept, saved, names = durable[:2], durable[2:4], durable[4:]
    for (wrote, new), (synced, the_same) in (kept, saved):
        assert (wrote, synced) == ("pwrite", "fsync")
        assert new == the_same
    assert names == [
        ("rename", backup),
        ("fsync", str(state / "backups")),
        ("rename", str(path)),
        ("fsync", str(tmp_path)),
    ]


def test_in_place_the_backup_is_on_the_disk_first_and_the_file_before_it_is_said(
    tmp_path: Path, state: Path, durable: list[tuple[str, str]]
) -> None:
    path = _config(tmp_path, NEW)
    os.link(path, tmp_path / "second")
    save_config(read_config(path), OLD, state=state)
    backup = durable.index(("fsync", str(state / "backups")))
    in_place = [step for step in durable if step[1] == str(path)]
    assert in_place == [(name, str(path)) for name in ("pwrite", "ftruncate", "fsync")]
    assert backup < durable.index(in_place[0])
    assert durable[-1] == in_place[-1]


def test_a_file_made_anew_is_on_the_disk_before_its_name_and_the_name_before_it_is_said(
    tmp_path: Path, state: Path, durable: list[tuple[str, str]]
) -> None:
    path = _config(tmp_path)
    file = read_config(path)
    path.unlink()
    save_config(file, NEW, anew=True, state=state)
    (wrote, new), (synced, the_same), *names = durable
    assert (wrote, synced) == ("pwrite", "fsync")
    assert new == the_same
    assert names == [("rename", str(path)), ("fsync", str(tmp_path))]


def test_a_name_of_the_longest_kind_is_saved(tmp_path: Path, state: Path) -> None:
    path = tmp_path / ("k" * 250 + ".json")
    path.write_bytes(OLD)
    save_config(read_config(path), NEW, state=state)
    assert path.read_bytes() == NEW


def test_the_temporary_file_is_private_while_it_is_written(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _config(tmp_path)
    path.chmod(0o644)
    seen: list[int] = []
    real = os.pwrite

    def watching(descriptor: int, data: bytes, offset: int) -> int:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return real(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", watching)
    save_config(read_config(path), NEW, state=state)
    assert seen
    assert set(seen) == {0o600}


def test_nobody_owns_what_nobody_should(tmp_path: Path, state: Path) -> None:
    """State is for the user alone."""
    path = _config(tmp_path)
    saved = save_config(read_config(path), NEW, state=state)
    assert saved.backup is not None
    assert stat.S_IMODE(saved.backup.stat().st_mode) == 0o600
    assert stat.S_IMODE(saved.backup.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
