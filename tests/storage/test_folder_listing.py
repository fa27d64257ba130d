import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_user import unprivileged

from tui.folder import EntryKind, FolderStatus
from tui.storage.folder import folders_beside, folders_with, list_folder


def test_every_kind_of_entry_is_named_and_none_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "a.so").write_bytes(b"12345")
    (folder / "b.so").symlink_to("a.so")
    (folder / "c.so").symlink_to("missing")
    (folder / "d.so").symlink_to("d.so")
    (folder / "e.so").symlink_to(".")
    (folder / "f").mkdir()
    os.mkfifo(folder / "g.so")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "h.so"))
    (folder / "i.so").symlink_to("/dev/null")
    (folder / "j.so").symlink_to("g.so")

    listing = list_folder(str(folder))

    assert listing.status is FolderStatus.OK
    assert listing.path == str(folder)
    seen = {entry.name: entry for entry in listing.entries}
    kinds = {name: (entry.kind, entry.target_kind) for name, entry in seen.items()}
    link = EntryKind.SYMLINK
    assert kinds == {
        b"a.so": (EntryKind.FILE, None),
        b"b.so": (link, EntryKind.FILE),
        b"c.so": (link, None),
        b"d.so": (link, None),
        b"e.so": (link, EntryKind.DIRECTORY),
        b"f": (EntryKind.DIRECTORY, None),
        b"g.so": (EntryKind.FIFO, None),
        b"h.so": (EntryKind.SOCKET, None),
        b"i.so": (link, EntryKind.DEVICE),
        b"j.so": (link, EntryKind.FIFO),
    }
    assert seen[b"b.so"].link_target == b"a.so"
    status = (folder / "a.so").stat()
    for name in (b"a.so", b"b.so"):
        entry = seen[name]
        assert (entry.size, entry.mtime_ns, entry.inode, entry.device) == (
            5,
            status.st_mtime_ns,
            status.st_ino,
            status.st_dev,
        )
    assert {name for name, entry in seen.items() if entry.is_regular} == {b"a.so", b"b.so"}


_NAMES = st.sets(
    st.binary(min_size=1, max_size=20).filter(
        lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=_NAMES)
def test_names_are_bytes_and_sorted_as_bytes(
    tmp_path_factory: pytest.TempPathFactory, names: set[bytes]
) -> None:
    folder = os.fsencode(tmp_path_factory.mktemp("plugins"))
    for name in names:
        with open(os.path.join(folder, name), "wb"):
            pass
    assert [entry.name for entry in list_folder(folder).entries] == sorted(names)


@pytest.mark.parametrize("path", ["", "/nowhere/at/all", "/tmp\0/x"])
def test_no_such_folder(path: str) -> None:
    listing = list_folder(path)
    assert (listing.status, listing.entries) == (FolderStatus.ABSENT, ())


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert list_folder(str(tmp_path / "file")).status is FolderStatus.NOT_A_FOLDER
    assert list_folder(str(tmp_path / "file" / "below")).status is FolderStatus.NOT_A_FOLDER


def test_a_symlinked_folder_is_listed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.so").touch()
    (tmp_path / "plugins").symlink_to("real")
    listing = list_folder(str(tmp_path / "plugins"))
    assert [entry.name for entry in listing.entries] == [b"a.so"]


def test_a_folder_that_may_not_be_read(shared: Path) -> None:
    folder = shared / "plugins"
    folder.mkdir(mode=0o700)
    folder.chmod(0)
    with unprivileged():
        assert list_folder(str(folder)).status is FolderStatus.UNREADABLE
    folder.chmod(0o700)


def test_a_folder_that_may_be_read_but_not_entered_names_its_entries(shared: Path) -> None:
    folder = shared / "plugins"
    folder.mkdir()
    (folder / "a.so").touch()
    (folder / "sub").mkdir()
    folder.chmod(0o444)
    with unprivileged():
        listing = list_folder(str(folder))
    folder.chmod(0o700)
    assert [(entry.name, entry.kind) for entry in listing.entries] == [
        (b"a.so", EntryKind.FILE),
        (b"sub", EntryKind.DIRECTORY),
    ]


def test_sub_folders_that_hold_what_is_looked_for(tmp_path: Path) -> None:
    for name in ("amd64", "empty", "only-a-folder", "\u00fc"):
        (tmp_path / name).mkdir()
    (tmp_path / "amd64" / "auth.so").touch()
    (tmp_path / "\u00fc" / "log.so.bak").touch()
    (tmp_path / "only-a-folder" / "x.so").mkdir()
    (tmp_path / "linked").symlink_to("amd64")
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / os.fsdecode(b"\xff") / "x.so").touch()
    listing = list_folder(str(tmp_path))
    assert folders_with(listing, b".so") == ("amd64", "\u00fc")
    assert folders_with(listing, b"none") == ()


def test_folders_beside_one_that_is_not_there(tmp_path: Path) -> None:
    for name in ("plugins", "src", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    assert folders_beside(f"{tmp_path}/plugin/") == ("plugins", "src")
    assert folders_beside(f"{tmp_path}/no/plugin") == ()
    assert folders_beside("a\0b/c") == ()


def test_what_vanishes_while_the_folder_is_listed_is_not_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.so", "b.so"):
        (tmp_path / name).touch()
    real = os.scandir

    @contextmanager
    def scandir(path: bytes) -> Iterator[list[os.DirEntry[bytes]]]:
        with real(path) as found:
            entries = list(found)
        (tmp_path / "a.so").unlink(missing_ok=True)
        yield entries

    monkeypatch.setattr(os, "scandir", scandir)
    assert [entry.name for entry in list_folder(str(tmp_path)).entries] == [b"b.so"]
