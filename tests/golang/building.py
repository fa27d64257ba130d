"""Builds the Go sources of tests/golang, once for each state of them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from golang.toolchain import CACHE, GoToolchain

SOURCES = Path(__file__).resolve().parent


class PluginBuilder:
    """Compiled files by source folder and build flags, kept in .cache from run to run."""

    def __init__(self, toolchain: GoToolchain) -> None:
        self.toolchain = toolchain
        self._folder = CACHE / "go-plugins" / toolchain.version

    def build(
        self,
        name: str,
        *flags: str,
        package: str = ".",
        mode: str = "plugin",
        strip: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Path:
        """The file that `go build -buildmode=MODE FLAGS PACKAGE` makes of plugins/NAME.

        `package` may name files (`main.go`). With `strip`, binutils' strip has been over it.
        """
        settings = dict(environment or {})
        # The commit is no part of what a plugin is: files of two commits are compared.
        flags = ("-buildvcs=false", *flags)
        variant = repr((flags, package, mode, strip, sorted(settings.items())))
        folder = SOURCES / "plugins" / name
        return self.compiled(
            folder,
            [f"-buildmode={mode}", *flags],
            package=package,
            strip=strip,
            environment=settings,
            variant=variant,
        )

    def loader(self, *flags: str) -> Path:
        """A program that opens one plugin and prints what it registers (see host/main.go)."""
        return self.compiled(SOURCES / "host", list(flags), variant=repr(flags))

    def registered(self, plugin: Path, *flags: str) -> set[tuple[str, str]]:
        """(type, name) as the plugin really registers them in a host built with `flags`."""
        done = self._open(plugin, flags)
        assert done.returncode == 0, done.stderr
        rows = (line.split(" ", 1) for line in done.stdout.splitlines())
        return {(kind, name.strip('"')) for kind, name in rows}

    def refusal(self, plugin: Path, *flags: str) -> str:
        """What Go says when a host built with `flags` opens a plugin that it refuses."""
        done = self._open(plugin, flags)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def _open(self, plugin: Path, flags: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        command = [str(self.loader(*flags)), str(plugin)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def compiled(
        self,
        folder: Path,
        flags: list[str],
        *,
        package: str = ".",
        strip: bool = False,
        environment: Mapping[str, str] | None = None,
        variant: str,
    ) -> Path:
        """The file that `go build FLAGS PACKAGE` makes of the sources in `folder`.

        `variant` tells the builds of the same sources apart.
        """
        key = sha256(variant.encode())
        for source in sorted(folder.iterdir()):
            key.update(source.name.encode() + b"\0" + source.read_bytes())
        target = self._folder / f"{folder.name}-{key.hexdigest()[:16]}.so"
        self._folder.mkdir(parents=True, exist_ok=True)
        # One build at a time: the next finds the standard library compiled.
        with FileLock(self._folder / "lock"):
            if not target.exists():
                unfinished = target.with_suffix(".unfinished")
                arguments = ["build", *flags, "-o", str(unfinished), package]
                self.toolchain.run(
                    *arguments, cwd=folder, environment={"GOPROXY": "off", **(environment or {})}
                )
                if strip:
                    subprocess.run(["strip", str(unfinished)], check=True)
                unfinished.rename(target)
        return target
