"""A corpus case: a folder with krakend.json (kept byte by byte) and case.json.

case.json:
  title, source      what the case shows, and the fact that it is derived from
  target             as for --krakend; the newest 2.x Community release when absent
  environ            variables of the environment (default none)
  config_folder      the folder of the config; plugin folders are relative to /work/dir
  krakend_here       whether anything of KrakenD is on the machine (default true)
  near_folders       names of folders that may be meant (see krakend.snapshot)
  folders            the plugin folders that exist: name -> {"status"?, "entries"}
  expected           [[rule, severity, pointer], ...] of everything above info, in file order
  infos              the same for info findings, where the case is about them

An entry of a folder: name, kind (default "file"), target_kind of a symlink, unreadable (a
reason), is (the FileKind; default a Go plugin), registers ("type:name", with "?" for a name
that cannot be read, and "trim*" for a modifier's stem), holds (names whose bytes occur in it),
plugin_path; go (version), platform, libc, modules (path -> version) and packages (path ->
fingerprint, any text).

The target may also be a binary: program, with go, libc, modules and packages as above, and
release (default: it is not KrakenD). libc of the case is that of --libc.
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
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import Target, default_target, parse_target, target_of_program
from tui.plugin.elf_head import ElfHead
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.plugin.fingerprints import Package
from tui.plugin.gobuildinfo import NO_BUILD_INFO, BuildInfo, Module
from tui.plugin.libc import NO_LIBC, Libc
from tui.plugin.program import ProgramFacts
from tui.workspace.analyser import Analysis, analyse

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
        return analyse(
            Snapshot(
                tree=tree,
                target=self._target(),
                libc=self.facts.get("libc"),
                listing=listing,
                plugins=plugins,
                unreadable=unreadable,
                krakend_here=self.facts.get("krakend_here", True),
                environ=self.facts.get("environ", {}),
                config_folder=self.facts.get("config_folder"),
                near_folders=tuple(self.facts.get("near_folders", ())),
            )
        )

    def _target(self) -> Target:
        program = self.facts.get("program")
        if program is not None:
            packages = {path: text.encode() for path, text in program.get("packages", {}).items()}
            facts = ProgramFacts(
                _build(program),
                "ce" if "release" in program else None,
                program.get("release"),
                Libc(program.get("libc", "glibc")),
                head=_head(program),
                packages={"runtime": b"", **packages},
            )
            return target_of_program(facts, "/usr/bin/krakend")
        which = self.facts.get("target")
        return parse_target(which) if which else default_target()

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
        build=_build(entry) if "go" in entry else NO_BUILD_INFO,
        head=_head(entry),
        libc=Libc(entry["libc"]) if "libc" in entry else NO_LIBC,
        packages=tuple(
            Package(path, text.encode()) for path, text in entry.get("packages", {}).items()
        ),
        problem="" if "is" not in entry else f"a file of kind {entry['is']}",
        size=1000,
        literals=frozenset(entry.get("holds", ())),
    )


def _build(entry: dict[str, Any]) -> BuildInfo:
    goos, _, goarch = entry.get("platform", "linux/amd64").partition("/")
    modules = tuple(Module(path, version) for path, version in entry.get("modules", {}).items())
    settings = {"GOOS": goos, "GOARCH": goarch}
    return BuildInfo(f"go{entry['go']}", None, settings, None, modules)


def _head(entry: dict[str, Any]) -> ElfHead:
    goarch = entry.get("platform", "linux/amd64").partition("/")[2]
    machine = {"amd64": "x86-64", "arm64": "AArch64"}.get(goarch, goarch)
    return ElfHead(64, machine, "shared object")
