"""The sandbox of `krakend-tui demo` for each test, and the real command in a PTY."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from app.terminal import Terminal

from tui.demo.sandbox import make_sandbox

Start = Callable[..., Terminal]


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks and recovery files of the tests go nowhere else."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A fresh sandbox; the path of its krakend.json."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return make_sandbox(folder)


def needed(*programs: str) -> str:
    """The path of the first of `programs` that is there; else the test is skipped, or fails in
    CI."""
    for program in programs:
        path = shutil.which(program)
        if path is not None:
            return path
    words = f"needs {' or '.join(programs)}, which is not installed"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start(config) runs `krakend-tui config` in a terminal, with a state folder of its own."""
    with ExitStack() as stack:

        def run(
            config: Path,
            *options: str,
            rows: int = 24,
            columns: int = 80,
            env: Mapping[str, str] | None = None,
        ) -> Terminal:
            command = [sys.executable, "-m", "tui", *options, str(config)]
            own = {
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "HOME": str(tmp_path),
                "TMPDIR": str(tmp_path),
                **(env or {}),
            }
            terminal = Terminal(command, rows=rows, columns=columns, cwd=config.parent, env=own)
            return stack.enter_context(terminal)

        yield run
