"""Builds programs and plugins that share modules of chosen versions, and opens them for real."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from golang.building import SOURCES, PluginBuilder
from golang.toolchain import CACHE

LOADING = SOURCES / "loading"
SHARED, EXTRA = "example.com/shared", "example.com/extra"
OLD, NEW = "v1.0.0", "v1.1.0"


@dataclass(frozen=True)
class Opened:
    """What became of a file: the error of plugin.Open, "" when it loaded. `died` when the
    process did not survive it; `error` is then what it said as it died."""

    error: str
    died: bool = False


class Workshop:
    """Compiled files in .cache, one for each choice of modules and flags."""

    def __init__(self, builder: PluginBuilder) -> None:
        self.builder = builder

    @property
    def go(self) -> str:
        """The version of Go that builds here."""
        return self.builder.toolchain.version

    def program(self, *flags: str, shared: str = OLD, path: str = "") -> Path:
        """The opener: a program that opens plugins; `path` is its own module."""
        return self._build("opener", {SHARED: shared}, flags, "exe", path)

    def plugin(
        self,
        name: str,
        *flags: str,
        modules: Mapping[str, str],
        path: str = "",
        package: str = ".",
        strip: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Path:
        """loading/NAME with its modules in these versions; `path` is the plugin's own module."""
        return self._build(
            name, modules, flags, "plugin", path, package, strip=strip, environment=environment
        )

    def _build(
        self,
        name: str,
        modules: Mapping[str, str],
        flags: Sequence[str],
        mode: str,
        path: str = "",
        package: str = ".",
        *,
        strip: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Path:
        proxy = _module_proxy()
        required = "".join(f"require {path} {modules[path]}\n" for path in sorted(modules))
        folder = CACHE / "go-modfiles"
        folder.mkdir(parents=True, exist_ok=True)
        path = path or f"example.com/loading/{name}"
        stem = "-".join([path.replace("/", "-"), *(modules[path] for path in sorted(modules))])
        modfile = folder / f"{stem}.mod"
        text = f"module {path}\n\ngo 1.21\n\n{required}"
        if not modfile.exists() or modfile.read_text() != text:
            modfile.write_text(text)
        settings = {"GOPROXY": proxy.as_uri(), "GONOSUMDB": "*", "GONOSUMCHECK": "1"}
        return self.builder.compiled(
            LOADING / name,
            [f"-buildmode={mode}", f"-modfile={modfile}", *flags],
            package=package,
            strip=strip,
            environment=settings | dict(environment or {}),
            variant=repr((stem, mode, flags, package, strip, sorted((environment or {}).items()))),
        )


def opened(
    program: Path, files: Sequence[Path], environment: Mapping[str, str] | None = None
) -> list[Opened]:
    """What becomes of the files, opened in their order by one process of `program`.

    The list ends with the file that the process did not survive.
    """
    done = subprocess.run(
        [str(program), *map(str, files)],
        env=os.environ | dict(environment or {}),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    answers = [Opened(json.loads(line)["error"]) for line in done.stdout.splitlines()]
    if done.returncode:
        assert len(answers) < len(files), done.stderr
        answers.append(Opened(done.stderr, died=True))
    return answers


def _module_proxy() -> Path:
    """tests/golang/modules as the go command asks a module proxy for them (GOPROXY=file://)."""
    proxy = CACHE / "go-module-proxy"
    proxy.mkdir(parents=True, exist_ok=True)
    with FileLock(proxy / "lock"):
        for folder in sorted((SOURCES / "modules").iterdir()):
            name, _, version = folder.name.partition("@")
            target = proxy / "example.com" / name / "@v"
            if (target / f"{version}.zip").exists():
                continue
            target.mkdir(parents=True, exist_ok=True)
            (target / f"{version}.info").write_text(json.dumps({"Version": version}))
            (target / f"{version}.mod").write_text((folder / "go.mod").read_text())
            with zipfile.ZipFile(target / f"{version}.zip", "w") as archive:
                for file in _files(folder):
                    inside = f"example.com/{name}@{version}/{file.relative_to(folder)}"
                    archive.writestr(inside, file.read_bytes())
    return proxy


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
