"""The table of rules: ids, documentation, and examples that are true."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.rules import elsewhere
from tui.krakend.rules.base import Rule
from tui.krakend.rules.table import RULES
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import default_target, parse_target
from tui.plugin.elf_head import ElfHead
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.plugin.gobuildinfo import BuildInfo, Module
from tui.plugin.libc import Libc
from tui.workspace.analyser import analyse


def facts(*registerers: str) -> PluginFacts:
    rows = []
    for text in registerers:
        type_, _, name = text.partition(":")
        stem = name.rpartition("-")[0] if type_ == "req-resp-modifier" else None
        certainty = Certainty.UNKNOWN if name == "?" else Certainty.EXACT
        rows.append(Registerer(PluginType(type_), None if name == "?" else name, certainty, stem))
    return PluginFacts(FileKind.GO_PLUGIN, tuple(rows), literals=frozenset({"second-name"}))


def built(go: str, goarch: str = "amd64") -> PluginFacts:
    """A plugin of that Go for glibc, with an old version of a module that KrakenD has."""
    settings = {"GOOS": "linux", "GOARCH": goarch}
    modules = (Module("golang.org/x/mod", "v0.1.0"),)
    return facts("http-server:auth")._replace(
        build=BuildInfo(f"go{go}", None, settings, None, modules),
        head=ElfHead(64, "x86-64" if goarch == "amd64" else goarch, "shared object"),
        libc=Libc("glibc"),
        plugin_path="example.com/auth",
    )


FILES = {
    "auth.so": facts("http-server:auth"),
    "log.so": facts("http-server:log"),
    "my.so": facts("http-server:my-server", "http-client:my-client"),
    "proxy.so": facts("http-client:proxy"),
    "trim.so": facts("req-resp-modifier:trim-request", "req-resp-modifier:trim-response"),
}
# What must be around the example for it to show the rule: (bad, good) where they differ.
SURROUNDINGS: dict[str, Any] = {
    "plugin-folder-not-found": {"status": FolderStatus.ABSENT},
    "plugin-folder-elsewhere": {"status": FolderStatus.ABSENT, "here": False},
    "plugin-folder-not-a-folder": {"status": FolderStatus.NOT_A_FOLDER},
    "plugin-folder-unreadable": {"status": FolderStatus.UNREADABLE},
    "plugin-folder-empty": {"files": {}},
    "plugin-folder-relative": {"config_folder": "/etc/krakend"},
    "plugin-pattern-backup": {"files": {**FILES, "auth.so.bak": FILES["auth.so"]}},
    "plugin-pattern-directory": {"directory": "x.so"},
    "plugin-registered-twice": {"files": {"a.so": FILES["auth.so"], "b.so": FILES["auth.so"]}},
    "plugin-unused": {"files": {"auth.so": FILES["auth.so"], "log.so": FILES["log.so"]}},
    "plugin-name-unchecked": {"files": {**FILES, "dyn.so": facts("http-server:?")}},
    "plugin-file-interface": {"files": {"a.so": PluginFacts(FileKind.TEXT, problem="a text")}},
    "plugin-file-go-version": {"files": {"a.so": built("1.24.1")}, "target": "2.13.8"},
    "plugin-file-platform": {"files": {"a.so": built("1.25.12", "riscv64")}},
    "plugin-file-libc": {"files": {"a.so": built("1.25.12")}, "target": "2.13.8", "libc": "musl"},
    "plugin-file-imports": {"files": {"a.so": built("1.25.12")}, "target": "2.13.8"},
    "plugin-file-already-loaded": {"files": {"a.so": built("1.25.12"), "b.so": built("1.25.12")}},
    "plugins-dropped": {"target": "ce-3.0"},
    "entry-shape-3": {"target": "ee-3.0"},
    "plugin-name-deprecated": {"target": "ee-2.13"},
    "plugin-name-other-folder": {"target": "ee-2.13"},
    "namespace-too-new": {"target": "1.4.1", "version": 2},
    "config-environment": {"environ": {"KRAKEND_PORT": "9000"}},
}
# The surroundings make the rule speak, so the good example is good in healthy ones.
BY_SURROUNDINGS = set(SURROUNDINGS) - {
    *("plugin-unused", "entry-shape-3", "namespace-too-new", "plugins-dropped"),
    *("plugin-name-unchecked", "plugin-name-deprecated"),
}
NO_BLOCK = {"plugin-block-missing", "plugin-block-misplaced", "key-case", "plugins-dropped"}
AS_THEY_ARE = {"config-root", "config-version", "config-version-type"}


def rules_of(rule: Rule, example: str, around: dict[str, Any]) -> set[str]:
    config = json.loads(example)
    if isinstance(config, dict) and rule.id not in AS_THEY_ARE:
        config.setdefault("version", around.get("version", 3))
        if rule.id not in NO_BLOCK:
            config.setdefault("plugin", {"pattern": ".so", "folder": "./plugins/"})
        if rule.id == "log-level-hides-plugins":
            config["extra_config"]["plugin/http-server"] = {"name": ["auth"]}
    text = json.dumps(config)
    if "name-duplicate" in rule.id or "key-duplicate" in rule.id:
        text = example.replace(
            "{", '{"version": 3, "plugin": {"pattern": ".so", "folder": "p/"}, ', 1
        )
    files = around.get("files", FILES)
    entries = [FolderEntry(name.encode(), EntryKind.FILE) for name in sorted(files)]
    if "directory" in around:
        entries.append(FolderEntry(around["directory"].encode(), EntryKind.DIRECTORY))
    status = around.get("status", FolderStatus.OK)
    target = parse_target(around["target"]) if "target" in around else default_target()
    snapshot = Snapshot(
        JsonTree.parse(text),
        target,
        FolderListing("/w/plugins", status, tuple(entries) if status is FolderStatus.OK else ()),
        plugins={name.encode(): plugin for name, plugin in files.items()},
        krakend_here=around.get("here", True),
        environ=around.get("environ", {}),
        config_folder=around.get("config_folder"),
        libc=around.get("libc"),
    )
    return {found.rule for found in analyse(snapshot).diagnostics}


JUDGING = [rule for rule in RULES if rule not in elsewhere.RULES]


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.id)
def test_examples_are_true(rule: Rule) -> None:
    around = SURROUNDINGS.get(rule.id, {})
    assert rule.id in rules_of(rule, rule.bad, around)
    healthy = {} if rule.id in BY_SURROUNDINGS else around
    assert rule.id not in rules_of(rule, rule.good, healthy)


def test_ids_are_unique_and_plain() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", id_) for id_ in ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_documentation_is_there(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 80
    assert "\n" not in rule.summary
    assert len(set(rule.examples)) == 2
    assert len(rule.explanation) > 60
    assert rule.explanation.endswith(".")
    assert rule.source
