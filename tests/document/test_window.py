"""Windows against a plain string: what is shown after a change is what was asked for."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.diagnostic import Edit, Span
from tui.document.buffer import Document
from tui.document.change import ChangeSet
from tui.document.text import dominant_newline
from tui.document.window import Window

LINES = st.lists(
    st.sampled_from(["  ", "    ", "\t", "x", "é😀", '"a": {', "}", "\n", "\r\n", "\r"])
)
TEXT = LINES.map("".join)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Document, Window]:
    document = Document(draw(TEXT))
    size = len(document.text)
    start = draw(st.integers(0, size))
    return document, Window(document, Span(start, draw(st.integers(start, size))))


def typed(shown: str, start: int, end: int, text: str, newline: str) -> str:
    start, end = (at - (shown[max(at - 1, 0) : at + 1] == "\r\n") for at in (start, end))
    return shown[:start] + re.sub(r"\r\n|\n|\r", newline, text) + shown[end:]


@given(windows(), st.data())
def test_a_window_shows_what_was_typed_and_keeps_the_rest(
    pair: tuple[Document, Window], data: st.DataObject
) -> None:
    document, window = pair
    for _ in range(4):
        before, span, shown = document.text, window.span, window.text
        start = data.draw(st.integers(0, len(shown)))
        end = data.draw(st.integers(start, len(shown)))
        text = data.draw(TEXT)
        expected = typed(shown, start, end, text, dominant_newline(before))
        change = window.change(start, end, text)
        document.apply(change)
        assert window.text == expected
        assert document.text[: window.span.start] == before[: span.start]
        assert document.text[window.span.end :] == before[span.end :]
        assert all(span.start <= e.start and e.end <= span.end for e in change.edits)


@given(windows())
def test_offsets_go_to_the_document_and_back(pair: tuple[Document, Window]) -> None:
    document, window = pair
    places = [window.to_document(offset) for offset in range(len(window.text) + 1)]
    assert places == sorted(set(places))
    assert all(window.span.start <= place <= window.span.end for place in places)
    for offset, place in enumerate(places):
        assert window.from_document(place) == offset
        if offset < len(window.text):
            assert document.text[place] == window.text[offset]
    shown = [window.from_document(place) for place in range(len(document.text) + 1)]
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, len(window.text))


@given(TEXT, st.data())
def test_a_window_on_all_is_the_text_whatever_happens(text: str, data: st.DataObject) -> None:
    document = Document(text)
    window = Window(document, Span(0, len(text)))
    for _ in range(4):
        size = len(document.text)
        start = data.draw(st.integers(0, size))
        end = data.draw(st.integers(start, size))
        new = data.draw(TEXT)
        newline = dominant_newline(document.text)
        if data.draw(st.booleans()):
            expected = typed(document.text, start, end, new, newline)
            document.apply(window.change(start, end, new))
        else:
            expected = document.text[:start] + new + document.text[end:]
            document.apply(ChangeSet.replace(size, start, end, new))
        assert window.text == document.text == expected
        assert window.span == Span(0, len(expected))


@given(windows(), st.data())
def test_others_changes_leave_a_window_with_its_own_text(
    pair: tuple[Document, Window], data: st.DataObject
) -> None:
    """Before and behind the window, and right at its ends, where only what is inside counts."""
    document, window = pair
    if window.span == Span(0, len(document.text)) or window.span.start == window.span.end:
        return
    span, size = window.span, len(document.text)
    held = document.text[span.start : span.end]
    first = sorted(data.draw(st.tuples(st.integers(0, span.start), st.integers(0, span.start))))
    last = sorted(data.draw(st.tuples(st.integers(span.end, size), st.integers(span.end, size))))
    edits = [Edit(*first, data.draw(TEXT)), Edit(*last, data.draw(TEXT))]
    document.apply(ChangeSet.of(size, edits))
    assert document.text[window.span.start : window.span.end] == held
    document.undo()
    assert window.span == span


@given(windows(), st.data())
def test_undo_and_redo_give_a_window_its_ends_again(
    pair: tuple[Document, Window], data: st.DataObject
) -> None:
    document, window = pair
    states = [(window.span, window.text)]
    for _ in range(3):
        start = data.draw(st.integers(0, len(window.text)))
        end = data.draw(st.integers(start, len(window.text)))
        change = window.change(start, end, data.draw(TEXT))
        document.apply(change)
        if not change.is_empty:
            states.append((window.span, window.text))
    for state in states[-2::-1]:
        document.undo()
        assert (window.span, window.text) == state
    for state in states[1:]:
        document.redo()
        assert (window.span, window.text) == state


@given(TEXT, st.data())
@example("{}", None)
def test_two_windows_side_by_side_keep_apart(text: str, data: st.DataObject | None) -> None:
    document = Document("[" + text + "][" + text + "]")
    half = len(document.text) // 2
    one, other = Window(document, Span(0, half)), Window(document, Span(half, 2 * half))
    for _ in range(4):
        here, there = (one, other) if data and data.draw(st.booleans()) else (other, one)
        kept = document.text[there.span.start : there.span.end]
        start = data.draw(st.integers(0, len(here.text))) if data else len(here.text)
        document.apply(here.change(start, start, data.draw(TEXT) if data else "x"))
        assert document.text[there.span.start : there.span.end] == kept
        assert one.span.end == other.span.start


NESTED = '{\r\n    "e": {\r\n        "a": 1\r\n    },\r\n    "z": 0\r\n}\r\n'


def entry(text: str = NESTED) -> tuple[Document, Window]:
    document = Document(text)
    start, end = text.index("{", 1), text.index("}") + 1
    return document, Window(document, Span(start, end))


def test_an_entry_is_shown_without_its_indentation_and_written_back_with_it() -> None:
    document, window = entry()
    assert window.text == '{\r\n    "a": 1\r\n}'
    at = window.text.index("1") + 1
    document.apply(window.change(at, at, ',\n    "b": [\n    ]'))
    assert window.text == '{\r\n    "a": 1,\r\n    "b": [\r\n    ]\r\n}'
    assert document.text == NESTED.replace('"a": 1', '"a": 1,\r\n        "b": [\r\n        ]')


def test_an_empty_line_has_no_indentation_until_it_is_written_in() -> None:
    document, window = entry(NESTED.replace("\r\n", "\n"))
    document.apply(window.change(1, 1, "\n"))
    assert document.text.startswith('{\n    "e": {\n\n        "a": 1\n')
    document.apply(window.change(2, 2, "x"))
    assert document.text.startswith('{\n    "e": {\n    x\n        "a": 1\n')
    assert window.text.startswith("{\nx\n    ")
    document.apply(window.change(2, 3, ""))
    assert document.text.startswith('{\n    "e": {\n\n        "a": 1\n')


def test_a_line_of_less_indentation_is_shown_as_it_is_and_only_changed_where_edited() -> None:
    document, window = entry('{\n    "e": {\n  "a": 1\n    }\n}')
    assert window.text == '{\n  "a": 1\n}'
    at = window.text.index("1")
    document.apply(window.change(at, at + 1, "2"))
    assert document.text == '{\n    "e": {\n  "a": 2\n    }\n}'
    document.apply(window.change(2, 2, "  "))
    assert window.text == '{\n    "a": 2\n}'
    assert document.text == '{\n    "e": {\n        "a": 2\n    }\n}'


def test_a_stray_brace_does_not_swallow_the_neighbour() -> None:
    document, window = entry()
    document.apply(window.change(len(window.text), len(window.text), "}"))
    assert window.text.endswith("}}")
    document.apply(window.change(0, 1, ""))
    assert document.text.endswith('}},\r\n    "z": 0\r\n}\r\n')


def test_a_member_put_right_behind_the_window_stays_outside() -> None:
    document, window = entry()
    end = window.span.end
    document.apply(ChangeSet.replace(len(document.text), end, end, ',\r\n    "n": 0'))
    assert window.text == '{\r\n    "a": 1\r\n}'


def test_a_window_whose_text_is_gone_is_empty() -> None:
    document, window = entry()
    document.apply(ChangeSet.replace(len(document.text), 0, len(document.text), "[]"))
    assert window.text == ""
    document.undo()
    assert window.text == '{\r\n    "a": 1\r\n}'


def test_a_replaced_value_is_what_the_window_shows_next() -> None:
    document, window = entry()
    span = window.span
    document.apply(ChangeSet.replace(len(document.text), span.start, span.end, "[7]"))
    assert window.text == "[7]"


def test_a_closed_window_is_mapped_no_longer() -> None:
    document, window = entry()
    span = window.span
    window.close()
    document.apply(ChangeSet.replace(len(document.text), 0, 0, "  "))
    assert window.span == span


def test_a_range_outside_the_window_is_refused() -> None:
    _, window = entry()
    with pytest.raises(ValueError, match="not in the window"):
        window.change(0, len(window.text) + 1, "")


JSON = '{"a": [1, {"b]": "}{"}, []], "c": {"d": "[\\"]"}}'


def partners(text: str) -> dict[int, int]:
    """By a stack, strings left out."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if match.group() in "[{":
            stack.append(match.start())
        elif match.group() in "]}":
            other = stack.pop()
            found |= {match.start(): other, other: match.start()}
    return found


@pytest.mark.parametrize("indent", [None, 2])
def test_each_bracket_has_the_partner_that_a_reader_finds(indent: int | None) -> None:
    text = json.dumps(json.loads(JSON), indent=indent)
    window = Window(Document(text), Span(0, len(text)))
    expected = partners(text)
    assert {at: window.partner(at) for at in expected} == expected
    assert all(window.partner(at) is None for at in range(len(text)) if at not in expected)


def test_partners_in_a_part_of_the_text() -> None:
    text = json.dumps({"x": json.loads(JSON)}, indent=2)
    start = text.index("{", 1)
    window = Window(Document(text), Span(start, len(text) - 2))
    assert {at: window.partner(at) for at in partners(window.text)} == partners(window.text)


def test_brackets_of_broken_text_have_no_partner_or_a_bracket() -> None:
    for cut in range(len(JSON)):
        text = JSON[:cut] + JSON[cut + 1 :]
        window = Window(Document(text), Span(0, len(text)))
        for at in range(len(text)):
            other = window.partner(at)
            assert other is None or text[at] + text[other] in ("[]", "][", "{}", "}{")


def test_a_very_long_part_is_shown_as_it_is() -> None:
    text = json.dumps({"x": {"y": ["z" * 40] * 30_000}}, indent=2)
    start = text.index("{", 1)
    window = Window(Document(text), Span(start, len(text) - 2))
    assert window.text == text[start:-2]
    at = window.text.index("zz")
    assert window.to_document(at) == start + at
    assert window.lines.line_count == window.text.count("\n") + 1
