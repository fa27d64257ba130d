"""Fixtures of the judge. Without Go modules they skip and say why; with CI=true they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from engine.compiled import MisbehavingPlugins
from engine.judge import EngineUnavailableError, Judge, ParseJudge, ScanJudge, build_host
from golang.toolchain import GoToolchain


@pytest.fixture(scope="session")
def judge(go: GoToolchain) -> Judge:
    """KrakenD's engine, built with the same Go as the plugins of the tests."""
    try:
        return Judge(build_host(go))
    except EngineUnavailableError as reason:
        message = f"KRAKEND'S ENGINE IS NOT ASKED: {reason}"
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def lura_scan(judge: Judge) -> Iterator[ScanJudge]:
    """lura's plugin.Scan as a function."""
    with judge.lines("scan") as server:
        yield ScanJudge(server)


@pytest.fixture(scope="session")
def krakend_parse(judge: Judge) -> Iterator[ParseJudge]:
    """KrakenD's parsers as a function."""
    with judge.lines("parse") as server:
        yield ParseJudge(server)


@pytest.fixture(scope="session")
def engine_plugins(go: GoToolchain) -> MisbehavingPlugins:
    """Builds the plugins in tests/engine/plugins."""
    return MisbehavingPlugins(go)
