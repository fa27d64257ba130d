"""Builds the Go plugins of tests/golang/plugins, once for each state of their sources."""

from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from golang.toolchain import CACHE, GoToolchain

SOURCES = Path(__file__).resolve().parent / "plugins"


class PluginBuilder:
    """Compiled plugins by source folder and build flags, kept in .cache from run to run."""

    def __init__(self, toolchain: GoToolchain, sources: Path = SOURCES) -> None:
        self.toolchain = toolchain
        self._sources = sources
        self._folder = CACHE / "go-plugins" / toolchain.version

    def build(
        self, name: str, *flags: str, package: str = ".", mode: str = "plugin", strip: bool = False
    ) -> Path:
        """The file that `go build -buildmode=MODE FLAGS PACKAGE` makes of plugins/NAME.

        `package` may name files (`main.go`). With `strip`, binutils' strip has been over it.
        """
        folder = self._sources / name
        key = sha256(repr((flags, package, mode, strip)).encode())
        for source in sorted(folder.iterdir()):
            key.update(source.name.encode() + b"\0" + source.read_bytes())
        target = self._folder / f"{name}-{key.hexdigest()[:16]}.so"
        self._folder.mkdir(parents=True, exist_ok=True)
        # One build at a time: the next finds the standard library compiled.
        with FileLock(self._folder / "lock"):
            if not target.exists():
                self._build(folder, [f"-buildmode={mode}", *flags], package, strip, target)
        return target

    def _build(
        self, folder: Path, flags: list[str], package: str, strip: bool, target: Path
    ) -> None:
        unfinished = target.with_suffix(".unfinished")
        self.toolchain.run(
            "build", *flags, "-o", str(unfinished), package,
            cwd=folder, environment={"GOPROXY": "off"},
        )  # fmt: skip
        if strip:
            program = shutil.which("strip")
            assert program, "binutils' strip comes with gcc"
            subprocess.run([program, str(unfinished)], check=True)
        unfinished.rename(target)
