"""Each system call of a save made to fail, as a dying disk, a full one, a quota or a network file
system would: those report some errors of earlier writes only at fsync, or only at close.

Each time the user is told which file is there now, and that is the file which is there. Unless
all went well, their text is kept for the next start.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from system_calls import closing_calls, mutating_calls, need_strace, run_saver

from tui.storage.recovery import find_recovery

OLD = b'{"version": 3, "name": "old"}\n' * 3
NEW = b'{"version": 3, "name": "new"}\n'
ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EROFS") if os.environ.get("SOAK") else ("EIO",)


def _fresh(folder: Path, links: int) -> Path:
    folder.mkdir()
    path = folder / "krakend.json"
    path.write_bytes(OLD)
    if links == 2:
        os.link(path, folder / "second")
    return path


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("links", [1, 2])
def test_the_user_is_told_which_file_is_there(
    links: int, error: str, shared: Path, record_property: Callable[[str, object], None]
) -> None:
    need_strace()
    log, new = shared / "log", shared / "new"
    new.write_bytes(NEW)

    def saved(name: str, *inject: str) -> tuple[Path, str]:
        path = _fresh(shared / name, links)
        done = run_saver(log, [str(path), str(path.parent / "krakend-tui"), str(new)], *inject)
        assert done.returncode == 0, done.stderr
        return path, done.stdout.strip()

    path, told = saved("whole")
    assert told in ("renamed", "in-place")
    calls = [*mutating_calls(log), *closing_calls(log)]
    told_of: dict[str, int] = {}
    late = 0
    for index, call in enumerate(calls):
        path, told = saved(str(index), f"{call.name}:error={error}:when={call.number}")
        told_of[told] = told_of.get(told, 0) + 1
        content = path.read_bytes()
        if told.split()[0] in ("renamed", "in-place"):
            assert content == NEW, call
        else:
            assert told.endswith(" untouched"), call
            assert content == OLD, call
        if "O_RDWR" in call.opened and "/krakend-tui/" not in call.opened:
            late += 1
            assert told not in ("renamed", "in-place"), call
        kept = find_recovery(path, state=path.parent / "krakend-tui")
        if told not in ("renamed", "in-place"):
            assert kept is not None, call
            assert kept.data == NEW, call
        elif call.name != "unlink":
            assert kept is None, call
        if call.name != "unlink":
            left = {name for name in os.listdir(path.parent) if name.endswith(".krakend-tui")}
            assert not left, call
    # What comes after the last sync: that of the folder behind a rename, the close in place.
    assert sum(told_of[told] for told in told_of if told.endswith(" unconfirmed")) == 1
    assert late == 1
    record_property("faults injected", len(calls))
    print(f"{links} links, {error}: {len(calls)} faults, told {told_of}")


def test_a_disk_that_dies_while_writing_in_place_is_told_with_the_backup(shared: Path) -> None:
    need_strace()
    log, new = shared / "log", shared / "new"
    new.write_bytes(NEW)
    path = _fresh(shared / "config", 2)
    arguments = [str(path), str(path.parent / "krakend-tui"), str(new)]
    # The first and second write are those of the recovery file and of the backup.
    done = run_saver(log, arguments, "pwrite64:error=EIO:when=3+")
    assert done.stdout.strip() == "save-failed damaged"
    (backup,) = (path.parent / "krakend-tui" / "backups").iterdir()
    assert str(backup) in done.stderr
    assert backup.read_bytes() == OLD
