"""The state folder, recovery files and backups."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_user import unprivileged

from tui.storage.backup import keep_backup, list_backups, path_key
from tui.storage.errors import StateUnwritable
from tui.storage.process import ProcessId, may_be_alive, this_process
from tui.storage.recovery import discard_recovery, find_recovery, write_recovery
from tui.storage.state import private_folder, state_folder


def test_the_state_folder_comes_from_the_environment() -> None:
    assert state_folder({"XDG_STATE_HOME": "/s", "HOME": "/h"}) == Path("/s/krakend-tui")
    assert state_folder({"HOME": "/h"}) == Path("/h/.local/state/krakend-tui")
    for not_absolute in ("", "state", "~/state"):
        environ = {"XDG_STATE_HOME": not_absolute, "HOME": "/h"}
        assert state_folder(environ) == Path("/h/.local/state/krakend-tui")


def test_a_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    state = tmp_path / "krakend-tui"
    (state / "recovery").mkdir(parents=True)
    state.chmod(0o755)
    (state / "recovery").chmod(0o777)
    private_folder(state, "recovery")
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "recovery").stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(shared: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: a folder of somebody else needs root")
    state = shared / "krakend-tui"
    state.mkdir()
    state.chmod(0o777)
    with unprivileged(), pytest.raises(StateUnwritable, match="another user"):
        private_folder(state, "recovery")


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "krakend-tui").touch()
    with pytest.raises(StateUnwritable) as caught:
        private_folder(tmp_path / "krakend-tui", "recovery")
    assert "XDG_STATE_HOME" in caught.value.hint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=500))
def test_unsaved_bytes_come_back_exactly(tmp_path: Path, state: Path, data: bytes) -> None:
    path = tmp_path / "krakend.json"
    write_recovery(path, data, "abc", state=state, now=12.5)
    found = find_recovery(path, state=state)
    assert found is not None
    assert (found.data, found.base_digest, found.time) == (data, "abc", 12.5)
    assert found.path == path
    assert found.process == this_process()
    assert stat.S_IMODE(found.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(found.file.parent.stat().st_mode) == 0o700


def test_a_recovery_is_found_by_the_real_path(tmp_path: Path, state: Path) -> None:
    (tmp_path / "real.json").touch()
    (tmp_path / "link.json").symlink_to("real.json")
    write_recovery(tmp_path / "link.json", b"x", "", state=state)
    assert find_recovery(tmp_path / "real.json", state=state)
    assert not find_recovery(tmp_path / "other.json", state=state)
    discard_recovery(tmp_path / "real.json", state=state)
    assert not find_recovery(tmp_path / "link.json", state=state)


@pytest.mark.parametrize("size", [0, 1, 60, 300])
def test_a_recovery_that_was_cut_off_is_not_offered(tmp_path: Path, state: Path, size: int) -> None:
    path = tmp_path / "krakend.json"
    file = write_recovery(path, b"x" * 100, "", state=state).file
    assert size < file.stat().st_size
    os.truncate(file, size)
    assert find_recovery(path, state=state) is None


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:-1] + b"y"])
def test_a_text_that_is_not_the_one_that_was_kept_is_not_offered(
    tmp_path: Path, state: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "krakend.json"
    file = write_recovery(path, b"x" * 100, "", state=state).file
    assert find_recovery(path, state=state) is not None
    file.write_bytes(damage(file.read_bytes()))
    assert find_recovery(path, state=state) is None


def test_only_regular_files_are_recoveries(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    file = write_recovery(path, b"x", "", state=state).file
    file.unlink()
    file.mkdir()
    assert find_recovery(path, state=state) is None


_LEAVE_ONE = """
import sys
from pathlib import Path
from tui.storage.recovery import write_recovery
path, state, text, now = sys.argv[1:]
write_recovery(Path(path), text.encode(), "", state=Path(state), now=float(now))
print("written", flush=True)
sys.stdin.read()
"""


def _started(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _session(path: Path, state: Path, text: str, now: float) -> subprocess.Popen[str]:
    session = _started(_LEAVE_ONE, path, state, text, now)
    assert session.stdout is not None
    assert session.stdout.readline() == "written\n"
    return session


def test_what_a_killed_session_left_is_found_and_that_of_a_running_one_is_not(
    tmp_path: Path, state: Path
) -> None:
    path = tmp_path / "krakend.json"
    with (
        _session(path, state, "first", 1.0) as first,
        _session(path, state, "second", 2.0) as second,
    ):
        assert find_recovery(path, state=state) is None
        first.kill()
        first.wait()
        found = find_recovery(path, state=state)
        assert found is not None
        assert found.data == b"first"
        second.kill()
        second.wait()
    newest = find_recovery(path, state=state)
    assert newest is not None
    assert newest.data == b"second"

    # Saving in this session takes nothing from the others.
    discard_recovery(path, state=state)
    assert find_recovery(path, state=state) == newest
    discard_recovery(path, newest, state=state)
    assert find_recovery(path, state=state) == found


_MAKE_READY = """
import sys
from pathlib import Path
from tui.storage.disk import new_beside
from tui.storage.read import read_config
from tui.storage.recovery import write_recovery
from tui.storage.save import prepare_save
path, state = map(Path, sys.argv[1:])
file = read_config(path)
kept = write_recovery(path, b"new", file.digest, state=state)
prepared = prepare_save(file, b"new", state=state)
new_beside(kept.file)
print(kept.file, flush=True)
sys.stdin.read()
"""


def _unfinished(*folders: Path) -> set[Path]:
    return {file for folder in folders for file in folder.glob(".*.krakend-tui")}


def test_what_a_killed_save_left_goes_with_the_next_start_and_nothing_of_others(
    tmp_path: Path, state: Path
) -> None:
    """New files beside the config, among the backups and among the unsaved texts: of a session that
    was killed, of one that runs, and of one on another host."""
    path = tmp_path / "krakend.json"
    path.write_bytes(b"old")
    folders = (tmp_path, state / "backups", state / "recovery")
    made: list[set[Path]] = []
    with ExitStack() as stack:
        for name in ("killed", "running", "another"):
            before = _unfinished(*folders)
            session = stack.enter_context(_started(_MAKE_READY, path, state))
            assert session.stdout is not None
            kept = Path(session.stdout.readline().strip())
            made.append(_unfinished(*folders) - before)
            assert {file.parent for file in made[-1]} == {*folders}
            if name != "running":
                session.kill()
                session.wait()
            if name == "another":
                kept.write_bytes(kept.read_bytes().replace(b'"host": "', b'"host": "not-', 1))
        found = find_recovery(path, state=state)
        assert found is not None
        assert found.data == b"new"
        assert _unfinished(*folders) == made[1] | made[2]


def test_what_was_left_under_another_host_name_is_offered(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container gets a new name at each start."""
    path = tmp_path / "krakend.json"
    monkeypatch.setattr("socket.gethostname", lambda: "3f2a9c")
    write_recovery(path, b"x", "", state=state)
    monkeypatch.setattr("socket.gethostname", lambda: "77b1e0")
    assert find_recovery(path, state=state) is not None


