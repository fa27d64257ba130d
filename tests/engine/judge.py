"""KrakenD's own engine as the judge: builds the Go host beside this file and asks it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock
from golang.toolchain import CACHE, GoError, GoToolchain

SOURCES = Path(__file__).resolve().parent / "host"
# KRAKEND_* would override the config, GODEBUG and FC_* would change the process.
_ENVIRONMENT = {
    key: value
    for key, value in os.environ.items()
    if not key.startswith(("KRAKEND_", "GODEBUG", "FC_", "PLUGIN_SUFFIX"))
}
_TIMEOUT = 60


class EngineUnavailableError(Exception):
    """The modules of the host cannot be had here; the text says why."""


@dataclass(frozen=True)
class Crash:
    """The engine ended as KrakenD would: not by an answer, but with an exit code."""

    code: int
    stderr: str


def build_host(toolchain: GoToolchain) -> Path:
    """The host, compiled once for each state of its sources and each toolchain.

    Raises EngineUnavailableError when the Go module proxy does not answer and the modules are
    not in .cache yet; GoError when the host does not compile.
    """
    key = sha256()
    for source in sorted(SOURCES.iterdir()):
        key.update(source.name.encode() + b"\0" + source.read_bytes())
    target = CACHE / "engine" / toolchain.version / f"host-{key.hexdigest()[:16]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    # go.sum is committed and complete: nothing may change it, and no checksum is asked for.
    settings = {"GOFLAGS": "-mod=readonly -modcacherw"}
    with FileLock(target.parent / "lock"):
        if not target.exists():
            try:
                toolchain.run("mod", "download", cwd=SOURCES, environment=settings)
            except GoError as error:
                raise EngineUnavailableError(str(error)) from None
            unfinished = target.with_suffix(".unfinished")
            arguments = ("build", "-buildvcs=false", "-o", str(unfinished), ".")
            toolchain.run(*arguments, cwd=SOURCES, environment=settings | {"GOPROXY": "off"})
            unfinished.rename(target)
    return target


def encode(data: bytes) -> str:
    """Bytes as Go's encoding/json reads them into []byte."""
    return base64.b64encode(data).decode("ascii")


def decode_all(items: Iterable[str]) -> list[bytes]:
    """The other way round, for a list."""
    return [base64.b64decode(item) for item in items]


class LineServer:
    """A mode of the host that answers a request a line, in one process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request) + "\n")
        stdin.flush()
        line = stdout.readline()
        assert line, f"the host ended with {self._process.wait(_TIMEOUT)}"
        answer: dict[str, Any] = json.loads(line)
        return answer


class Judge:
    """What lura and krakend-koanf say."""

    def __init__(self, host: Path) -> None:
        self._host = host

    @contextmanager
    def lines(self, mode: str) -> Iterator[LineServer]:
        """The host in the mode `scan` or `parse`."""
        with subprocess.Popen(
            [str(self._host), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_ENVIRONMENT,
            text=True,
            encoding="utf-8",
        ) as process:
            try:
                yield LineServer(process)
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait(_TIMEOUT)

    def run(self, config: Path, workdir: Path) -> dict[str, Any] | Crash:
        """The report of one start of the engine with `config` (host/run.go), or its crash."""
        done = subprocess.run(
            [str(self._host), "run", str(config)],
            cwd=workdir,
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
        if done.returncode:
            return Crash(done.returncode, done.stderr)
        report: dict[str, Any] = json.loads(done.stdout)
        return report


class ScanJudge:
    """lura's plugin.Scan."""

    def __init__(self, server: LineServer) -> None:
        self._server = server

    def __call__(self, folder: bytes, pattern: bytes) -> tuple[list[bytes], str]:
        """The names that lura opens, in order, and its error ("" for none)."""
        answer = self._server.ask({"folder": encode(folder), "pattern": encode(pattern)})
        return decode_all(answer["names"]), answer["error"]


class ParseJudge:
    """The parsers of KrakenD since 2.12 (koanf) and of lura."""

    def __init__(self, server: LineServer) -> None:
        self._server = server

    def __call__(self, text: bytes) -> dict[str, Any]:
        """The answer of host/parse.go."""
        return self._server.ask({"text": encode(text)})
