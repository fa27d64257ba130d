import os
from pathlib import Path

import pytest
from other_user import unprivileged

from tui.folder import FolderEntry
from tui.storage import plugin_files
from tui.storage.errors import PluginUnreadable
from tui.storage.folder import list_folder
from tui.storage.plugin_files import read_plugin


def _entry(folder: Path, name: bytes) -> FolderEntry:
    return next(entry for entry in list_folder(str(folder)).entries if entry.name == name)


def test_the_bytes_of_a_file_and_of_a_link_to_one(tmp_path: Path) -> None:
    name = b"\xff\x1b[31m.so"
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(b"\x7fELF")
    (tmp_path / "link.so").symlink_to(os.fsdecode(name))
    assert read_plugin(str(tmp_path), _entry(tmp_path, name)) == b"\x7fELF"
    assert read_plugin(str(tmp_path), _entry(tmp_path, b"link.so")) == b"\x7fELF"


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.so")
    (tmp_path / "b.so").symlink_to("a.so")
    for name in (b"a.so", b"b.so"):
        with pytest.raises(PluginUnreadable, match="fifo"):
            read_plugin(str(tmp_path), _entry(tmp_path, name))


def test_a_file_that_became_a_fifo_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"x")
    entry = _entry(tmp_path, b"a.so")
    (tmp_path / "a.so").unlink()
    os.mkfifo(tmp_path / "a.so")
    with pytest.raises(PluginUnreadable, match="regular"):
        read_plugin(str(tmp_path), entry)


def test_a_file_that_vanished(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"x")
    entry = _entry(tmp_path, b"a.so")
    (tmp_path / "a.so").unlink()
    with pytest.raises(PluginUnreadable, match="vanished"):
        read_plugin(str(tmp_path), entry)


def test_a_sparse_file_of_4_gb_is_refused_unread(tmp_path: Path) -> None:
    with open(tmp_path / "a.so", "wb") as file:
        file.truncate(4 << 30)
    with pytest.raises(PluginUnreadable, match="too large"):
        read_plugin(str(tmp_path), _entry(tmp_path, b"a.so"))


def test_a_file_that_grows_while_it_is_read_is_read_up_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_files, "SIZE_LIMIT", 10)
    monkeypatch.setattr(plugin_files, "_CHUNK", 4)
    (tmp_path / "a.so").write_bytes(b"x" * 10)
    monkeypatch.setattr(os, "read", lambda descriptor, size: b"x" * size)
    assert len(read_plugin(str(tmp_path), _entry(tmp_path, b"a.so"))) <= 10 + 4


def test_no_permission(shared: Path) -> None:
    (shared / "a.so").write_bytes(b"x")
    (shared / "a.so").chmod(0)
    entry = _entry(shared, b"a.so")
    with unprivileged(), pytest.raises(PluginUnreadable, match="permission"):
        read_plugin(str(shared), entry)
