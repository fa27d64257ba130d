"""Rows, columns and offsets, of a text and of what changes make of it."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from document.test_change_laws import changes
from hypothesis import example, given
from hypothesis import strategies as st

from tui.document import lines
from tui.document.change import ChangeSet
from tui.document.lines import LineIndex

LINES = st.text(alphabet="ab\r\n\t \u2028\x85\x0b\x0cé😀", max_size=30)


@given(LINES)
@example("\r\r\n\n\r")
def test_lines_are_those_between_lf_crlf_and_cr(text: str) -> None:
    index = LineIndex(text)
    lines = re.split(r"\r\n|\n|\r", text)
    assert index.line_count == len(lines)
    spans = [index.line_span(row) for row in range(index.line_count)]
    assert [text[start:end] for start, end in spans] == lines


@given(LINES)
def test_position_and_offset_are_each_others_inverse(text: str) -> None:
    index = LineIndex(text)
    for row in range(index.line_count):
        start, end = index.line_span(row)
        for offset in range(start, end + 1):
            assert index.position(offset) == (row, offset - start)
            assert index.offset(row, offset - start) == offset


def test_places_outside_are_clamped() -> None:
    index = LineIndex("ab\r\nc")
    assert index.offset(0, 99) == 2
    assert index.offset(9, 0) == 5
    assert index.offset(-1, -1) == 0
    assert index.position(99) == (1, 1)
    with pytest.raises(IndexError):
        index.line_span(2)


@st.composite
def text_and_changes(draw: st.DrawFn) -> tuple[str, list[ChangeSet]]:
    first = text = draw(LINES)
    made = []
    for _ in range(draw(st.integers(1, 4))):
        made.append(draw(changes(text)))
        text = made[-1].apply(text)
    return first, made


@pytest.mark.parametrize("block", [1, 2, 3, 1024])
@given(text_and_changes())
def test_a_changed_index_is_that_of_the_changed_text(
    block: int, pair: tuple[str, list[ChangeSet]]
) -> None:
    text, made = pair
    with patch.object(lines, "_BLOCK", block):
        index = LineIndex(text)
        for change in made:
            text = change.apply(text)
            index = index.edited(change, text)
            fresh = LineIndex(text)
            rows = range(fresh.line_count)
            assert index.line_count == fresh.line_count
            assert [index.line_span(row) for row in rows] == [fresh.line_span(r) for r in rows]
            places = range(len(text) + 1)
            assert [index.position(o) for o in places] == [fresh.position(o) for o in places]
