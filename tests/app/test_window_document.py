"""Lines that are made when they are asked for, against Textual's own that keeps them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from app.driving import opened
from hypothesis import given
from hypothesis import strategies as st
from textual.document._document import Document as TextualDocument
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset

from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.editor import LONG_LINE, Editor
from tui.app.widgets.window_document import PlainLines, WindowDocument, WrappedLines
from tui.diagnostic import Span
from tui.document.buffer import Document
from tui.document.window import Window

TEXT = st.lists(st.sampled_from(["a", "\t", "漢", " ", '"k": ', "\n"])).map("".join)


def document(text: str) -> WindowDocument:
    whole = Document(text)
    return WindowDocument(Window(whole, Span(0, len(text))), whole.apply)


@given(TEXT)
def test_plain_lines_are_where_textual_has_them(text: str) -> None:
    ours, theirs = PlainLines(document(text)), WrappedDocument(TextualDocument(text))
    assert ours.height == theirs.height
    for row in range(ours.height):
        line = theirs.document.get_line(row)
        assert ours.get_sections(row) == theirs.get_sections(row)
        assert ours.get_tab_widths(row) == theirs.get_tab_widths(row)
        for column in range(len(line) + 1):
            assert ours.location_to_offset((row, column)) == theirs.location_to_offset(
                (row, column)
            )
        for x in range(2 * len(line) + 3):
            place = Offset(x, row)
            assert ours.offset_to_location(place) == theirs.offset_to_location(place)


@given(TEXT, st.integers(1, 12))
def test_wrapped_lines_know_their_height(text: str, width: int) -> None:
    ours, theirs = WrappedLines(document(text), width), WrappedDocument(document(text), width)
    assert ours.height == theirs.height


@given(TEXT, st.data())
def test_the_width_has_room_for_every_line(text: str, data: st.DataObject) -> None:
    shown = document(text)
    shown.get_size(4)
    for _ in range(3):
        place = data.draw(st.integers(0, len(shown.text)))
        at = shown.index.position(place)
        shown.replace_range(at, at, data.draw(TEXT))
        plain = WrappedDocument(shown, tab_width=4)
        ends = [plain.location_to_offset((r, len(line))).x for r, line in enumerate(shown.lines)]
        assert shown.get_size(4).width >= max(ends)
        assert list(shown.lines) == shown.text.split("\n")


@given(TEXT)
def test_the_width_at_first_is_that_of_the_widest_line(text: str) -> None:
    shown = document(text)
    plain = WrappedDocument(shown, tab_width=4)
    ends = [plain.location_to_offset((r, len(line))).x for r, line in enumerate(shown.lines)]
    assert shown.get_size(4) == (max(ends), len(ends))


@pytest.mark.parametrize("key", ["x", "enter", "backspace", "down", "left_curly_bracket"])
async def test_a_key_in_a_long_file_reads_few_lines(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "krakend.json"
    endpoints = [{"endpoint": f"/{n}", "backend": [{"host": ["http://h"]}]} for n in range(3_000)]
    config.write_text(json.dumps({"version": 3, "endpoints": endpoints}, indent=2))
    async with opened(config) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        editor = app.main.query_one(Editor)
        app.main.set_focus(editor)
        editor.move_to(len(app.session.document.text) // 2)
        await pilot.pause()
        assert editor.document.line_count > 20_000
        read: list[int] = []
        get_line = WindowDocument.get_line

        def counted(self: WindowDocument, index: int) -> str:
            read.append(index)
            return get_line(self, index)

        monkeypatch.setattr(WindowDocument, "get_line", counted)
        await pilot.press(key)
        await pilot.pause()
        assert 0 < len(read) < 400


async def test_of_a_very_long_line_the_part_on_the_screen_is_drawn(tmp_path: Path) -> None:
    config = tmp_path / "krakend.json"
    endpoints = [{"endpoint": f"/{n}", "backend": []} for n in range(5_000)]
    config.write_text(json.dumps({"version": 3, "endpoints": endpoints}))
    async with opened(config, size=(80, 24)) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        editor = app.main.query_one(Editor)
        app.main.set_focus(editor)
        text = app.session.document.text
        assert len(text) > 100_000 > LONG_LINE
        editor.move_to(text.index("/3000"))
        await pilot.pause()
        await pilot.press("Q")
        drawn = "".join(segment.text for segment in editor.render_line(0))
        assert "Q/3000" in drawn
        assert len(drawn) == editor.size.width
        assert drawn.split()[0].startswith("1")
