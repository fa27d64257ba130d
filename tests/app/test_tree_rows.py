"""The tree's rows: made one by one, and the same as if all were made at once."""

from __future__ import annotations

import gc
import json
import weakref
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.app.tree_rows import WHOLE_FILE, Counts, Group, GroupBlock, TreeFilter, TreeRows
from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.tree import JsonTree
from tui.krakend.points import injection_points, point_groups
from tui.krakend.target import Target, default_target, parse_target

KEYS = (
    "plugin/http-server",
    "plugin/http-client",
    "plugin/req-resp-modifier",
    "#plugin/http-client",
    "plugin/httpclient",
    "github.com/devopsfaith/krakend/proxy/plugin",
    "other",
)
EXTRA = st.lists(st.sampled_from(KEYS), unique=True, max_size=3).map(
    lambda keys: {key: {"name": ["a"]} for key in keys}
)
BACKENDS = st.lists(st.builds(lambda extra: {"extra_config": extra}, EXTRA), max_size=3)
OWNERS = st.builds(
    lambda extra, backend: {"extra_config": extra, "backend": backend}, EXTRA, BACKENDS
)
CONFIGS = st.builds(
    lambda extra, endpoints, agents: {
        "extra_config": extra,
        "endpoints": endpoints,
        "async_agent": agents,
    },
    EXTRA,
    st.lists(OWNERS, max_size=4),
    st.lists(OWNERS, max_size=2),
)


def found_at(pointer: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic("rule", severity, "words", pointer, Span(0, 0))


def groups_of(config: Any) -> list[GroupBlock]:
    """In blocks of two."""
    tree = JsonTree.parse(json.dumps(config))
    groups = [Group(group.points()) for group in point_groups(tree)]
    return [GroupBlock(groups[at : at + 2]) for at in range(0, len(groups), 2)]


def rows_of(config: Any, target: Target | None = None, **options: Any) -> TreeRows:
    return TreeRows(groups_of(config), target or default_target(), **options)


@given(CONFIGS, st.data())
def test_length_index_and_row_agree(config: Any, data: st.DataObject) -> None:
    points = injection_points(JsonTree.parse(json.dumps(config)))
    pointers = [point.pointer for point in points]
    entries = [entry.pointer for point in points for entry in point.entries]
    rows = TreeRows(
        groups_of(config),
        default_target(),
        [found_at(pointer) for pointer in data.draw(st.lists(st.sampled_from(pointers + entries)))],
        data.draw(st.sets(st.sampled_from(pointers))),
        data.draw(st.sampled_from(TreeFilter)),
    )
    every = list(rows)
    assert len(every) == len(rows)
    assert rows[-1].key == WHOLE_FILE
    keys = [row.key for row in every]
    assert len(set(keys)) == len(keys)
    for index, key in enumerate(keys):
        assert rows.index_of(key) == index
    for key in set(pointers + entries) - set(keys):
        assert rows.index_of(key) is None


@given(CONFIGS)
def test_with_plugins_shows_each_entry_and_only_points_that_have_one(config: Any) -> None:
    points = injection_points(JsonTree.parse(json.dumps(config)))
    rows = rows_of(config, filter_=TreeFilter.PLUGINS)
    shown = {row.key for row in rows}
    assert {entry.pointer for point in points for entry in point.entries} <= shown
    for point in points:
        if point.depth == 1:
            assert (point.pointer in shown) == bool(point.entries)


def test_with_findings_shows_the_way_to_each_finding() -> None:
    config = {
        "endpoints": [
            {"backend": [{}, {"extra_config": {KEYS[1]: {}, KEYS[2]: {}}}]},
            {"backend": [{}]},
        ]
    }
    pointer = "/endpoints/0/backend/1/extra_config/plugin~1http-client"
    rows = rows_of(
        config,
        filter_=TreeFilter.FINDINGS,
        diagnostics=[found_at(pointer + "/name"), found_at(pointer, Severity.INFO)],
    )
    assert [row.key for row in rows] == [
        "/endpoints/0", "/endpoints/0/backend/1", pointer, WHOLE_FILE,
    ]  # fmt: skip
    assert [row.counts for row in rows] == [Counts(1, 0, 1)] * 4


def test_the_services_findings_are_those_of_its_extra_config() -> None:
    rows = rows_of(
        {"extra_config": {KEYS[0]: {}}, "plugin": {}},
        diagnostics=[found_at("/plugin/pattern"), found_at("/extra_config/x")],
    )
    assert rows[0].counts == Counts(1, 0, 0)
    assert rows[-1].counts == Counts(2, 0, 0)


def test_what_is_ignored_stands_where_it_is_and_says_why() -> None:
    config = {
        "extra_config": {"plugin/middleware": {}, "plugin/http-client": {}},
        "endpoints": [
            {
                "extra_config": {
                    "plugin/http-server": {"name": ["a"]},
                    "#plugin/req-resp-modifier": {},
                    "plugin/req_resp_modifier": {},
                },
                "plugin/req-resp-modifier": {},
            },
            {
                "extra_config": {
                    "plugin/middleware": {"name": ["a", "b"]},
                    "plugin/req-resp-modifier": {"name": ["a"]},
                    "github.com/devopsfaith/krakend/proxy/plugin": {},
                }
            },
        ],
        "async_agent": [
            {"extra_config": {"github.com/devopsfaith/krakend/proxy/plugin": {"name": ["t"]}}}
        ],
    }
    said = [(row.label, row.works, row.remark) for row in rows_of(config) if row.depth]
    assert said == [
        ("middleware", False, "ignored for the service"),
        ("http-client", False, "ignored for the service"),
        ("http-server", False, "ignored at an endpoint"),
        ("req-resp-modifier", False, "off"),
        ("plugin/req_resp_modifier", False, "ignored: misspelt"),
        ("plugin/req-resp-modifier", False, "ignored: beside extra_config"),
        ("middleware", False, "ignored: no middleware in this KrakenD"),
        ("req-resp-modifier", True, "a"),
        ("req-resp-modifier", False, "ignored: plugin/... is there too"),
        ("req-resp-modifier", True, "1.x key  t"),
    ]
    enterprise = rows_of(config, parse_target("ee-2.13"))
    assert ("middleware", True, "a, b") in [(r.label, r.works, r.remark) for r in enterprise]
    community = rows_of(config, parse_target("ce-3.0"))
    assert not any(row.works for row in community if row.depth and row.remark != "off")


def test_a_block_that_nobody_needs_waits_for_no_collector() -> None:
    """It holds the text that it was read from, which may be long."""
    blocks = groups_of({"endpoints": [{"endpoint": "/a", "extra_config": {KEYS[0]: {}}}]})
    rows = TreeRows(blocks, default_target())
    assert len(rows) > 2
    gone = [weakref.ref(block) for block in blocks]
    gc.disable()
    try:
        del blocks, rows
        assert not any(block() for block in gone)
    finally:
        gc.enable()
