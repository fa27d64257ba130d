"""Predictions over many Go releases and build flags: each rebuilds the standard library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from golang.building import PluginBuilder
from golang.toolchain import GoToolchain
from golang.workshop import OLD, SHARED, Workshop, opened
from real_loader import check, facts_at, holds, target_at

from tui.krakend.prediction import Outcome, predict

pytestmark = pytest.mark.soak

RELEASES = ("1.21.13", "1.22.10", "1.23.9", "1.24.11", "1.25.4", "1.25.5", "1.26.6", "1.27.3")
FLAGS = ("-race", "-gcflags=all=-N -l", "-trimpath")


@pytest.fixture(scope="module")
def builds(go_toolchain: Callable[[str], GoToolchain]) -> dict[str, tuple[Path, Path]]:
    """Release -> a program and a plugin."""
    shops = {release: Workshop(PluginBuilder(go_toolchain(release))) for release in RELEASES}
    return {
        release: (shop.program(), shop.plugin("greets", modules={SHARED: OLD}))
        for release, shop in shops.items()
    }


@pytest.mark.parametrize("plugin_of", RELEASES)
@pytest.mark.parametrize("program_of", RELEASES)
def test_every_release_in_every_other(
    builds: dict[str, tuple[Path, Path]], program_of: str, plugin_of: str
) -> None:
    program, plugin = builds[program_of][0], builds[plugin_of][1]
    prediction = predict(facts_at(plugin), target_at(program))
    (real,) = opened(program, [plugin])
    if prediction.outcome is Outcome.CRASHES:
        # Which way a runtime dies that reads another layout differs from pair to pair.
        assert real.died
    else:
        assert holds(prediction, real)
    assert (prediction.outcome is Outcome.LOADS) is (program_of == plugin_of)


@pytest.mark.parametrize("flag", FLAGS)
def test_flags(workshop: Workshop, flag: str) -> None:
    modules = {SHARED: OLD}
    plain, flagged = (workshop.plugin("greets", *f, modules=modules) for f in ((), (flag,)))
    assert check(workshop.program(), flagged)[0].outcome is Outcome.REFUSED
    assert check(workshop.program(flag), plain)[0].outcome is Outcome.REFUSED
    assert check(workshop.program(flag), flagged)[0].outcome is Outcome.LOADS
