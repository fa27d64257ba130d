"""kill -9 at each system call of a save that changes something.

Each time: the file is the old one or the new one, its links and looks are kept, the version before
a new one is among the backups, and from the moment the recovery file stands, text that did not
reach the file is offered to the next start, which finds nothing half written beside the others.
"""

import contextlib
import os
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from system_calls import mutating_calls, need_strace, run_saver

from tui.storage.backup import list_backups
from tui.storage.recovery import find_recovery

OLD = b'{"version": 3, "name": "old"}\n' + b" " * 300
NEW = b'{"version": 3, "name": "new"}\n'


@dataclass
class Case:
    """A config of some shape: where it is, what it must hold, and who saves it."""

    path: Path
    state: Path
    old: bytes = OLD
    new: bytes = NEW
    arguments: tuple[str, ...] = ()
    how: str = "renamed"


def _plain(folder: Path) -> Case:
    (folder / "krakend.json").write_bytes(OLD)
    return Case(folder / "krakend.json", folder / "krakend-tui")


def _symlink(folder: Path) -> Case:
    (folder / "real").mkdir()
    case = _plain(folder / "real")
    (folder / "krakend.json").symlink_to("real/krakend.json")
    return Case(folder / "krakend.json", case.state)


def _hard_link(folder: Path) -> Case:
    case = _plain(folder)
    os.link(case.path, folder / "second")
    case.how = "in-place"
    return case


def _hard_link_growing(folder: Path) -> Case:
    case = _hard_link(folder)
    case.path.write_bytes(NEW)
    case.old, case.new = NEW, OLD
    return case


def _other_owner(folder: Path) -> Case:
    case = _plain(folder)
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: a file of somebody else needs root")
    os.chown(case.path, 1234, 4321)
    case.path.chmod(0o640)
    with contextlib.suppress(OSError):
        os.setxattr(case.path, "user.origin", b"ansible")
    return case


def _read_only_folder(folder: Path) -> Case:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: needs root, to become somebody else")
    (folder / "etc").mkdir()
    case = _plain(folder / "etc")
    case.path.chmod(0o666)
    (folder / "etc").chmod(0o555)
    case.state = folder / "krakend-tui"
    folder.chmod(0o777)
    case.arguments, case.how = ("as-nobody",), "in-place"
    return case


def _ten_megabytes(folder: Path) -> Case:
    case = _plain(folder)
    case.old, case.new = OLD * 32_000, NEW * 350_000
    case.path.write_bytes(case.old)
    return case


def _bind_mount(folder: Path) -> Case:
    case = _plain(folder)
    source = folder / "source"
    source.write_bytes(OLD)
    mounted = subprocess.run(["mount", "--bind", source, case.path], capture_output=True)
    if mounted.returncode:
        pytest.skip("NOT TESTED HERE: mounts need root")
    case.how = "in-place"
    return case


@pytest.fixture
def unmounting(shared: Path) -> Iterator[None]:
    """Whatever was mounted below `shared` is unmounted, however the test ends."""
    yield
    for line in Path("/proc/mounts").read_text().splitlines():
        point = line.split()[1]
        if point.startswith(f"{shared}/"):
            subprocess.run(["umount", "-l", point], check=True)


def _attributes(path: Path) -> dict[str, bytes]:
    try:
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError:
        return {}


SHAPES = {
    "plain": _plain,
    "symlink": _symlink,
    "hard link": _hard_link,
    "hard link, growing": _hard_link_growing,
    "other owner": _other_owner,
    "read-only folder": _read_only_folder,
    "bind mount": _bind_mount,
    "10 MB": _ten_megabytes,
}
SHORT = ("plain", "hard link")


@pytest.mark.parametrize("way", ["at once", "ahead"])
@pytest.mark.parametrize("shape", SHAPES if os.environ.get("SOAK") else SHORT)
def test_the_file_is_the_old_or_the_new_one(
    shape: str,
    way: str,
    shared: Path,
    unmounting: None,
    record_property: Callable[[str, object], None],
) -> None:
    """Written at once, as `check --fix` does, or made ready ahead, as the app does."""
    need_strace()
    log = shared / "log"
    new = shared / "new"
    survived = 0

    def killed_at(number: int, *inject: str) -> tuple[Case, int]:
        """A fresh file of this shape, and its saver run with the faults."""
        folder = shared / str(number)
        folder.mkdir()
        case = SHAPES[shape](folder)
        new.write_bytes(case.new)
        arguments = [str(case.path), str(case.state), str(new), *case.arguments, way]
        done = run_saver(log, arguments, *inject)
        if not inject:
            assert (done.returncode, done.stdout) == (0, f"{case.how}\n"), done.stderr
        return case, done.returncode

    case, _ = killed_at(0)
    assert case.path.read_bytes() == case.new
    calls = mutating_calls(log)
    stands = next(i for i, call in enumerate(calls) if call.name == "rename")
    assert len(calls) > 15

    for index, call in enumerate(calls):
        before, had = os.lstat(case.path), _attributes(case.path)
        case, code = killed_at(index + 1, f"{call.name}:signal=KILL:when={call.number}")
        assert code == -signal.SIGKILL, call
        content = case.path.read_bytes()
        if case.how == "in-place" and content.startswith(case.new):
            # Between the one write and the cut to length: the new text and line ends.
            content = case.new + content[len(case.new) :].strip(b"\n")
        assert content in (case.old, case.new), call
        after = os.lstat(case.path)
        assert stat.S_IFMT(after.st_mode) == stat.S_IFMT(before.st_mode), call
        assert stat.S_IMODE(after.st_mode) == stat.S_IMODE(before.st_mode), call
        assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid), call
        assert after.st_nlink == before.st_nlink, call
        assert _attributes(case.path) == had, call
        recovery = find_recovery(case.path, state=case.state)
        if content == case.old and index > stands:
            assert recovery is not None, call
            assert recovery.data == case.new, call
        if recovery is not None and not case.arguments:
            # That start also cleans up; files of somebody else are not its own to remove.
            folders = (Path(os.path.realpath(case.path)).parent, *case.state.glob("*"))
            assert not [file for place in folders for file in place.glob(".*.krakend-tui")], call
        if content == case.new:
            real_path = Path(os.path.realpath(case.path))
            kept = list_backups(case.state, real_path)
            assert case.old in [backup.file.read_bytes() for backup in kept], call
        survived += 1
    record_property("kill points survived", survived)
    print(f"{shape}, {way}: {survived} kill points survived")
