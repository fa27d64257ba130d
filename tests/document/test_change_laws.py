"""The laws of ChangeSet, on random texts and changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.diagnostic import Edit
from tui.document.change import ChangeSet

TEXT = st.text(alphabet="ab\n\r é😀", max_size=12)


@st.composite
def changes(draw: st.DrawFn, text: str) -> ChangeSet:
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(points[::2], points[1::2], strict=False)
    return ChangeSet.of(len(text), [Edit(a, b, draw(TEXT)) for a, b in pairs])


@st.composite
def text_and_change(draw: st.DrawFn) -> tuple[str, ChangeSet]:
    text = draw(TEXT)
    return text, draw(changes(text))


@st.composite
def text_and_three_changes(draw: st.DrawFn) -> tuple[str, ChangeSet, ChangeSet, ChangeSet]:
    text = draw(TEXT)
    first = draw(changes(text))
    second = draw(changes(first.apply(text)))
    third = draw(changes(second.apply(first.apply(text))))
    return text, first, second, third


@given(text_and_change())
def test_apply_replaces_each_range_and_keeps_the_rest(pair: tuple[str, ChangeSet]) -> None:
    text, change = pair
    expected = text
    for edit in reversed(change.edits):
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    assert change.apply(text) == expected
    assert change.length_after == len(expected)


@given(text_and_change())
def test_the_inverse_takes_the_change_back_and_inverts_to_it(pair: tuple[str, ChangeSet]) -> None:
    text, change = pair
    after = change.apply(text)
    inverse = change.invert(text)
    assert inverse.apply(after) == text
    assert inverse.invert(after) == change


@given(text_and_three_changes())
def test_composition_is_sequence_and_associative(
    case: tuple[str, ChangeSet, ChangeSet, ChangeSet],
) -> None:
    text, first, second, third = case
    result = third.apply(second.apply(first.apply(text)))
    assert first.compose(second).compose(third).apply(text) == result
    assert first.compose(second.compose(third)).apply(text) == result


@given(text_and_three_changes())
def test_the_inverse_of_a_composition_is_the_inverses_in_reverse(
    case: tuple[str, ChangeSet, ChangeSet, ChangeSet],
) -> None:
    text, first, second, _ = case
    middle = first.apply(text)
    after = second.apply(middle)
    assert first.compose(second).invert(text).apply(after) == text
    assert second.invert(middle).compose(first.invert(text)).apply(after) == text


@given(text_and_change())
def test_edits_are_sorted_apart_and_never_empty(pair: tuple[str, ChangeSet]) -> None:
    _, change = pair
    assert all(edit.start < edit.end or edit.text for edit in change.edits)
    assert all(a.end < b.start for a, b in zip(change.edits, change.edits[1:], strict=False))


@given(text_and_three_changes())
def test_a_composition_is_normalised_too(
    case: tuple[str, ChangeSet, ChangeSet, ChangeSet],
) -> None:
    _, first, second, _ = case
    both = first.compose(second)
    assert ChangeSet.of(both.length, both.edits) == both


@given(text_and_change(), st.data())
def test_map_is_monotone_and_lands_between_before_and_after(
    pair: tuple[str, ChangeSet], data: st.DataObject
) -> None:
    text, change = pair
    offsets = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4)))
    for before in (True, False):
        mapped = [change.map(offset, before=before) for offset in offsets]
        assert mapped == sorted(mapped)
        assert all(0 <= offset <= change.length_after for offset in mapped)
    assert all(change.map(o, before=True) <= change.map(o) for o in offsets)


@given(text_and_change())
def test_map_follows_every_kept_code_point(pair: tuple[str, ChangeSet]) -> None:
    text, change = pair
    after = change.apply(text)
    for offset, character in enumerate(text):
        if not any(edit.start <= offset < edit.end for edit in change.edits):
            assert after[change.map(offset)] == character


def test_an_insertion_at_the_offset_pushes_it_on_unless_before() -> None:
    change = ChangeSet.replace(4, 2, 2, "xyz")
    assert (change.map(2), change.map(2, before=True)) == (5, 2)
    assert (change.map(1), change.map(3)) == (1, 6)


def test_the_ends_of_a_replaced_range_stay_its_ends() -> None:
    change = ChangeSet.replace(6, 2, 4, "xyz")
    for before in (True, False):
        assert (change.map(2, before=before), change.map(4, before=before)) == (2, 5)
    assert (change.map(3, before=True), change.map(3)) == (2, 5)


def test_insertions_at_one_offset_keep_their_order() -> None:
    change = ChangeSet.of(2, [Edit(1, 2, "c"), Edit(1, 1, "a"), Edit(1, 1, "b")])
    assert change.edits == (Edit(1, 2, "abc"),)


@pytest.mark.parametrize(
    "edits",
    [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 1, "")], [Edit(-1, 0, "")], [Edit(3, 4, "")]],
)
def test_edits_that_overlap_or_leave_the_text_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps or leaves"):
        ChangeSet.of(3, edits)


def test_a_change_meets_only_a_text_of_its_length() -> None:
    change = ChangeSet.replace(3, 0, 1, "x")
    for attempt in (
        lambda: change.apply("ab"),
        lambda: change.invert("abcd"),
        lambda: change.compose(ChangeSet(4)),
    ):
        with pytest.raises(ValueError, match=r"code points|length"):
            attempt()
