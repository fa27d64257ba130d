"""What is said of entries that KrakenD opens and that are no regular files."""

from __future__ import annotations

import pytest

from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import default_target
from tui.workspace.analyser import analyse

CONFIG = '{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"}}'


@pytest.mark.parametrize(
    ("kind", "leads_to", "words"),
    [
        (EntryKind.SYMLINK, None, "a symlink that leads nowhere, and no Go plugin: KrakenD does"),
        (EntryKind.SYMLINK, EntryKind.DIRECTORY, 'Log: "cannot read file data: Is a directory"'),
        (EntryKind.SYMLINK, EntryKind.FIFO, "a FIFO, and no Go plugin: KrakenD waits at start"),
        (EntryKind.FIFO, None, "a FIFO, and no Go plugin: KrakenD waits at start"),
        (EntryKind.SOCKET, None, "cannot open shared object file: No such device or address"),
        (EntryKind.DEVICE, None, "a device, and no Go plugin: KrakenD does not load it"),
    ],
)
def test_each_is_told_in_its_words(kind: EntryKind, leads_to: EntryKind | None, words: str) -> None:
    entry = FolderEntry(b"odd.so", kind, target_kind=leads_to)
    listing = FolderListing("/work/plugins", FolderStatus.OK, (entry,))
    analysis = analyse(Snapshot(JsonTree.parse(CONFIG), default_target(), listing))
    (found,) = (one for one in analysis.diagnostics if one.rule == "plugin-file-interface")
    assert words in found.message