@pytest.mark.parametrize("host", ["3f2a9c", ""])
def test_what_an_ended_session_with_our_pid_left_is_not_overwritten(
    tmp_path: Path, state: Path, host: str
) -> None:
    """In a container each program has the same pid; without one, pids come again."""
    path = tmp_path / "krakend.json"
    with _session(path, state, "theirs", 1.0) as ended:
        ended.kill()
    left = find_recovery(path, state=state)
    assert left is not None
    me = this_process()
    theirs = {"host": host or me.host, "pid": me.pid, "started": "1"}
    head, _, text = left.file.read_bytes().partition(b"\n")
    left.file.write_bytes(json.dumps(json.loads(head) | theirs).encode() + b"\n" + text)
    renamed = left.file.with_name(left.file.name.replace(str(ended.pid), str(me.pid)))
    left.file.rename(renamed)

    write_recovery(path, b"mine", "", state=state, now=2.0)
    discard_recovery(path, state=state)
    found = find_recovery(path, state=state)
    assert found is not None
    assert found.data == b"theirs"


def test_a_process_is_told_from_another_with_its_pid() -> None:
    me = this_process()
    assert may_be_alive(me)
    assert me.started
    assert not may_be_alive(ProcessId(me.host, me.pid, "1"))
    assert may_be_alive(ProcessId("another-host", me.pid, "1"))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert not may_be_alive(ProcessId(me.host, ended.pid, ""))


def test_the_last_versions_are_kept_newest_first(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    for number in range(6):
        keep_backup(state, path, b"%d" % number, now=start + timedelta(seconds=number), kept=4)
    keep_backup(state, tmp_path / "other.json", b"other", now=start, kept=4)
    backups = list_backups(state, path)
    assert [backup.file.read_bytes() for backup in backups] == [b"5", b"4", b"3", b"2"]
    assert backups[0].kept_at == start + timedelta(seconds=5)
    assert len(list_backups(state, tmp_path / "other.json")) == 1


def test_the_same_version_is_kept_once(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    first = keep_backup(state, path, b"same")
    assert keep_backup(state, path, b"same") == first
    assert len(list_backups(state, path)) == 1


def test_the_versions_of_a_configmap_are_those_of_one_file() -> None:
    first = path_key(Path("/etc/krakend/..2024_01_31_23_59_59.123456789/krakend.json"))
    second = path_key(Path("/etc/krakend/..2024_02_01_00_00_01.987/krakend.json"))
    other = path_key(Path("/etc/krakend/..2024_02_01_00_00_01.987/other.json"))
    assert first == second != other


def test_a_long_name_that_is_not_utf8_has_backups_too(tmp_path: Path, state: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe" + b"k" * 240 + b".json")
    keep_backup(state, path, b"x")
    assert [backup.file.read_bytes() for backup in list_backups(state, path)] == [b"x"]
