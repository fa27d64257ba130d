"""A corpus case: a folder with krakend.json (kept byte by byte) and case.json.

case.json:
  title, source      what the case shows, and the fact that it is derived from
  target             as for --krakend; the newest 2.x Community release when absent
  environ            variables of the environment (default none)
  config_folder      the folder of the config; plugin folders are relative to /work/dir
  krakend_here       whether anything of KrakenD is on the machine (default true)
  folders            the plugin folders that exist: name -> {"status"?, "entries"}
  expected           [[rule, severity, pointer], ...] of everything above info, in file order
  infos              the same for info findings, where the case is about them

An entry of a folder: name, kind (default "file"), target_kind of a symlink, unreadable (a
reason), is (the FileKind; default a Go plugin), registers ("type:name", with "?" for a name
that cannot be read, and "trim*" for a modifier's stem), holds (names whose bytes occur in it),
plugin_path.
"""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tui.diagnostic import Diagnostic
from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.scan import Scan
from tui.krakend.target import default_target, parse_target
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.workspace import Analysis, Snapshot, analyse

HERE = Path(__file__).parent
WORKDIR = "/work/dir"

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """A case by the name of its folder."""

    name: str

    @cached_property
    def facts(self) -> dict[str, Any]:
        return json.loads((HERE / self.name / "case.json").read_text("utf-8"))

    @cached_property
    def data(self) -> bytes:
        return (HERE / self.name / "krakend.json").read_bytes()

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def expected(self) -> list[Row]:
        return [tuple(row) for row in self.facts["expected"]]

    @property
    def infos(self) -> list[Row] | None:
        infos = self.facts.get("infos")
        return None if infos is None else [tuple(row) for row in infos]

    def analysis(self, text: str | None = None) -> Analysis:
        """What we say of the config, or of another text in the same surroundings."""
        tree = JsonTree.parse(self.text if text is None else text)
        listing, plugins, unreadable = self._folder(tree)
        which = self.facts.get("target")
        return analyse(
            Snapshot(
                tree=tree,
                target=parse_target(which) if which else default_target(),
                listing=listing,
                plugins=plugins,
                unreadable=unreadable,
                krakend_here=self.facts.get("krakend_here", True),
                environ=self.facts.get("environ", {}),
                config_folder=self.facts.get("config_folder"),
            )
        )

    def _folder(
        self, tree: JsonTree
    ) -> tuple[FolderListing, dict[bytes, PluginFacts], dict[bytes, str]]:
        """What gather would find for the folder that the config names."""
        block = read_plugin_block(tree)
        folder = block.folder_text
        if folder is None:
            return FolderListing("", FolderStatus.UNCHECKED), {}, {}
        if not folder:
            return FolderListing("", FolderStatus.ABSENT), {}, {}
        path = posixpath.normpath(posixpath.join(WORKDIR, folder))
        for name, found in self.facts.get("folders", {}).items():
            if posixpath.normpath(posixpath.join(WORKDIR, name)) == path:
                return _listing(path, found, block.pattern_text or "")
        return FolderListing(path, FolderStatus.ABSENT), {}, {}


def cases() -> list[Case]:
    """All cases, by name."""
    return [Case(path.parent.name) for path in sorted(HERE.glob("*/case.json"))]


def row(diagnostic: Diagnostic) -> Row:
    """A finding as the cases write it."""
    return diagnostic.rule, diagnostic.severity.value, diagnostic.pointer


def _listing(
    path: str, found: dict[str, Any], pattern: str
) -> tuple[FolderListing, dict[bytes, PluginFacts], dict[bytes, str]]:
    status = FolderStatus(found.get("status", "ok"))
    entries = []
    plugins: dict[bytes, PluginFacts] = {}
    unreadable: dict[bytes, str] = {}
    for entry in found.get("entries", ()):
        name = entry["name"].encode("utf-8", "surrogateescape")
        target = entry.get("target_kind")
        entries.append(
            FolderEntry(
                name,
                EntryKind(entry.get("kind", "file")),
                target_kind=EntryKind(target) if target else None,
            )
        )
        if "unreadable" in entry:
            unreadable[name] = entry["unreadable"]
        elif entries[-1].is_regular:
            plugins[name] = _facts(entry)
    listing = FolderListing(path, status, tuple(sorted(entries, key=lambda e: e.name)))
    loaded = {entry.name for entry in Scan(listing, pattern).loaded_entries()}
    return (
        listing,
        {name: facts for name, facts in plugins.items() if name in loaded},
        {name: why for name, why in unreadable.items() if name in loaded},
    )


def _facts(entry: dict[str, Any]) -> PluginFacts:
    registerers: list[Registerer] = []
    for text in entry.get("registers", ()):
        kind, _, name = text.partition(":")
        type_ = PluginType(kind)
        if name == "?":
            registerers.append(Registerer(type_, None, Certainty.UNKNOWN))
        elif name.endswith("*"):
            stem = name[:-1]
            registerers += [
                Registerer(type_, f"{stem}-{half}", Certainty.INITIAL_VALUE, stem)
                for half in ("request", "response")
            ]
        else:
            registerers.append(Registerer(type_, name, Certainty.EXACT))
    return PluginFacts(
        FileKind(entry.get("is", "go-plugin")),
        tuple(registerers),
        plugin_path=entry.get("plugin_path"),
        literals=frozenset(entry.get("holds", ())),
    )
