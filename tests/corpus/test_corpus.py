"""Each case of the corpus yields exactly its findings, and each fix does what it promises."""

from __future__ import annotations

from collections import Counter

import pytest
from corpus_cases import Case, cases, row

from tui.diagnostic import Diagnostic, Severity, safe_fix
from tui.document.change import ChangeSet
from tui.document.mend import mend
from tui.krakend.rules.table import RULES
from tui.visible import visible

CASES = cases()


def _above_info(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [found for found in diagnostics if found.severity is not Severity.INFO]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_findings(case: Case) -> None:
    found = case.analysis().diagnostics
    assert [row(d) for d in _above_info(found)] == case.expected
    if case.infos is not None:
        infos = [row(d) for d in found if d.severity is Severity.INFO]
        assert infos == case.infos


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_are_short_and_visible(case: Case) -> None:
    for found in case.analysis().diagnostics:
        assert found.message == visible(found.message)
        assert len(found.message) <= 200, found.message
        assert found.message.rstrip().endswith((".", "?", ")")), found.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spans_are_in_the_text(case: Case) -> None:
    for found in case.analysis().diagnostics:
        assert 0 <= found.span.start <= found.span.end <= len(case.text)


def _fixes() -> list[tuple[Case, int, int]]:
    return [
        (case, i, j)
        for case in CASES
        for i, found in enumerate(case.analysis().diagnostics)
        for j in range(len(found.fixes))
    ]


@pytest.mark.parametrize(
    ("case", "i", "j"), _fixes(), ids=lambda value: value.name if isinstance(value, Case) else None
)
def test_a_fix_mends_its_finding_and_breaks_nothing(case: Case, i: int, j: int) -> None:
    before = case.analysis()
    found = before.diagnostics[i]
    fix = found.fixes[j]
    mended = ChangeSet.of(len(case.text), fix.edits).apply(case.text)
    after = case.analysis(mended)
    kept = [row(d) for d in _above_info(before.diagnostics) if d is not found]
    left = [row(d)[:2] for d in _above_info(after.diagnostics)]
    # Pointers into a list shift when an item goes, so findings are told by rule and number.
    assert sorted(left) == sorted(r[:2] for r in kept), (fix.title, mended)
    if found.severity is Severity.INFO:
        assert row(found) not in [row(d) for d in after.diagnostics]


def test_each_rule_has_a_case() -> None:
    seen = {rule for case in CASES for rule, _, _ in [*case.expected, *(case.infos or [])]}
    # A rule sees all that our schemas see in an entry; the schemas of others have tests of theirs.
    others = {"schema", "schema-unusable", "plugin-schema", "official-schema"}
    assert {rule.id for rule in RULES} - others <= seen


def test_the_table_says_which_rules_have_fixes() -> None:
    """So each fix that the table speaks of is held against the law above."""
    fixed = {found.rule for case in CASES for found in case.analysis().diagnostics if found.fixes}
    assert fixed == {rule.id for rule in RULES if rule.fix}


def test_safe_fixes_lead_to_a_text_without_any() -> None:
    for case in CASES:
        mended = mend(case.text, lambda text, case=case: case.analysis(text).diagnostics)
        left = [d for d in case.analysis(mended.text).diagnostics if safe_fix(d) is not None]
        assert not left, (case.name, left)
        # Nothing else turns up, but for what a text that is no JSON hid.
        before = Counter(found.rule for found in _above_info(case.analysis().diagnostics))
        after = Counter(found.rule for found in _above_info(case.analysis(mended.text).diagnostics))
        if "json-syntax" not in before:
            assert after <= before, case.name


def test_cases_name_their_source() -> None:
    assert len(CASES) >= 80
    for case in CASES:
        assert case.facts["source"], case.name
        assert case.facts["title"], case.name
