"""What is kept for the next start: always the newest text, whichever thread writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.on_disk import OnDisk
from tui.document.diff import edits_between
from tui.storage.recovery import find_recovery


@pytest.fixture
def disk(tmp_path: Path) -> OnDisk:
    path = tmp_path / "krakend.json"
    path.write_text("{}\n")
    return OnDisk(path)


def write(disk: OnDisk, text: str) -> None:
    disk.document.apply(edits_between(disk.document.text, text))


def kept(disk: OnDisk) -> bytes | None:
    found = find_recovery(disk.file.real_path)
    return None if found is None else found.data


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
