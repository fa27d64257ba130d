"""What acts on findings acts on those of the newest text, however late they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app.driving import Gate, answered, opened, press, until
from app.test_asides import title
from textual.pilot import Pilot

from tui.app.app import KrakendTui


async def fix_first(app: KrakendTui, pilot: Pilot[Any], gate: Gate) -> str:
    """Fix the first problem with a fix while findings come late; what was the current one."""
    while not app.main.problem or not app.main.problem.fixes:
        await press(pilot, "f8")
    fixed = app.main.problem
    await press(pilot, "ctrl+g")
    gate.close()
    await press(pilot, "enter")
    assert app.screen is app.main
    assert app.session.document.modified
    return fixed.pointer


async def test_f8_behind_a_fix_waits_for_what_is_left(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    async with opened(shop) as (app, pilot):
        try:
            await fix_first(app, pilot, gate)
            old = app.session.analysis
            place = app.main.entry_pane.editor.place
            await pilot.press("f8")
            for _ in range(20):
                await pilot.pause()
            assert app.session.analysis is old
            assert app.works
            assert app.main.entry_pane.editor.place == place
        finally:
            gate.open()
        await answered(pilot)
        assert app.session.analysis is not old
        assert app._lasting == []
        walked = app.main.problem
        assert walked in app.session.diagnostics
        assert app.main.problems._walked == (walked.rule, walked.pointer)


async def test_f2_behind_a_key_explains_a_finding_of_now(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    async with opened(shop) as (app, pilot):
        try:
            gate.close()
            await pilot.press("x", "f2")
            assert not app.screen.is_modal
        finally:
            gate.open()
        await until(pilot, lambda: app.screen.is_modal)
        assert app.main.problem is not None
        assert app.main.problem in app.session.diagnostics
        assert app.main.problem.rule in title(app)


async def test_with_the_findings_there_f8_is_no_conversation(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        begun = []
        app.converse = begun.append  # type: ignore[method-assign]
        await pilot.press("f8", "f7")
        assert begun == []
