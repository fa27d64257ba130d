"""A bug in the app: the text is kept, no traceback on the screen, the terminal is usable."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from pathlib import Path

import pytest
from app.terminal import Terminal

from tui.app.app import KrakendTui
from tui.app.run import run_app
from tui.app.session import Session
from tui.krakend.target import default_target
from tui.options import Options

# F5 stands for any code with a bug: the real program with one method replaced.
CRASHING = """
import sys
from tui.app.session import Session
def rescan(self):
    raise RuntimeError("planted \\x1b[31mfault")
Session.rescan = rescan
from tui.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("debug", [False, True])
def test_a_bug_ends_in_words_and_keeps_the_text(shop: Path, tmp_path: Path, debug: bool) -> None:
    before = shop.read_bytes()
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    # The watcher's first look also rescans: the fault must come from the key alone.
    script = CRASHING.replace(
        "def rescan(self):",
        "def rescan(self, first=[]):\n    if not first:\n        return first.append(1)",
    )
    command = [sys.executable, "-c", script, *(["--debug"] if debug else []), str(shop)]
    with Terminal(command, cwd=shop.parent, env=env) as terminal:
        terminal.wait("no loaded file")
        terminal.press("x")
        terminal.wait("0 of 10 load")
        terminal.press("f5")
        assert terminal.wait_exit() == 1
        after = terminal.raw.split(b"\x1b[?1049l")[-1]
        assert b"internal error: RuntimeError: planted" in after
        assert b"\x1b[31mfault" not in after
        assert (b"Traceback" in after) == debug
        assert b"Traceback" not in terminal.raw.removesuffix(after)
        assert b"unsaved text is kept" in after
    assert shop.read_bytes() == before
    reports = list((tmp_path / "state" / "krakend-tui" / "crashes").iterdir())
    assert len(reports) == 1
    assert "Traceback" in reports[0].read_text()
    assert reports[0].stat().st_mode & 0o777 == 0o600
    plain = re.sub(rb"\x1b\[[0-9;?]*[a-z]", b"", after)
    assert f"report it with {reports[0]}\r\n".encode() in plain, plain

    with Terminal([sys.executable, "-m", "tui", str(shop)], cwd=shop.parent, env=env) as terminal:
        terminal.wait("Unsaved changes were found")


def test_last_words_that_nobody_can_read_are_no_bug(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line was dropped."""

    class Dropped(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def ended(app: KrakendTui) -> int:
        app.parting_words = ["ended"]
        return 129

    monkeypatch.setattr(KrakendTui, "run", ended)
    monkeypatch.setattr(sys, "stderr", Dropped())
    assert run_app(Session(shop, Options(str(shop.parent), None, default_target()))) == 129
