"""A line of the editor is drawn again when something that it is made from is another, and only
then."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from app.driving import opened, press
from textual.strip import Strip

from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.editor import Editor
from tui.app.widgets.window_document import WRAP_LINES, PlainLines
from tui.diagnostic import Severity, Span

KEYS = [
    *("x", "{", "[", "]", "}", '"', "é", "漢", "enter", "backspace", "delete", "tab"),
    *("left", "right", "up", "down", "home", "end", "pagedown", "pageup"),
    *("shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "ctrl+z", "ctrl+y"),
]


def config_with(folder: Path, endpoints: int) -> Path:
    word = "long " * 40
    listed = [
        {"endpoint": f"/{n}", "words": word if n % 3 else "\t\x07", "backend": [{"host": ["h"]}]}
        for n in range(endpoints)
    ]
    path = folder / "krakend.json"
    path.write_text(json.dumps({"version": 3, "endpoints": listed}, indent=2))
    return path


@pytest.mark.parametrize("endpoints", [30, 300], ids=["wrapped", "plain"])
async def test_a_line_that_is_kept_is_as_one_that_is_drawn(tmp_path: Path, endpoints: int) -> None:
    """After keys, marks, sizes and the loss of the focus that a dice has chosen."""
    dice = random.Random(endpoints)
    config = config_with(tmp_path, endpoints)
    is_plain = config.read_text().count("\n") > WRAP_LINES
    async with opened(config, size=(80, 24)) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        editor = app.main.query_one(Editor)
        app.main.set_focus(editor)
        await press(pilot, *["down"] * 9, "end")
        assert isinstance(editor.wrapped_document, PlainLines) is is_plain
        for step in range(100):
            what = dice.random()
            if what < 0.9:
                app.main.set_focus(editor)
                await pilot.press(dice.choice(KEYS))
            elif what < 0.94:
                start = (editor.place or 0) + dice.randrange(-9, 90)
                span = Span(max(start, 0), max(start, 0) + dice.randrange(20))
                editor.mark([(span, dice.choice(list(Severity)))])
            elif what < 0.97:
                await pilot.resize_terminal(dice.choice([70, 80, 100]), 24)
            else:
                app.main.set_focus(app.main.folder_pane.field("pattern"))
            await pilot.pause()
            for y in range(editor.size.height):
                shown, drawn = editor.render_line(y), editor._render_line(y)
                assert list(shown) == list(drawn), (step, y)


async def test_a_key_draws_the_lines_that_it_makes_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two paints: that of the key, and that of its findings, which mark a line."""
    drawn: list[int] = []
    draw = Editor._render_line

    def drawing(self: Editor, y: int) -> Strip:
        drawn.append(y)
        return draw(self, y)

    monkeypatch.setattr(Editor, "_render_line", drawing)
    async with opened(config_with(tmp_path, 300), size=(80, 24)) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        editor = app.main.query_one(Editor)
        app.main.set_focus(editor)
        editor.move_to(app.session.document.text.index('"/7"') + 2)
        await app.main.analysed()
        await app.main.painted()
        for key, most in (("x", 1), ("x", 1), ('"', 2), ("backspace", 1), ("right", 1)):
            # Whatever the last paint left out, as one that is late does.
            for y in range(editor.size.height):
                editor.render_line(y)
            drawn.clear()
            await press(pilot, key)
            await app.main.analysed()
            await pilot.pause()
            assert 0 < len(drawn) <= most, key
