"""Generated configs with planted mistakes: what we say is injected, and what the engine injects."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from engine.compiled import MisbehavingPlugins
from engine.judge import Crash, Judge
from golang.building import PluginBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.diagnostic import Diagnostic, Severity
from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend.namespaces import Spelling
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.registry import Standing
from tui.krakend.rules.base import Context, is_hidden
from tui.krakend.rules.table import findings
from tui.krakend.target import default_target
from tui.plugin.facts import PluginType
from tui.plugin.inspect import inspect_plugin
from tui.storage.folder import list_folder

SERVERS = ("server-const", "server-b", "several-server")
CLIENTS = ("client-template", "several-client", "two-names-first")
MODIFIERS = (
    "modifier-template-request",
    "modifier-template-response",
    "modifier-plain",
    "several-modifier-request",
    "both-halves",
)
WRONG = ("nobody", "Server-Const", "modifier-template", "server_const", "server-const.so", "")
OWN_FOLDER = {"folder": "./plugins/", "pattern": ".so"}

Config = dict[str, Any]
Draw = Callable[[Any], Any]
Injection = tuple[str, str, str]
"""Owner's pointer, type, name."""


class Key(str):
    """A key that a dict holds twice."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


# -- a healthy config ------------------------------------------------------------------------


def backend(draw: Draw, number: int) -> Config:
    extra: Config = {}
    if draw(st.booleans()):
        extra["plugin/http-client"] = {"name": draw(st.sampled_from(CLIENTS))}
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(MODIFIERS), min_size=1, max_size=3, unique=True))
        extra["plugin/req-resp-modifier"] = {"name": names}
    return {"host": ["http://h"], "url_pattern": f"/b{number}", "extra_config": extra}


def pipe(draw: Draw, **keys: Any) -> Config:
    extra: Config = {}
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(MODIFIERS), min_size=1, max_size=3, unique=True))
        extra["plugin/req-resp-modifier"] = {"name": names}
    backends = [backend(draw, number) for number in range(draw(st.integers(1, 2)))]
    return {**keys, "backend": backends, "extra_config": extra}


def healthy(draw: Draw) -> Config:
    servers = draw(st.lists(st.sampled_from(SERVERS), min_size=1, max_size=3, unique=True))
    config = {
        "version": 3,
        "plugin": dict(OWN_FOLDER),
        "extra_config": {"plugin/http-server": {"name": servers}},
        "endpoints": [pipe(draw, endpoint=f"/t{n}") for n in range(draw(st.integers(1, 2)))],
    }
    if draw(st.booleans()):
        consumer = {"topic": "t", "timeout": "1s"}
        config["async_agent"] = [pipe(draw, name="a", connection={}, consumer=consumer)]
    return config


def owners(config: Config) -> list[Config]:
    pipes = [*config.get("endpoints", ()), *config.get("async_agent", ())]
    return [config, *pipes, *(inner for owner in pipes for inner in owner["backend"])]


# -- mistakes --------------------------------------------------------------------------------


def some_entry(config: Config, draw: Draw) -> tuple[Config, str]:
    """An extra_config with plugin entries, and the key of one."""
    extras = [extra for owner in owners(config) if (extra := _extra(owner))]
    extra = draw(st.sampled_from(extras))
    return extra, draw(st.sampled_from(sorted(extra)))


def _extra(owner: Config) -> Config:
    return owner.get("extra_config", {}) if isinstance(owner.get("extra_config"), dict) else {}


def wrong_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    entry, wrong = extra[key], draw(st.sampled_from([*WRONG, *SERVERS, *CLIENTS, *MODIFIERS]))
    if isinstance(entry, dict) and isinstance(entry.get("name"), list):
        entry["name"].insert(draw(st.integers(0, len(entry["name"]))), wrong)
    elif isinstance(entry, dict):
        entry["name"] = wrong


def wrong_type_of_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    names = [None, 1, {}, True, [], [1], [["x"]], "server-const", ["several-client"]]
    if isinstance(extra[key], dict):
        extra[key]["name"] = draw(
            st.sampled_from([*names, *CLIENTS, *([name] for name in CLIENTS)])
        )


def key_of_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    if isinstance(extra[key], dict) and "name" in extra[key]:
        new = draw(st.sampled_from(["Name", "names", "plugin", Key("name")]))
        extra[key][new] = extra[key]["name"]
        if draw(st.booleans()):
            del extra[key]["name"]


def entry_is_no_object(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    extra[key] = draw(st.sampled_from([None, [], "x", 1, ["server-const"], [{"name": ["x"]}]]))


def spelling(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    legacy = {
        "plugin/http-server": "github_com/devopsfaith/krakend/transport/http/server/handler",
        "plugin/http-client": "github.com/devopsfaith/krakend/transport/http/client/executor",
        "plugin/req-resp-modifier": "github.com/devopsfaith/krakend/proxy/plugin",
    }
    old = legacy.get(key, key)
    mixed = old.replace("github.com", "github_com") if "." in old else old.replace("_", ".")
    new = draw(
        st.sampled_from([old, mixed, f"{key}s", key.upper(), f"#{key}", key.replace("/", ".")])
    )
    extra[new] = extra[key]
    if draw(st.booleans()):
        del extra[key]


def level(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    owner = draw(st.sampled_from(owners(config)))
    entry = extra.pop(key)
    if isinstance(owner.get("extra_config"), dict) and draw(st.booleans()):
        owner["extra_config"][key] = entry
    else:
        owner[key] = entry


def shape_of_extra_config(config: Config, draw: Draw) -> None:
    owner = draw(st.sampled_from(owners(config)))
    if "extra_config" in owner:
        extra = owner.pop("extra_config")
        shapes: list[tuple[str, Any]] = [
            ("extra_config", [extra]),
            ("Extra_Config", extra),
            ("extra_configs", extra),
            ("extra_config", None),
            ("extra_config", {"plugin": extra}),
        ]
        key, value = draw(st.sampled_from(shapes))
        owner[key] = value


def block(config: Config, draw: Draw) -> None:
    value = config.pop("plugin", None)
    key = draw(st.sampled_from(["plugins", "Plugin", "#plugin", Key("plugin"), Key("plugin")]))
    empty: Config = {}
    config[key] = draw(st.sampled_from([value, None, empty, "x", [], {"folder": "./plugins/"}]))
    if draw(st.booleans()):
        config["plugin"] = dict(OWN_FOLDER)


def folder(config: Config, draw: Draw) -> None:
    folders = ["plugins", "./nowhere/", "", "./plugins/server_const.so", None, 1, [], "./empty/"]
    if isinstance(config.get("plugin"), dict):
        config["plugin"]["folder"] = draw(st.sampled_from([*folders, "./plugins/../plugins"]))


def pattern(config: Config, draw: Draw) -> None:
    patterns = ["", "*.so", ".SO", ".s", "server", "several.so", None, 1, True, {}, "\\.so$"]
    if isinstance(config.get("plugin"), dict):
        config["plugin"]["pattern"] = draw(st.sampled_from(patterns))


def version(config: Config, draw: Draw) -> None:
    config["version"] = draw(st.sampled_from([2, "3", 3.0, 3.5, None, 4, [3], "three"]))


MISTAKES = (
    wrong_name,
    wrong_type_of_name,
    key_of_name,
    entry_is_no_object,
    spelling,
    level,
    shape_of_extra_config,
    block,
    folder,
    pattern,
    version,
)


@st.composite
def configs(draw: Draw) -> Config:
    config = healthy(draw)
    for mistake in draw(st.lists(st.sampled_from(MISTAKES), max_size=3)):
        if any(map(_extra, owners(config))):
            mistake(config, draw)
    return config


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
        context = Context(tree, default_target(), listing, self._facts)
        return Ours(context, list(findings(context)))

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


def is_about(diagnostic: Diagnostic, pointer: str) -> bool:
    """Whether it speaks of that entry, of what is in it or around it, or of the loader."""
    said = diagnostic.pointer
    is_near = pointer.startswith(said) or said.startswith(pointer)
    # The loader's block, also misspelt or switched off: "" or /plugin, /plugins, /#plugin, ...
    return is_near or "plugin" in said.casefold().split("/")[1]


# -- the laws --------------------------------------------------------------------------------


@given(config=configs())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_our_word_is_the_engine_s(bench: Bench, config: Config) -> None:
    text = json.dumps(config, indent=1)
    we, report = bench.ours(text), bench.engine(text)
    if report["parse_error"]:
        assert we.errors(), report["parse_error"]
        return
    truth = injected(report)
    assert we.injected(Standing.REGISTERED) <= truth
    assert not we.injected(Standing.UNREGISTERED) & truth
    claimed = we.injected(Standing.REGISTERED) + we.injected(Standing.UNCHECKED)
    assert truth <= claimed + we.injected(Standing.UNSEEN)

    missed = [(pointer, wish) for pointer, wish in wished(we.context) if wish not in truth]
    for pointer, wish in missed:
        assert any(is_about(error, pointer) for error in we.errors()), wish
    if not missed and not without_effect(we.context, truth):
        assert we.errors() == []


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
