"""strace as a source of faults: kill a process at a system call, or make the call fail."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

# Compiled now: a module that another test's process compiles between two runs of saver.py would
# be read by other calls in the second, and the numbers of calls would be those of others.
import tui.app.save_ahead  # noqa: F401

# What changes a file, a name or what is known of either.
MUTATING = (
    "openat,pwrite64,fchown,fchmod,chmod,fsetxattr,fremovexattr,fsync,rename,unlink,mkdir,ftruncate"
)
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")
_CLOSED = re.compile(r"\bclose\((\d+)\)")


@dataclass(frozen=True)
class Call:
    """The `number`th call of `name` in a run, counted from 1. A close has the line of the open."""

    name: str
    number: int
    line: str
    opened: str = ""


def need_strace() -> None:
    """Skip loudly where strace is missing or may not trace."""
    if shutil.which("strace") is None:
        pytest.skip("NOT TESTED HERE: strace is not installed")
    probe = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("NOT TESTED HERE: this machine forbids tracing processes")


def run_saver(log: Path, arguments: list[str], *inject: str) -> subprocess.CompletedProcess[str]:
    """Run saver.py under strace; `log` gets its calls."""
    command = ["strace", "-qq", "-o", str(log), "-e", f"trace={MUTATING},close"]
    for injection in inject:
        command += ["-e", f"inject={injection}"]
    environ = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    saver = str(Path(__file__).with_name("saver.py"))
    return subprocess.run(
        [*command, sys.executable, saver, *arguments], capture_output=True, text=True, env=environ
    )


def mutating_calls(log: Path) -> list[Call]:
    """The calls of a run that changed something, in order; a mere open is none."""
    calls = [call for call in _calls(log) if call.name != "close"]
    return [call for call in calls if call.name != "openat" or "O_CREAT" in call.line]


def closing_calls(log: Path) -> list[Call]:
    """Each close of a run since it made its first file, whatever it closes."""
    calls = _calls(log)
    first = next(i for i, call in enumerate(calls) if "O_CREAT" in call.line)
    return [call for call in calls[first:] if call.name == "close"]


def failing_calls(log: Path) -> list[Call]:
    """What a disk may report an error at: both kinds of calls, in order."""
    those = {*mutating_calls(log), *closing_calls(log)}
    return [call for call in _calls(log) if call in those]


def _calls(log: Path) -> list[Call]:
    counts: dict[str, int] = {}
    opened: dict[str, str] = {}
    calls: list[Call] = []
    for line in log.read_text("utf-8", "replace").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        name = match[1]
        counts[name] = counts.get(name, 0) + 1
        if name == "openat":
            opened[line.rpartition("= ")[2]] = line
        closed = _CLOSED.search(line)
        calls.append(Call(name, counts[name], line, opened.get(closed[1], "") if closed else ""))
    return calls
