import hashlib
import os
import socket
from pathlib import Path

import pytest
from other_user import unprivileged

from tui.storage import read
from tui.storage.errors import (
    IsAFolder,
    Missing,
    NoPermission,
    NotRegular,
    ReadRefused,
    TooLarge,
    Unreadable,
)
from tui.storage.read import read_config


def test_bytes_hash_mode_and_links_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\xff')
    path.chmod(0o640)
    os.link(path, tmp_path / "other")

    file = read_config(path)

    assert file.data == b'\xef\xbb\xbf{"a": 1}\r\n\xff'
    assert file.digest == hashlib.sha256(file.data).hexdigest()
    assert (file.mode, file.links, file.is_symlink) == (0o640, 2, False)
    assert (file.uid, file.gid) == (os.getuid(), os.getgid())
    assert (file.writable, file.write_problem) == (True, "")


def test_a_chain_of_symlinks_is_followed_to_the_real_path(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    real = tmp_path / "data" / "krakend.json"
    real.write_bytes(b"{}")
    (tmp_path / "..data").symlink_to("data")
    (tmp_path / "krakend.json").symlink_to("..data/krakend.json")

    file = read_config(tmp_path / "krakend.json")

    assert file.is_symlink
    assert file.path == tmp_path / "krakend.json"
    assert file.real_path == real


def test_an_empty_file_is_readable(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()
    assert read_config(tmp_path / "empty.json").data == b""


def _missing(folder: Path) -> Path:
    return folder / "none.json"


def _below_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "krakend.json"


def _dangling(folder: Path) -> Path:
    (folder / "link").symlink_to("nowhere")
    return folder / "link"


def _with_nul(folder: Path) -> Path:
    return folder / "a\0b"


def _folder(folder: Path) -> Path:
    return folder


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo")
    return folder / "fifo"


def _link_to_fifo(folder: Path) -> Path:
    (folder / "link").symlink_to(_fifo(folder))
    return folder / "link"


def _socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
    return folder / "socket"


def _device(folder: Path) -> Path:
    return Path("/dev/zero")


def _loop(folder: Path) -> Path:
    (folder / "loop").symlink_to("loop")
    return folder / "loop"


def _too_large(folder: Path) -> Path:
    with open(folder / "large.json", "wb") as file:
        file.truncate(read.SIZE_LIMIT + 1)
    return folder / "large.json"


@pytest.mark.parametrize(
    ("make", "expected", "kind"),
    [
        (_missing, Missing, "missing"),
        (_below_a_file, Missing, "missing"),
        (_dangling, Missing, "missing"),
        (_with_nul, Missing, "missing"),
        (_folder, IsAFolder, "is-a-folder"),
        (_fifo, NotRegular, "not-regular"),
        (_link_to_fifo, NotRegular, "not-regular"),
        (_socket, NotRegular, "not-regular"),
        (_device, NotRegular, "not-regular"),
        (_loop, Unreadable, "unreadable"),
        (_too_large, TooLarge, "too-large"),
    ],
)
def test_what_is_no_config_is_refused_in_words(
    tmp_path: Path, make, expected: type[ReadRefused], kind: str
) -> None:
    path = make(tmp_path)
    with pytest.raises(expected) as caught:
        read_config(path)
    assert caught.value.kind == kind
    assert path.name.replace("\0", "␀") in caught.value.message
    assert caught.value.hint


def test_exactly_the_size_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "SIZE_LIMIT", 1000)
    path = tmp_path / "krakend.json"
    path.write_bytes(b"x" * 1000)
    assert len(read_config(path).data) == 1000
    path.write_bytes(b"x" * 1001)
    with pytest.raises(TooLarge):
        read_config(path)


def test_of_a_sparse_file_of_4_gb_no_more_is_read_than_a_config_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "krakend.json"
    path.touch()
    os.truncate(path, 1 << 32)
    wanted: list[int] = []
    really = os.read

    def reading(descriptor: int, size: int) -> bytes:
        wanted.append(size)
        return really(descriptor, size)

    monkeypatch.setattr(os, "read", reading)
    with pytest.raises(TooLarge):
        read_config(path)
    assert sum(wanted) <= read.SIZE_LIMIT + (1 << 20)


def test_a_file_that_becomes_shorter_while_it_is_compared_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(b"{}")
    assert read.holds(path, b"{}")
    really = os.read

    def late(descriptor: int, size: int) -> bytes:
        os.truncate(path, 1)
        return really(descriptor, size)

    monkeypatch.setattr(os, "read", late)
    assert not read.holds(path, b"{}")


def test_a_name_that_steers_terminals_is_shown_harmlessly(tmp_path: Path) -> None:
    with pytest.raises(Missing) as caught:
        read_config(tmp_path / "a\x1b]52;c;\x07\n[red]")
    assert "\x1b" not in caught.value.message
    assert "\n" not in caught.value.message


def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"k\xff.json")
    path.write_bytes(b"{}")
    assert read_config(path).data == b"{}"


def test_no_permission(shared: Path) -> None:
    path = shared / "krakend.json"
    path.write_bytes(b"{}")
    path.chmod(0)
    with unprivileged(), pytest.raises(NoPermission) as caught:
        read_config(path)
    assert caught.value.kind == "no-permission"


def test_a_file_of_somebody_else_is_read_and_said_to_be_read_only(shared: Path) -> None:
    path = shared / "krakend.json"
    path.write_bytes(b"{}")
    path.chmod(0o444)
    with unprivileged():
        file = read_config(path)
    assert not file.writable
    assert file.write_problem


def test_a_read_only_file_in_a_folder_of_ours_is_not_taken_for_writable(shared: Path) -> None:
    folder = shared / "ours"
    folder.mkdir()
    folder.chmod(0o777)
    with unprivileged():
        path = folder / "krakend.json"
        path.write_bytes(b"{}")
        path.chmod(0o444)
        file = read_config(path)
        path.unlink()
    assert not file.writable
    assert "chmod" in file.write_problem


def test_a_read_only_file_system_is_said(tmp_path: Path, mount) -> None:
    mount("-t", "tmpfs", "tmpfs", str(tmp_path))
    path = tmp_path / "krakend.json"
    path.write_bytes(b"{}")
    mount("-o", "remount,ro", str(tmp_path))
    file = read_config(path)
    assert file.write_problem == "it is on a read-only file system"


def test_a_file_that_becomes_a_fifo_while_it_is_opened_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "krakend.json"
    path.write_bytes(b"{}")
    real = os.open

    def swapped(name: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        # What a blocking open would never come back from is told as a failure instead.
        assert flags & os.O_NONBLOCK
        return real(name, flags)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(NotRegular):
        read_config(path)
