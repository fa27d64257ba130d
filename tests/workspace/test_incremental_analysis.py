"""An analysis that remembers is the analysis; after an edit it looks at what was touched only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workspace.test_analyse_any_shape import (
    CONFIG,
    ENTRIES,
    FACTS,
    FOLDERS,
    JSON,
    KEYS,
    SILENT,
    TARGETS,
)

from tui.diagnostic import Edit
from tui.document import scanned
from tui.document.change import ChangeSet
from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend import loading
from tui.krakend.points import InjectionPoint, PointGroup
from tui.krakend.rules.base import Context, Rule
from tui.krakend.rules.table import RULES
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import parse_target
from tui.workspace.analyser import Analyser, analyse
from tui.workspace.judge import Judge

SNIPPETS = st.one_of(
    st.sampled_from(
        ['"', "{", "}", "[", "]", ",", "x", "auth", "\n", '"\r\n"', "\t", "é", "1e999"]
    ),
    st.sampled_from(KEYS).map(json.dumps),
    JSON.map(json.dumps),
)
WHAT = ["text", "text", "text", "back", "folder", "target", "names"]
SIGHTINGS = st.tuples(*[st.frozensets(st.sampled_from(["auht", "atuh", "trim", "auth"]))] * 2)


def snapshot(
    tree: JsonTree,
    listing: FolderListing,
    which: str,
    literals: frozenset[str] = FACTS.literals,
    unsearched: frozenset[str] = frozenset(),
) -> Snapshot:
    return Snapshot(
        tree,
        parse_target(which),
        listing,
        plugins={b"a.so": FACTS._replace(literals=literals), b"b.so": SILENT},
        unsearched=unsearched,
        unreadable={b"c.so.bak": "permission denied"},
    )


def shown(points: tuple[InjectionPoint, ...]) -> list[object]:
    """What a screen shows of them."""
    return [
        (p.pointer, p.label, p.depth, p.other_keys, [(e.pointer, e.names) for e in p.entries])
        for p in points
    ]


def without_places(rows: list[Any]) -> list[Any]:
    return [(*row[:4], [(at, [n for n, _ in names]) for at, names in row[4]]) for row in rows]


@st.composite
def changes(draw: st.DrawFn, text: str) -> ChangeSet:
    """Mostly of one value, sometimes of any range, sometimes of two places."""
    edits: list[Edit] = []
    for _ in range(draw(st.sampled_from([1, 1, 2]))):
        start = draw(st.integers(edits[-1].end if edits else 0, len(text)))
        quotes = text.count('"')
        if quotes and not edits and draw(st.booleans()):
            start = [at for at, mark in enumerate(text) if mark == '"'][
                draw(st.integers(0, quotes - 1))
            ]
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 8])))
        edits.append(Edit(start, end, draw(SNIPPETS)))
    return ChangeSet.of(len(text), edits)


@settings(max_examples=250, deadline=None)
@given(CONFIG, st.sampled_from([None, 2]), FOLDERS, TARGETS, st.data())
def test_an_analysis_that_remembers_is_the_analysis(
    config: Any, indent: int | None, listing: FolderListing, which: str, data: st.DataObject
) -> None:
    analyser = Analyser()
    text = json.dumps(config, indent=indent)
    tree = JsonTree.parse(text)
    sightings = data.draw(SIGHTINGS)
    for _ in range(data.draw(st.integers(1, 4))):
        kept = analyser.analyse(snapshot(tree, listing, which, *sightings))
        fresh = analyse(snapshot(JsonTree.parse(text), listing, which, *sightings))
        assert kept.diagnostics == fresh.diagnostics
        # What is recovered of a broken text may differ: it is what was known before it broke.
        if tree.is_json:
            assert without_places(shown(kept.points)) == without_places(shown(fresh.points))
            assert [(u.name, u.pointer) for u in kept.uses] == [
                (u.name, u.pointer) for u in fresh.uses
            ]
            assert (kept.folder, kept.pattern, kept.scan.loaded) == (
                fresh.folder,
                fresh.pattern,
                fresh.scan.loaded,
            )
            files = [found.registry and found.registry.files for found in (kept, fresh)]
            assert files[0] == files[1]
        what = data.draw(
            st.sampled_from(["text", "text", "text", "back", "folder", "target", "names"])
        )
        if what == "folder":
            listing = data.draw(FOLDERS)
        elif what == "names":
            sightings = data.draw(SIGHTINGS)
        elif what == "target":
            which = data.draw(TARGETS)
        else:
            change = data.draw(changes(text))
            before, text = text, change.apply(text)
            tree = tree.edited(change, text)
            if what == "back":
                analyser.analyse(snapshot(tree, listing, which))
                tree = tree.edited(change.invert(before), before)
                text = before


def big(count: int, names: str = "auth") -> str:
    entry = {"plugin/http-client": {"name": names, names: {"n": 1}}}
    wrong = {"plugin/http-server": {"name": ["x"]}}
    endpoints = [
        {
            "endpoint": f"/{n}",
            "extra_config": wrong if n % 10 == 0 else {},
            "backend": [{"url_pattern": f"/{n}", "extra_config": entry}],
        }
        for n in range(count)
    ]
    plugin = {"pattern": ".so", "folder": "p"}
    return json.dumps({"version": 3, "plugin": plugin, "endpoints": endpoints}, indent=2)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many groups of points were read, and how many were judged; how many questions the rules
    were asked, and of how many objects the members were looked for in the text."""
    counts = {"read": 0, "judged": 0, "asked": 0, "looked into": 0}
    read, found_in, findings = PointGroup.read, Judge.found_in, Rule.findings
    members = scanned._read_members

    def reading(self: PointGroup) -> Any:
        counts["read"] += 1
        return read(self)

    def asking(self: Rule, context: Context) -> Any:
        counts["asked"] += 1
        return findings(self, context)

    def looking(*args: Any) -> Any:
        counts["looked into"] += 1
        return members(*args)

    def judging(self: Judge, *args: Any) -> Any:
        counts["judged"] += 1
        return found_in(self, *args)

    monkeypatch.setattr(PointGroup, "read", reading)
    monkeypatch.setattr(Judge, "found_in", judging)
    monkeypatch.setattr(Rule, "findings", asking)
    monkeypatch.setattr(scanned, "_read_members", looking)
    return counts


