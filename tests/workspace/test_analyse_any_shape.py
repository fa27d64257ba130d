"""analyse never raises, whatever stands wherever, and its findings stay inside the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.namespaces import LEGACY
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import parse_target
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.schema.load import load_schema
from tui.visible import visible
from tui.workspace.analyser import Analysis, analyse

KEYS = [
    *("version", "plugin", "Plugin", "plugins", "folder", "Folder", "pattern", "patern"),
    *("extra_config", "Extra_Config", "endpoints", "endpoint", "backend", "async_agent"),
    *("host", "method", "url_pattern", "name", "Name", "names", "auth", "", "a/b~c", "\ud800"),
    *("plugin/http-server", "plugin/http-client", "plugin/req-resp-modifier"),
    *("plugin/middleware", "plugin/http_server", "#plugin/http-server", "//plugin/http-client"),
    *("plugin/", "plugin/x", "output_encoding", "telemetry/logging", "backend/lambda"),
    *("@krakend-tui", "qos/http-cache", "level", "workflow", "backends", "extraConfig", "$ref"),
    *("plugin", "http-server", "trim", "auth/validator", "plugins", "config", "\x1b[31m"),
    *LEGACY,
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(10**400),
    st.sampled_from(
        ["auth", "atuh", "trim", "auth,log", ".so", "*.so", "^.*\\.so$", "./plugins/", "/", ""]
    ),
    st.sampled_from(["no-op", "DEBUG", "GET", "http://a:1", "\x1b[31m", "\ud800", "a" * 300]),
    st.text(max_size=5),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=30,
)


def object_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object whose fields are mostly of the right shape, sometimes of any."""
    optional = {key: st.one_of(value, value, JSON) for key, value in fields.items()}
    extra = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=2)
    return st.tuples(st.fixed_dictionaries({}, optional=optional), extra).map(
        lambda pair: {**pair[1], **pair[0]}
    )


def of_schema(schema: Any) -> st.SearchStrategy[Any]:
    """What one of our schemas takes, as far as types, keys, items and enumerations tell."""
    if not isinstance(schema, dict):
        return JSON
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kinds = schema.get("type", [])
    drawn = {
        "object": lambda: object_of(**dict(_properties(schema))),
        "array": lambda: st.lists(of_schema(schema.get("items", True)), max_size=3),
        "string": lambda: st.one_of(
            st.sampled_from([*schema.get("examples", ()), "auth", "trim-request"]), st.text()
        ),
    }
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return st.one_of([drawn[kind]() if kind in drawn else SCALARS for kind in kinds] or [JSON])


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    for key, below in schema.get("properties", {}).items():
        yield key, of_schema(below)


NAME = st.one_of(st.sampled_from(["auth", "trim", "proxy"]), st.lists(SCALARS, max_size=3))
ENTRY = object_of(name=NAME, auth=JSON)
BY_SCHEMA = {
    type_.namespace: st.one_of(of_schema(load_schema(type_.value)), JSON) for type_ in PluginType
}
NAMESPACES = st.one_of(
    st.dictionaries(st.sampled_from(KEYS), ENTRY, max_size=4),
    st.fixed_dictionaries({}, optional=BY_SCHEMA),
)
INNER = object_of(extra_config=NAMESPACES, host=st.lists(SCALARS, max_size=2))
WORKFLOW = object_of(extra_config=NAMESPACES, backend=st.lists(INNER, max_size=2))
BACKEND = object_of(
    extra_config=st.one_of(NAMESPACES, object_of(workflow=WORKFLOW)),
    host=st.lists(SCALARS, max_size=2),
)
ENDPOINT = object_of(extra_config=NAMESPACES, backend=st.lists(BACKEND, max_size=2))
CONFIG = object_of(
    version=st.sampled_from([3, "3", 2]),
    plugin=st.one_of(object_of(folder=SCALARS, pattern=SCALARS), of_schema(load_schema("plugin"))),
    extra_config=NAMESPACES,
    endpoints=st.lists(ENDPOINT, max_size=2),
    async_agent=st.lists(ENDPOINT, max_size=2),
)

