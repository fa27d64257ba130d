"""Compiles the plugins of tests/engine/plugins, which misbehave in one way each."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from golang.toolchain import CACHE, GoToolchain

MISBEHAVING = Path(__file__).resolve().parent / "plugins"
TEMPLATES = Path(__file__).resolve().parents[1] / "golang" / "plugins"


class MisbehavingPlugins:
    """Compiled files by source folder, kept in .cache from run to run."""

    def __init__(self, toolchain: GoToolchain) -> None:
        self._toolchain = toolchain
        self._folder = CACHE / "engine" / toolchain.version

    def build(self, name: str, *flags: str) -> Path:
        """plugins/NAME as `go build -buildmode=plugin FLAGS` makes it."""
        key = sha256(repr(flags).encode())
        for source in sorted((MISBEHAVING / name).iterdir()):
            key.update(source.name.encode() + b"\0" + source.read_bytes())
        target = self._folder / f"{name}-{key.hexdigest()[:16]}.so"
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "plugins.lock"):
            if not target.exists():
                unfinished = target.with_suffix(".unfinished")
                arguments = ("build", "-buildmode=plugin", *flags, "-o", str(unfinished), ".")
                self._toolchain.run(
                    *arguments, cwd=MISBEHAVING / name, environment={"GOPROXY": "off"}
                )
                unfinished.rename(target)
        return target