def typed(analyser: Analyser, text: str, at: str, new: str) -> list[str]:
    """Analyse a text, and again after `at` in it became `new`: the findings that are new."""
    listing = FolderListing("/p", FolderStatus.OK, ENTRIES)
    tree = JsonTree.parse(text)
    before = analyser.analyse(snapshot(tree, listing, "2.13"))
    place = text.index(at)
    change = ChangeSet.replace(len(text), place, place + len(at), new)
    after = analyser.analyse(snapshot(tree.edited(change, change.apply(text)), listing, "2.13"))
    known = {(found.rule, found.pointer) for found in before.diagnostics}
    return [f.rule for f in after.diagnostics if (f.rule, f.pointer) not in known]


@pytest.mark.parametrize("count", [30, 300])
def test_the_work_after_a_key_does_not_grow_with_the_file(count: int, work: dict[str, int]) -> None:
    analyser = Analyser()
    listing = FolderListing("/p", FolderStatus.OK, ENTRIES)
    analyser.analyse(snapshot(JsonTree.parse(big(count)), listing, "2.13"))
    work.update(read=0, judged=0)
    # A slip in the name of one entry, which makes the text longer; entries at a wrong level
    # look at the service, and are judged each time.
    text = big(count)
    marked = text.replace('"url_pattern": "/11"', '"url_pattern": "/11*"')
    tree = JsonTree.parse(marked)
    analyser.analyse(snapshot(tree, listing, "2.13"))
    work.update(read=0, judged=0)
    place = marked.index("/11*") + 4
    change = ChangeSet.replace(len(marked), place, place, "x")
    after = tree.edited(change, change.apply(marked))
    analyser.analyse(snapshot(after, listing, "2.13"))
    looking_outside = count // 10
    assert work["judged"] <= 2 + looking_outside
    assert work["read"] <= 3 + looking_outside


def test_files_are_judged_again_only_when_something_of_them_is_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Names that more or less is known of change what a file registers, not whether it loads."""
    judged: list[str] = []

    def counted(act: Callable[..., object]) -> Callable[..., object]:
        def counting(*args: object, **options: object) -> object:
            judged.append(act.__name__)
            return act(*args, **options)

        return counting

    for act in (loading.requirements_of, loading.read_registry):
        monkeypatch.setattr(loading, act.__name__, counted(act))
    analyser = Analyser()
    listing = FolderListing("/p", FolderStatus.OK, ENTRIES)
    text = big(2)
    files = len(analyser.analyse(snapshot(JsonTree.parse(text), listing, "2.13")).predictions)
    everything = ["read_registry", *["requirements_of"] * files]
    assert sorted(judged) == everything
    for changed, which, literals, expected in (
        (text.replace("/1", "/one"), "2.13", FACTS.literals, []),
        (text.replace("/1", "/one"), "2.13", frozenset({"another"}), ["read_registry"]),
        (text.replace('".so"', '"so"'), "2.13", frozenset({"another"}), everything),
        (text.replace('".so"', '"so"'), "2.12", frozenset({"another"}), everything),
    ):
        judged.clear()
        analyser.analyse(snapshot(JsonTree.parse(changed), listing, which, literals))
        assert sorted(judged) == expected


def faultless(count: int) -> str:
    entry = {"name": ["trim-request", "trim-response"], "trim-request": {"n": 1}}
    extra = {"extra_config": {"plugin/req-resp-modifier": entry, "qos/ratelimit/router": {}}}
    owner = {"endpoint": "/t", "backend": [{"url_pattern": "/b", **extra}], **extra}
    plugin = {"pattern": ".so", "folder": "p"}
    return json.dumps({"version": 3, "plugin": plugin, "endpoints": [owner] * count})


def test_no_rule_is_asked_about_an_endpoint_where_nothing_can_be_found(
    work: dict[str, int],
) -> None:
    """And no object of it is looked into: its points are read from the value, by its keys."""
    costs = []
    for count in (30, 300):
        work.update(read=0, asked=0, **{"looked into": 0})
        listing = FolderListing("/p", FolderStatus.OK, ENTRIES)
        tree = JsonTree.parse(faultless(count))
        found = Analyser().analyse(snapshot(tree, listing, "2.13"))
        assert len(found.uses) == 4 * count
        assert work["judged"] >= count
        costs.append((work["asked"], work["looked into"], work["read"] - count))
    assert costs[0] == costs[1]
    assert costs[0][0] <= len(RULES)


def test_a_key_shows_what_it_did() -> None:
    new = typed(Analyser(), big(20), '"name": "auth"', '"name": ["auth"]')
    assert new == ["plugin-name-type"]