FACTS = PluginFacts(
    FileKind.GO_PLUGIN,
    (
        Registerer(PluginType.SERVER, "auth", Certainty.EXACT),
        Registerer(PluginType.MODIFIER, "trim-request", Certainty.INITIAL_VALUE, "trim"),
        Registerer(PluginType.MODIFIER, "trim-response", Certainty.INITIAL_VALUE, "trim"),
    ),
    literals=frozenset({"auht"}),
)
SILENT = PluginFacts(FileKind.GO_PLUGIN, (Registerer(PluginType.CLIENT, None, Certainty.UNKNOWN),))
ENTRIES = (
    FolderEntry(b"\xff.so", EntryKind.FIFO),
    FolderEntry(b"a.so", EntryKind.FILE),
    FolderEntry(b"b.so", EntryKind.FILE),
    FolderEntry(b"c.so.bak", EntryKind.FILE),
    FolderEntry(b"d.so", EntryKind.DIRECTORY),
    FolderEntry(b"e\n.so", EntryKind.SYMLINK),
)
FOLDERS = st.sampled_from(
    [FolderListing("/p", FolderStatus.OK, ENTRIES), FolderListing("/p", FolderStatus.OK)]
    + [FolderListing("/p", status) for status in FolderStatus if status is not FolderStatus.OK]
)
FOLDER = FolderListing("/p", FolderStatus.OK, ENTRIES)
TARGETS = st.sampled_from(["2.13", "2.11", "ee-2.13", "ee-2.9", "ce-3.0", "ee-3.0", "1.4.1"])


def analysis(text: str, listing: FolderListing, which: str, here: bool) -> Analysis:
    return analyse(
        Snapshot(
            JsonTree.parse(text),
            parse_target(which),
            listing,
            plugins={b"a.so": FACTS, b"b.so": SILENT},
            unreadable={b"c.so.bak": "permission denied"},
            krakend_here=here,
            environ={"KRAKEND_PORT": "1", "KRAKEND_PLUGIN": "x", "KRAKEND_": "y"},
            config_folder="/etc/krakend" if here else None,
            near_folders=("plugins", "\x1b[31m"),
        )
    )


def check(text: str, found: Analysis) -> None:
    for diagnostic in found.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.message == visible(diagnostic.message)
        assert diagnostic.pointer == "" or diagnostic.pointer.startswith("/")
        for fix in diagnostic.fixes:
            assert fix.edits
            assert fix.title == visible(fix.title)
            assert all(e.start <= e.end <= len(text) for e in fix.edits)
            assert all(a.end <= b.start for a, b in zip(fix.edits, fix.edits[1:], strict=False))


@settings(max_examples=400, deadline=None)
@given(st.one_of(CONFIG, JSON), FOLDERS, TARGETS, st.booleans(), st.sampled_from([None, 1]))
def test_any_json(
    config: Any, listing: FolderListing, which: str, here: bool, indent: int | None
) -> None:
    text = json.dumps(config, indent=indent)
    found = analysis(text, listing, which, here)
    check(text, found)
    # Each fix leaves text that is JSON still.
    for diagnostic in found.diagnostics:
        for fix in diagnostic.fixes:
            mended = text
            for edit in reversed(fix.edits):
                mended = mended[: edit.start] + edit.text + mended[edit.end :]
            json.loads(mended)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_text(data: st.DataObject) -> None:
    text = json.dumps(data.draw(CONFIG), indent=1)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 10)))
    broken = text[:start] + data.draw(st.text('{}[]",:/* \n{{x', max_size=4)) + text[end:]
    check(broken, analysis(broken, FolderListing("/p", FolderStatus.OK, ENTRIES), "2.13", True))


def test_a_text_that_was_read_where_the_stack_was_short_is_judged_where_it_is_deep() -> None:
    """Python's json scanner takes as many levels as the stack has room for."""
    inner = "[" * 850 + '"]"' + "]" * 850
    entry = f'{{"plugin/http-client": {{"name": "x", "y": {inner}}}}}'
    text = f'{{"endpoints": [{{"z": {inner}, "extra_config": {entry}}}]}}'
    tree = JsonTree.parse(text)

    def judged(further: int) -> Analysis:
        if further:
            return judged(further - 1)
        return analyse(Snapshot(tree, parse_target("2.13"), FOLDER))

    for found in (judged(0), judged(200)):
        check(text, found)
        assert [use.name for use in found.uses] == []
        assert found.points[1].entries[0].value.member("y") is not None


def test_same_snapshot_same_analysis() -> None:
    text = '{"version": 2, "plugin": {"pattern": "*.so", "folder": "p"}}'
    listing = FolderListing("/p", FolderStatus.OK, ENTRIES)
    first, second = (analysis(text, listing, "2.13", True) for _ in range(2))
    assert first.diagnostics == second.diagnostics
