"""Generated configs with planted mistakes: what we say is injected, and what the engine injects."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from corpus.corpus_cases import Case, cases
from engine.compiled import MisbehavingPlugins
from engine.judge import Crash, Judge
from engine.planted import (
    CLIENTS,
    MISTAKES,
    MODIFIERS,
    OWN_FOLDER,
    SERVERS,
    WRONG,
    Config,
    Mistake,
    configs,
    healthy,
)
from golang.building import PluginBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.diagnostic import Diagnostic, Severity
from tui.document.pointer import child
from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend.namespaces import LEGACY, Spelling
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.registry import Standing
from tui.krakend.rules.base import Context, is_hidden
from tui.krakend.rules.table import rules_for
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import default_target
from tui.plugin.facts import PluginType
from tui.plugin.inspect import inspect_plugin
from tui.storage.folder import list_folder

Injection = tuple[str, str, str]
"""Owner's pointer, type, name."""
NAMESPACES = {type_.namespace for type_ in PluginType} | set(LEGACY)


# -- the two answers -------------------------------------------------------------------------


@dataclass
class Ours:
    """What we say about a config."""

    context: Context
    diagnostics: list[Diagnostic]

    def injected(self, standing: Standing) -> Counter[Injection]:
        """The names that KrakenD reads, of this standing."""
        registry = self.context.registry
        places = {id(entry): point.pointer for point, entry in self.context.working}
        return Counter(
            (places[id(use.entry)].lower(), use.type.value, use.name)
            for use in self.context.uses
            if registry is not None and registry.verdict(use.type, use.name).standing is standing
        )

    def errors(self) -> list[Diagnostic]:
        return [d for d in self.diagnostics if d.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def workdir(
    tmp_path_factory: pytest.TempPathFactory,
    go_plugins: PluginBuilder,
    engine_plugins: MisbehavingPlugins,
) -> Path:
    target = tmp_path_factory.mktemp("injection")
    (target / "plugins").mkdir()
    (target / "empty").mkdir()
    built = [
        *map(go_plugins.build, ("server_const", "several", "client_template")),
        *map(go_plugins.build, ("modifier_template", "modifier_plain")),
        *map(engine_plugins.build, ("server_b", "two_names", "both_halves")),
    ]
    for path in built:
        shutil.copyfile(path, target / "plugins" / f"{path.name.rpartition('-')[0]}.so")
    return target


class Bench:
    """Both sides over one folder of plugins."""

    def __init__(self, judge: Judge, workdir: Path) -> None:
        self._judge = judge
        self._workdir = workdir
        names = frozenset([*SERVERS, *CLIENTS, *MODIFIERS, *WRONG]) - {""}
        self._facts = {
            path.name.encode(): inspect_plugin(path.read_bytes(), names)
            for path in (workdir / "plugins").iterdir()
        }

    def ours(self, text: str) -> Ours:
        """What we say."""
        tree = JsonTree.parse(text)
        listing = FolderListing("", FolderStatus.UNCHECKED)
        folder = read_plugin_block(tree).folder_text
        if folder is not None:
            listing = list_folder(str(self._workdir / folder) if folder else "")
        context = Context(Snapshot(tree, default_target(), listing, self._facts))
        return Ours(
            context, [found for rule in rules_for(context) for found in rule.findings(context)]
        )

    def engine(self, text: str) -> dict[str, Any]:
        """What the engine does."""
        (self._workdir / "krakend.json").write_text(text)
        report = self._judge.run(self._workdir / "krakend.json", self._workdir)
        assert not isinstance(report, Crash), report.stderr
        return report


@pytest.fixture(scope="module")
def bench(judge: Judge, workdir: Path) -> Bench:
    return Bench(judge, workdir)


def injected(report: dict[str, Any]) -> Counter[Injection]:
    return Counter((e["pointer"], e["type"], e["name"]) for e in report["injected"])


def without_effect(context: Context, truth: Counter[Injection]) -> list[str]:
    """The entries by which nothing is injected, and not because they are switched off."""
    effective = {(pointer, kind) for pointer, kind, _ in truth}
    working = {id(entry) for _, entry in context.working}
    return [
        entry.pointer
        for point, entry in context.entries
        if entry.spelling is not Spelling.OFF
        and not (
            id(entry) in working
            and entry.meant is not None
            and (point.pointer.lower(), entry.meant.value) in effective
        )
    ]


def wished(context: Context) -> Iterator[tuple[str, Injection]]:
    """Every plugin that somebody meant to have: the entry's pointer, and what was meant.

    Not those of an old spelling beside the new one: the new one stands for both.
    """
    for point, entry in context.entries:
        is_meant = entry.spelling is not Spelling.OFF and not is_hidden(point, entry)
        if entry.meant is not None and is_meant:
            for name, _span in entry.names:
                yield entry.pointer, (point.pointer.lower(), entry.meant.value, name)


def strays(value: Any, known: set[str], pointer: str = "") -> Iterator[str]:
    """The namespaces at places that are no injection points; nothing in comments is meant."""
    if isinstance(value, dict):
        for key, below in value.items():
            here = child(pointer, key)
            if key in NAMESPACES and here not in known:
                yield here
            elif not key.startswith("#"):
                yield from strays(below, known, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strays(item, known, child(pointer, index))


def is_about(diagnostic: Diagnostic, pointer: str) -> bool:
    """Whether it speaks of that entry, of what is in it or around it, or of the loader."""
    said = diagnostic.pointer
    is_near = pointer.startswith(said) or said.startswith(pointer)
    # The loader's block, also misspelt or switched off: "" or /plugin, /plugins, /#plugin, ...
    return is_near or "plugin" in said.casefold().split("/")[1]


# -- the laws --------------------------------------------------------------------------------


def as_said(we: Ours, truth: Counter[Injection]) -> None:
    """What is injected, and what is not, is what we say of each name."""
    assert we.injected(Standing.REGISTERED) <= truth
    assert not we.injected(Standing.UNREGISTERED) & truth
    claimed = we.injected(Standing.REGISTERED) + we.injected(Standing.UNCHECKED)
    assert truth <= claimed + we.injected(Standing.UNSEEN)


def judged(bench: Bench, config: Config) -> None:
    """What we say is injected is, what we call unregistered is not, and no loss is untold."""
    text = json.dumps(config, indent=1)
    we, report = bench.ours(text), bench.engine(text)
    if report["parse_error"]:
        assert we.errors(), report["parse_error"]
        return
    truth = injected(report)
    as_said(we, truth)
    missed = [(pointer, wish) for pointer, wish in wished(we.context) if wish not in truth]
    for pointer, wish in missed:
        assert any(is_about(error, pointer) for error in we.errors()), wish
    known = {entry.pointer for _, entry in we.context.entries}
    astray = list(strays(json.loads(text), known))
    for pointer in astray:
        assert any(is_about(error, pointer) for error in we.errors()), pointer
    if not missed and not astray and not without_effect(we.context, truth):
        assert we.errors() == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_mistake(bench: Bench, mistake: Mistake, data: st.DataObject) -> None:
    judged(bench, data.draw(configs(st.just([mistake]))))


@given(config=configs(st.lists(st.sampled_from(MISTAKES), min_size=2, max_size=4)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_several_mistakes(bench: Bench, config: Config) -> None:
    judged(bench, config)


# The plugins of the corpus, and those of the same types that are compiled here.
_OURS = {"auth": "server-const", "log": "server-b", "proxy": "client-template"}
_OURS["trim"] = "modifier-template"
_NAME = re.compile(r'(?<=")(auth|log|proxy|trim)(?=(?:-request|-response)?")')


def _corpus() -> list[Case]:
    """The cases about the parser of today, and about the edition that lura is of."""
    return [case for case in cases() if case.facts.get("target", "ce-2.13") == "ce-2.13"]


@pytest.mark.parametrize("case", _corpus(), ids=lambda case: case.name)
def test_the_corpus(bench: Bench, case: Case) -> None:
    """The configs of the corpus with plugins that are there, in the one folder that there is."""
    text = _NAME.sub(lambda match: _OURS[match[1]], case.text)
    we, report = bench.ours(text), bench.engine(text)
    if not report["parse_error"]:
        as_said(we, injected(report))


PLACED = {
    "plugin/http-server": {"name": ["server-const"]},
    "plugin/http-client": {"name": "several-client"},
    "plugin/req-resp-modifier": {"name": ["modifier-plain"]},
    "github_com/devopsfaith/krakend/transport/http/server/handler": {"name": ["server-const"]},
    "github.com/devopsfaith/krakend/transport/http/client/executor": {"name": "several-client"},
    "github.com/devopsfaith/krakend/proxy/plugin": {"name": ["modifier-plain"]},
    "github.com/devopsfaith/krakend/transport/http/server/handler": {"name": ["server-const"]},
    "github_com/devopsfaith/krakend/proxy/plugin": {"name": ["modifier-plain"]},
}


@pytest.mark.parametrize("namespace", PLACED)
def test_every_namespace_at_every_level(bench: Bench, namespace: str) -> None:
    """Each in one config that has the entry in every extra_config there can be."""
    extra = {"extra_config": {namespace: PLACED[namespace]}}
    pipe = {"backend": [{"host": ["http://h"], "url_pattern": "/b"} | extra]} | extra
    agent = {"name": "a", "connection": {}, "consumer": {"topic": "t", "timeout": "1s"}}
    everywhere = {
        "version": 3,
        "plugin": OWN_FOLDER,
        "endpoints": [{"endpoint": "/t"} | pipe],
        "async_agent": [agent | pipe],
    }
    judged(bench, everywhere | extra)


@given(config=st.composite(healthy)())
@settings(max_examples=10, deadline=None)
def test_a_healthy_config_runs_in_our_order(bench: Bench, config: Config) -> None:
    text = json.dumps(config)
    we, report = bench.ours(text), bench.engine(text)
    assert [d for d in we.diagnostics if d.severity is not Severity.INFO] == []
    assert Counter(wish for _, wish in wished(we.context)) == injected(report)
    assert [e["name"] for e in report["injected"] if e["type"] == "http-server"] == config[
        "extra_config"
    ]["plugin/http-server"]["name"]
    for request in report["requests"]:
        if request["pointer"].startswith("/endpoints"):
            met = [e["name"] for e in request["order"] if e["type"] == PluginType.SERVER.value]
            assert met == config["extra_config"]["plugin/http-server"]["name"][::-1]
