"""What acts on findings acts on those of the newest text, however late they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from app.driving import Gate, answered, opened, press, until
from app.test_asides import title
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.widgets.editor import Editor
from tui.app.widgets.line_list import LineList
from tui.app.widgets.problem_list import ProblemList
from tui.diagnostic import Diagnostic
from tui.document.diff import edits_between


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


async def in_the_list(app: KrakendTui, pilot: Pilot[Any], rule: str) -> Diagnostic:
    """The list of problems has the focus, and its cursor is on the first finding of the rule."""
    rows = app.main.query_one(ProblemList)
    await until(pilot, lambda: bool(rows.size.height))
    app.main.set_focus(rows)
    place = [found.rule for found in app.session.diagnostics].index(rule)
    await press(pilot, "home", *["down"] * place)
    return app.session.diagnostics[place]


async def enter_while_they_come(
    app: KrakendTui, pilot: Pilot[Any], gate: Gate, old: str, new: str
) -> int | None:
    """Enter on a finding behind an edit whose findings are held back; where the cursor stood."""
    gate.close()
    text = app.session.document.text
    app.session.step(edits_between(text, text.replace(old, new, 1)))
    place = app.main.entry_pane.editor.place
    await pilot.press("enter")
    for _ in range(20):
        await pilot.pause()
    assert app.works
    assert app.main.entry_pane.editor.place == place
    return place


TALL = (80, 40)


async def test_enter_on_a_finding_waits_and_goes_where_it_is_by_then(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    async with opened(shop, size=TALL) as (app, pilot):
        found = await in_the_list(app, pilot, "plugin-name-type")
        try:
            await enter_while_they_come(app, pilot, gate, "{", "{" + " " * 100)
        finally:
            gate.open()
        await answered(pilot)
        current = app.main.problem
        assert current is not None
        assert (current.rule, current.pointer) == (found.rule, found.pointer)
        assert current.span.start == found.span.start + 100
        assert app.main.entry_pane.editor.place == current.span.start
        assert isinstance(app.focused, Editor)


async def test_enter_on_a_finding_that_is_mended_by_then_goes_nowhere(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    async with opened(shop, size=TALL) as (app, pilot):
        found = await in_the_list(app, pilot, "plugin-name-type")
        text = app.session.document.text
        old = text[found.span.start : found.span.end]
        try:
            place = await enter_while_they_come(app, pilot, gate, old, '"patient-client"')
        finally:
            gate.open()
        await answered(pilot)
        assert found.rule not in [left.rule for left in app.session.diagnostics]
        assert app.main.entry_pane.editor.place == place
        assert isinstance(app.focused, ProblemList)


async def test_a_finding_of_a_row_that_is_gone_is_not_looked_for(shop: Path) -> None:
    """Enter is on its way to the pane when the list becomes shorter."""
    async with opened(shop, size=TALL) as (app, pilot):
        await in_the_list(app, pilot, "plugin-name-type")
        rows = app.main.query_one(ProblemList)
        rows.post_message(LineList.Opened(rows, len(app.session.diagnostics)))
        await answered(pilot)
        assert app.is_running
        assert app.focused is rows


async def test_with_the_findings_there_f8_is_no_conversation(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        begun = []
        app.converse = begun.append  # type: ignore[method-assign]
        await pilot.press("f8", "f7")
        assert begun == []
