"""Our scan of a plugin folder must be lura's, whatever is in the folder."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

from engine.judge import ScanJudge
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.folder import FolderStatus
from tui.krakend.scan import Scan
from tui.storage.folder import list_folder

KINDS = ["file", "directory", "link", "link to folder", "dangling", "loop", "fifo", "socket"]
TEXT = st.text(
    st.sampled_from(".sobakSO-_0 \n\t\\*?[]é\u00df\u2028\U0001f40d\x7f\x1b"), min_size=1, max_size=9
)
NAMES = st.one_of(
    TEXT.map(os.fsencode),
    st.binary(min_size=1, max_size=6),
    st.sampled_from([b"a.so", b"A.SO", b"a.so.bak", b"b.so~", b".so", b"lib\xff.so", b"..so"]),
).filter(lambda name: name not in (b".", b"..") and not set(name) & {0, ord("/")})
PATTERNS = st.one_of(
    st.sampled_from(["", ".so", ".SO", "*.so", "so.", "\\.so$", "\ufffd", "/", "é", "a"]),
    TEXT,
    st.text(max_size=3).filter(lambda text: text.isprintable()),
)


def make(folder: bytes, name: bytes, kind: str) -> None:
    path = os.path.join(folder, name)
    if kind == "directory":
        os.mkdir(path)
    elif kind == "link":
        os.symlink(b"../target-file", path)
    elif kind == "link to folder":
        os.symlink(b"..", path)
    elif kind == "dangling":
        os.symlink(b"nowhere", path)
    elif kind == "loop":
        os.symlink(name, path)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))


def ours(folder: bytes, pattern: str) -> list[bytes]:
    return [entry.name for entry in Scan(list_folder(folder), pattern).loaded_entries()]


@given(
    entries=st.dictionaries(NAMES, st.sampled_from(KINDS), max_size=8),
    patterns=st.lists(PATTERNS, min_size=1, max_size=4),
)
@example(entries={b"x.so": "directory", b"y.so": "dangling", b"z\xff.so": "fifo"}, patterns=[".so"])
@settings(max_examples=150, deadline=None)
def test_the_scan_is_lura_s(
    lura_scan: ScanJudge, entries: dict[bytes, str], patterns: list[str]
) -> None:
    # A short path: a socket's address holds about a hundred bytes.
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="kt") as parent:
        Path(parent, "target-file").touch()
        folder = os.path.join(os.fsencode(parent), b"p")
        os.mkdir(folder)
        for name, kind in entries.items():
            make(folder, name, kind)
        some_name = next(iter(entries), b"").decode("utf-8", "replace")
        for pattern in [*patterns, some_name[:3]]:
            assert lura_scan(folder, pattern.encode()) == (ours(folder, pattern), "")


def test_the_folder_s_state_is_lura_s(lura_scan: ScanJudge, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    (tmp_path / "dangling").symlink_to("nowhere")
    told = {
        FolderStatus.OK: "",
        FolderStatus.ABSENT: "no such file or directory",
        FolderStatus.NOT_A_FOLDER: "not a directory",
    }
    for name in ("empty", "empty/", "empty//", "link", "link/.", "file", "file/", "no", "dangling"):
        path = f"{tmp_path}/{name}"
        names, error = lura_scan(path.encode(), b"")
        assert names == []
        assert told[list_folder(path).status] in error
        assert bool(error) == (list_folder(path).status is not FolderStatus.OK)
    assert "no such file" in lura_scan(b"", b"")[1]
    assert list_folder("").status is FolderStatus.ABSENT
