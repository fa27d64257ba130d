"""How long things take: one after another, so that all are taken under the same load."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PYTHON = sys.executable
OURS = str(Path(PYTHON).parent / "krakend-tui")
ENV = {"PYTHONDONTWRITEBYTECODE": ""}


def median(measure: Callable[[], float], runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def in_turn(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, all taken under the same load."""
    taken = [[measure() for measure in measures] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def command(*argv: str, cwd: Path | None = None) -> Callable[[], float]:
    """The time from the start of a command to its end."""

    def measure() -> float:
        began = time.perf_counter()
        subprocess.run(argv, cwd=cwd, env={**os.environ, **ENV}, capture_output=True, check=False)
        return time.perf_counter() - began

    return measure


def peak_memory(*argv: str, cwd: Path) -> float:
    """The most memory that a command used, in MB."""
    script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True)"
    script += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    output = subprocess.run([PYTHON, "-c", script, *argv], cwd=cwd, capture_output=True, text=True)
    return int(output.stdout) / 1024


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
