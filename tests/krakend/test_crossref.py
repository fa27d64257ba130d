"""From a file to its uses and back, on an analysed config."""

from __future__ import annotations

import json
from typing import Any

from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.crossref import CrossReference
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import default_target
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.workspace.analyser import analyse

SERVER, CLIENT, MODIFIER = PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER


def crossref(files: dict[str, PluginFacts], extra: Any, backend: Any = None) -> CrossReference:
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./p/"},
        "extra_config": extra,
        "endpoints": [{"endpoint": "/a", "backend": [{"extra_config": backend or {}}]}],
    }
    entries = tuple(FolderEntry(name.encode(), EntryKind.FILE) for name in sorted(files))
    snapshot = Snapshot(
        tree=JsonTree.parse(json.dumps(config)),
        target=default_target(),
        listing=FolderListing("/p", FolderStatus.OK, entries),
        plugins={name.encode(): facts for name, facts in files.items()},
    )
    analysis = analyse(snapshot)
    assert analysis.registry is not None
    return CrossReference(analysis.registry, analysis.use_blocks)


def go(*names: tuple[PluginType, str | None], holds: str = "") -> PluginFacts:
    registerers = tuple(
        Registerer(type_, name, Certainty.EXACT if name else Certainty.UNKNOWN)
        for type_, name in names
    )
    return PluginFacts(FileKind.GO_PLUGIN, registerers, literals=frozenset(holds.split()))


def test_a_file_is_used_wherever_one_of_its_names_is() -> None:
    files = {"a.so": go((SERVER, "auth"), (CLIENT, "patient")), "b.so": go((SERVER, "geo"))}
    found = crossref(
        files,
        {"plugin/http-server": {"name": ["geo", "auth"]}},
        {"plugin/http-client": {"name": "patient"}},
    )
    assert [use.pointer for use in found.uses_of("a.so")] == [
        "/extra_config/plugin~1http-server/name/1",
        "/endpoints/0/backend/0/extra_config/plugin~1http-client/name",
    ]
    assert [use.name for use in found.uses_of("b.so")] == ["geo"]
    assert found.provider(SERVER, "auth") == "a.so"
    assert found.provider(CLIENT, "auth") is None


def test_of_two_files_with_a_name_the_last_is_used() -> None:
    files = {"a.so": go((SERVER, "auth")), "b.so": go((SERVER, "auth"))}
    found = crossref(files, {"plugin/http-server": {"name": ["auth"]}})
    assert not found.uses_of("a.so")
    assert [one.instead for one in found.provided_by("a.so")] == ["b.so"]
    assert len(found.uses_of("b.so")) == 1
    assert found.provider(SERVER, "auth") == "b.so"


def test_a_name_that_only_the_bytes_hold_counts_for_its_file() -> None:
    files = {"a.so": go((SERVER, None), holds="auth"), "b.so": go((SERVER, "geo"))}
    found = crossref(files, {"plugin/http-server": {"name": ["auth"]}})
    assert len(found.uses_of("a.so")) == 1
    assert found.provider(SERVER, "auth") == "a.so"


def test_what_krakend_ignores_is_no_use() -> None:
    files = {"a.so": go((SERVER, "auth"))}
    found = crossref(files, {}, {"plugin/http-server": {"name": ["auth"]}})
    assert not found.uses_of("a.so")
    assert [one.name for one in found.provided_by("a.so")] == ["auth"]
    assert not found.provided_by("none.so")
