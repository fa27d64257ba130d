"""strace as a source of faults: kill a process at a system call, or make the call fail."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

# What changes a file, a name or what is known of either.
MUTATING = (
    "openat,pwrite64,fchown,fchmod,chmod,fsetxattr,fremovexattr,fsync,rename,unlink,mkdir,ftruncate"
)
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


@dataclass(frozen=True)
class Call:
    """The `number`th call of `name` in a run, counted from 1."""

    name: str
    number: int
    line: str


def need_strace() -> None:
    """Skip loudly where strace is missing or may not trace."""
    if shutil.which("strace") is None:
        pytest.skip("NOT TESTED HERE: strace is not installed")
    probe = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("NOT TESTED HERE: this machine forbids tracing processes")


def run_saver(log: Path, arguments: list[str], *inject: str) -> subprocess.CompletedProcess[str]:
    """Run saver.py under strace; `log` gets its calls."""
    command = ["strace", "-qq", "-o", str(log), "-e", f"trace={MUTATING}"]
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
    counts: dict[str, int] = {}
    calls: list[Call] = []
    for line in log.read_text("utf-8", "replace").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        name = match[1]
        counts[name] = counts.get(name, 0) + 1
        if name != "openat" or "O_CREAT" in line:
            calls.append(Call(name, counts[name], line))
    return calls
