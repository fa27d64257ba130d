"""The corpus before KrakenD's own parser: what it refuses, and what it reads of the block."""

from __future__ import annotations

import re

import pytest
from corpus.corpus_cases import Case, cases
from engine.judge import ParseJudge

from tui.document.strict import SYNTAX
from tui.krakend.target import default_target, parse_target

_REFUSAL = re.compile(r"does not start|refuses? to start")
# Endpoints and hosts are no matter of plugins.
_OF_OTHERS = re.compile(r"since it has 0 backends defined|invalid host")
# The engine has the parser of 2.12 and newer.
CASES = [
    case
    for case in cases()
    if (2, 12)
    <= (parse_target(case.facts["target"]) if "target" in case.facts else default_target()).minor
    < (3, 0)
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_krakend_starts_when_we_say_so(case: Case, krakend_parse: ParseJudge) -> None:
    answer = krakend_parse(case.data)
    if _OF_OTHERS.search(answer["koanf"]):
        return
    found = case.analysis().diagnostics
    refusals = [
        d.message
        for d in found
        if d.rule == SYNTAX or (_REFUSAL.search(d.message) and d.rule != "config-environment")
    ]
    assert bool(refusals) == bool(answer["koanf"]), (answer["koanf"], refusals)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_block_is_read_as_krakend_reads_it(case: Case, krakend_parse: ParseJudge) -> None:
    answer = krakend_parse(case.data)
    if answer["koanf"]:
        return
    analysis = case.analysis()
    block = answer["plugin"]
    read = None if block is None else (block["Folder"], block["Pattern"])
    ours = None if analysis.folder is None else (analysis.folder, analysis.pattern)
    assert ours == read
