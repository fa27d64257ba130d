"""Each system call of a save made to fail, as a dying disk, a full one, a quota or a network file
system would: those report some errors of earlier writes only at fsync, or only at close.

Each time the user is told which file is there now, and that is the file which is there. Unless
all went well, their text is kept for the next start.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from system_calls import Call, failing_calls, need_strace, run_saver

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


def _left(path: Path) -> list[Path]:
    """What is neither the config nor a backup nor a text that was kept, wherever it is."""
    return [*path.parent.rglob(".*.krakend-tui")]


@dataclass(frozen=True)
class Saver:
    """Saves a fresh file of so many links, at once or made ready ahead."""

    shared: Path
    links: int
    way: str

    def run(self, name: str, *inject: str) -> tuple[Path, str]:
        """The file afterwards, and what the user is told."""
        path = _fresh(self.shared / name, self.links)
        new = self.shared / "new"
        new.write_bytes(NEW)
        arguments = [str(path), str(path.parent / "krakend-tui"), str(new), self.way]
        done = run_saver(self.shared / "log", arguments, *inject)
        assert done.returncode == 0, done.stderr
        return path, done.stdout.strip()

    def calls(self) -> list[Call]:
        """Those of a save that goes well, to be made to fail."""
        _, told = self.run("whole")
        assert told in ("renamed", "in-place")
        return failing_calls(self.shared / "log")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("links", [1, 2])
def test_the_user_is_told_which_file_is_there(
    links: int, error: str, shared: Path, record_property: Callable[[str, object], None]
) -> None:
    need_strace()
    saver = Saver(shared, links, "at once")
    calls = saver.calls()
    told_of: dict[str, int] = {}
    late = 0
    for index, call in enumerate(calls):
        path, told = saver.run(str(index), f"{call.name}:error={error}:when={call.number}")
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
            assert not _left(path), call
    # What comes after the last sync: that of the folder behind a rename, the close in place.
    assert sum(told_of[told] for told in told_of if told.endswith(" unconfirmed")) == 1
    assert late == 1
    record_property("faults injected", len(calls))
    print(f"{links} links, {error}: {len(calls)} faults, told {told_of}")


@pytest.mark.parametrize("lasts", [False, True])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("links", [1, 2])
def test_what_fails_while_a_save_is_made_ready_is_told_if_it_fails_again(
    links: int,
    error: str,
    lasts: bool,
    shared: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """One call that fails, or from that one on every call of the kind."""
    need_strace()
    saver = Saver(shared, links, "ahead")
    calls = saver.calls()
    stands = next(i for i, call in enumerate(calls) if call.name == "rename")
    told_of: dict[str, int] = {}
    for index, call in enumerate(calls):
        when = f"{call.number}{'+' if lasts else ''}"
        path, told = saver.run(str(index), f"{call.name}:error={error}:when={when}")
        told_of[told] = told_of.get(told, 0) + 1
        content = path.read_bytes()
        is_saved = told.split()[0] in ("renamed", "in-place")
        assert content == (NEW if is_saved else OLD) or told.endswith(" damaged"), call
        kept = find_recovery(path, state=path.parent / "krakend-tui")
        if told in ("renamed", "in-place"):
            assert kept is None or call.name == "unlink", call
        elif not lasts or index > stands:
            assert kept is not None, call
            assert kept.data == NEW, call
        assert not _left(path) or call.name == "unlink", call
        if told.endswith(" damaged"):
            (backup,) = (path.parent / "krakend-tui" / "backups").iterdir()
            assert backup.read_bytes() == OLD
    if not lasts:
        # What fails ahead works when Enter begins anew. In the last step the rename may fail, in
        # whose place EROFS has the file written itself; and there three calls, or two without
        # which there is no backup.
        unsaved = [told for told in told_of if not told.startswith(("renamed", "in-place"))]
        last_step = 5 if links == 2 else 0 if error == "EROFS" else 1
        assert sum(told_of[told] for told in unsaved) == last_step
    record_property("faults injected", len(calls))
    print(f"{links} links, {error}, lasts {lasts}: {len(calls)} faults, told {told_of}")


def test_a_disk_that_dies_while_writing_in_place_is_told_with_the_backup(shared: Path) -> None:
    need_strace()
    log, new = shared / "log", shared / "new"
    new.write_bytes(NEW)
    path = _fresh(shared / "config", 2)
    arguments = [str(path), str(path.parent / "krakend-tui"), str(new)]
    # The first two writes are those of the recovery file, the third is that of the backup.
    done = run_saver(log, arguments, "pwrite64:error=EIO:when=4+")
    assert done.stdout.strip() == "save-failed damaged"
    (backup,) = (path.parent / "krakend-tui" / "backups").iterdir()
    assert str(backup) in done.stderr
    assert backup.read_bytes() == OLD
