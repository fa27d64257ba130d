"""Real faults: another user, a full disk, a mount in the way."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user can enter (pytest's own is for its owner only)."""
    with tempfile.TemporaryDirectory(prefix="krakend-tui-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "krakend-tui"


@pytest.fixture
def mount() -> Iterator[Callable[..., None]]:
    """`mount(*arguments)`; the last one is the mount point, unmounted at the end."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED HERE: real mounts need root")
    points: list[str] = []

    def mounted(*arguments: str) -> None:
        done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"NOT TESTED HERE: this machine refuses mounts ({done.stderr.strip()})")
        if not any("remount" in argument for argument in arguments):
            points.append(arguments[-1])

    yield mounted
    for point in reversed(points):
        subprocess.run(["umount", "-l", point], check=True)
