"""Several fixes at once, and the safe ones again and again until none is left."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui.diagnostic import Diagnostic, Edit, Fix, safe_fix
from tui.document.change import ChangeSet

MOST_ROUNDS = 100
"""A broken text shows one syntax fault at a time; all else is mended in a round or two."""


class Applied(NamedTuple):
    """A fix that was applied, and the rule of its finding."""

    rule: str
    fix: Fix


class Mended(NamedTuple):
    """A text after its fixes, in the order in which they were applied."""

    text: str
    applied: tuple[Applied, ...]


def fixes_together(fixes: Iterable[Fix]) -> list[Fix]:
    """Those of `fixes` that can be applied at once: of two that touch, the first."""
    taken: list[Fix] = []
    spans: list[tuple[int, int]] = []
    for fix in fixes:
        if all(_is_apart(edit, spans) for edit in fix.edits):
            taken.append(fix)
            for edit in fix.edits:
                insort(spans, (edit.start, edit.end))
    return taken


def _is_apart(edit: Edit, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether an edit leaves a character or more to each of `spans`, sorted and apart."""
    at = bisect_left(spans, (edit.start, edit.end))
    is_after = not at or spans[at - 1][1] < edit.start
    return is_after and (at == len(spans) or edit.end < spans[at][0])


def mend(
    text: str,
    findings_of: Callable[[str], Sequence[Diagnostic]],
    fix_of: Callable[[Diagnostic], Fix | None] = safe_fix,
) -> Mended:
    """`text` with the fixes of its findings that `fix_of` picks, repeated until none is left.

    A round that brings back an earlier text ends it, so that two fixes never chase each other.
    """
    applied: list[Applied] = []
    seen = {text}
    for _ in range(MOST_ROUNDS):
        found = [(d.rule, fix) for d in findings_of(text) if (fix := fix_of(d)) is not None]
        taken = fixes_together(fix for _rule, fix in found)
        edits = [edit for fix in taken for edit in fix.edits]
        after = ChangeSet.of(len(text), edits).apply(text)
        if after in seen:
            break
        is_taken = {id(fix) for fix in taken}
        applied += [Applied(rule, fix) for rule, fix in found if id(fix) in is_taken]
        seen.add(after)
        text = after
    return Mended(text, tuple(applied))
