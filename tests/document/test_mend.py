"""Several fixes at once, and the safe ones until none is left."""

import re
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from tui.document.mend import MOST_ROUNDS, fixes_together, mend

EDITS = st.tuples(st.integers(0, 20), st.integers(0, 4), st.sampled_from(["", "x"])).map(
    lambda drawn: Edit(drawn[0], drawn[0] + drawn[1], drawn[2])
)
FIXES = st.lists(EDITS, min_size=1, max_size=3).map(lambda edits: Fix("fix", tuple(edits)))


def replacing(old: str, new: str, *, is_safe: bool = True):
    """Findings about each `old` in a text, with a fix that puts `new` there."""

    def findings(text: str) -> Sequence[Diagnostic]:
        return [
            Diagnostic(
                "old",
                Severity.ERROR,
                "old",
                "",
                Span(*match.span()),
                (Fix("fix", (Edit(*match.span(), new),), is_safe),),
            )
            for match in re.finditer(old, text)
        ]

    return findings


@given(st.lists(FIXES, max_size=8))
def test_fixes_that_go_together_touch_nowhere(fixes: list[Fix]) -> None:
    taken = fixes_together(fixes)
    spans = sorted((edit.start, edit.end, i) for i, fix in enumerate(taken) for edit in fix.edits)
    for (_, end, first), (start, _, second) in pairwise(spans):
        assert first == second or end < start
    # The first is always taken, and what is left out touches one that is not.
    assert taken[:1] == fixes[:1]
    for fix in fixes:
        if fix not in taken:
            assert any(
                a.start <= b.end and b.start <= a.end
                for a in fix.edits
                for other in taken
                for b in other.edits
            )


def test_all_at_once_when_they_are_apart() -> None:
    mended = mend("a-a-a", replacing("a", "b"))
    assert mended.text == "b-b-b"
    assert len(mended.applied) == 3


def test_neighbours_take_another_round() -> None:
    mended = mend("aaa", replacing("a", "b"))
    assert mended.text == "bbb"
    assert [applied.rule for applied in mended.applied] == ["old"] * 3


def test_what_is_not_safe_stays() -> None:
    assert mend("aaa", replacing("a", "b", is_safe=False)).text == "aaa"


def test_fixes_that_chase_each_other_end() -> None:
    def both(text: str) -> Sequence[Diagnostic]:
        return [*replacing("a", "b")(text), *replacing("b", "a")(text)]

    assert len(mend("a", both).applied) == 1


def test_fixes_without_end_end() -> None:
    assert mend("a", replacing("$", "a")).text == "a" * (MOST_ROUNDS + 1)


@given(st.text("ab-", max_size=20))
def test_mending_again_changes_nothing(text: str) -> None:
    once = mend(text, replacing("a", "b"))
    assert mend(once.text, replacing("a", "b")).text == once.text == text.replace("a", "b")
