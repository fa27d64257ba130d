import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui.storage.errors import StateUnwritable
from tui.storage.lock import OpenElsewhere, close_session, holder_of, is_ours, open_session
from tui.storage.process import this_process

_OPEN = """
import sys
from pathlib import Path
from tui.storage.lock import OpenElsewhere, open_session
try:
    open_session(Path(sys.argv[1]), state=Path(sys.argv[2]), take_over="over" in sys.argv)
    print("open", flush=True)
except OpenElsewhere as error:
    print("held by", error.holder.process.pid, flush=True)
sys.stdin.read()
"""


def _other(path: Path, state: Path, *words: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _OPEN, str(path), str(state), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_the_second_session_is_told_who_has_it(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    path.touch()
    (tmp_path / "link.json").symlink_to("krakend.json")
    first, said = _other(path, state)
    with first:
        assert said == "open"
        with pytest.raises(OpenElsewhere) as caught:
            open_session(tmp_path / "link.json", state=state)
        assert caught.value.holder.process.pid == first.pid
        assert str(first.pid) in caught.value.message
        open_session(tmp_path / "other.json", state=state)
        first.kill()
        first.wait()
        assert is_ours(open_session(path, state=state))


def test_who_was_taken_over_from_finds_out_and_leaves_the_other_alone(
    tmp_path: Path, state: Path
) -> None:
    path = tmp_path / "krakend.json"
    mine = open_session(path, state=state)
    assert is_ours(mine)
    other, said = _other(path, state)
    with other:
        assert said == f"held by {this_process().pid}"
        other.kill()
    other, said = _other(path, state, "over")
    with other:
        assert said == "open"
        assert not is_ours(mine)
        close_session(mine)
        with pytest.raises(OpenElsewhere):
            open_session(path, state=state)
        assert is_ours(open_session(path, take_over=True, state=state))
        other.kill()


def test_a_closed_session_leaves_nothing(tmp_path: Path, state: Path) -> None:
    session = open_session(tmp_path / "krakend.json", state=state)
    close_session(session)
    assert not session.file.exists()
    close_session(session)


def test_a_pid_used_again_does_not_hold_it(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    session = open_session(path, state=state)
    record = json.loads(session.file.read_bytes())
    session.file.write_text(json.dumps({**record, "started": "1"}))
    assert holder_of(path, state=state) is None
    assert is_ours(open_session(path, state=state))
    session.file.write_text(json.dumps({**record, "host": "elsewhere"}))
    with pytest.raises(OpenElsewhere, match="elsewhere"):
        open_session(path, state=state)


@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff"])
def test_a_damaged_lock_holds_nothing(tmp_path: Path, state: Path, garbage: bytes) -> None:
    path = tmp_path / "krakend.json"
    open_session(path, state=state).file.write_bytes(garbage)
    assert is_ours(open_session(path, state=state))


def test_without_a_state_folder_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(StateUnwritable):
        open_session(tmp_path / "krakend.json", state=tmp_path / "state")


def test_of_ten_sessions_at_once_one_gets_it(tmp_path: Path, state: Path) -> None:
    path = tmp_path / "krakend.json"
    command = [sys.executable, "-c", _OPEN, str(path), str(state)]
    sessions = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(10)
    ]
    said = [session.stdout.readline().strip() for session in sessions if session.stdout]
    for session in sessions:
        session.kill()
        session.communicate()
    assert said.count("open") == 1
    assert len(said) == 10
