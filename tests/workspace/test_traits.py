"""A rule that is not asked about a group of points would have found nothing there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from corpus.corpus_cases import Case, cases
from hypothesis import given, settings
from hypothesis import strategies as st
from workspace.test_analyse_any_shape import CONFIG, ENTRIES, FACTS, FOLDERS, SILENT, TARGETS

from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend import traits
from tui.krakend.census import census_of, plain_census
from tui.krakend.noted import has_stray
from tui.krakend.points import GroupRead, PointGroup, point_groups
from tui.krakend.rules.table import RULES
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import parse_target
from tui.krakend.uses import plain_uses
from tui.plugin.facts import PluginType
from tui.schema.load import load_schema
from tui.schema.plugin_schema import read_plugin_schema
from tui.workspace.analyser import Analysis, analyse
from tui.workspace.asking import Asking

OWN = read_plugin_schema(
    b'{"type": "object", "required": ["a"]}', "trim.schema.json", "the plugin folder"
)
READ = PointGroup.read


def everything(self: PointGroup) -> GroupRead:
    """As PointGroup.read, with all traits: then each rule and schema is asked."""
    return READ(self)._replace(traits=traits.ANY)


def all_but(trait: int) -> Any:
    """PointGroup.read that does not note a trait."""

    def read(self: PointGroup) -> GroupRead:
        found = READ(self)
        return found._replace(traits=found.traits & ~trait)

    return read


def same(text: str, analysis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold an analysis of `text`, which is made anew each time, against one where everything is
    asked."""
    found: Analysis = analysis(text)
    with monkeypatch.context() as patch:
        patch.setattr(PointGroup, "read", everything)
        asked: Analysis = analysis(text)
    assert found.diagnostics == asked.diagnostics
    assert places(found) == places(asked)
    tree = JsonTree.parse(text)
    if tree.is_json:
        for use in found.uses:
            assert json.loads(text[use.span.start : use.span.end]) == use.name
            assert tree.node(use.pointer).span == use.span
    for group in point_groups(tree):
        read = READ(group)
        if not read.traits & traits.UNUSUAL:
            working = sum(len(point.entries) for point in read.points)
            expected = census_of(working, plain_uses(read.points), has_braces=False)
            assert plain_census(read.points, has_braces=False) == expected


def places(found: Analysis) -> list[tuple[str, str, PluginType]]:
    return [(use.pointer, use.name, use.type) for use in found.uses]


def moved(text: str) -> str:
    """The config with what it injects in the service at an endpoint, an agent and backends too:
    the service is always asked about."""
    try:
        config = json.loads(text)
    except ValueError:
        return text
    if isinstance(config, dict) and "extra_config" in config:
        inner = {"extra_config": config["extra_config"]}
        beside = {key: value for key, value in config.items() if "plugin/" in key}
        owner = {"endpoint": "/t", **inner, **beside, "backend": [inner | beside, inner]}
        for key in ("endpoints", "async_agent"):
            if isinstance(config.get(key, []), list):
                config[key] = [*config.get(key, []), owner]
    return json.dumps(config)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_corpus(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    at_endpoints = moved(case.text)
    escaped = at_endpoints.replace('"plugin', '"pl\\u0075gin')
    twice = [doubled(at_endpoints, key) for key in ("name", "extra_config")]
    for text in (case.text, at_endpoints, escaped, *twice):
        same(text, case.analysis, monkeypatch)


def doubled(text: str, key: str) -> str:
    return text.replace(f'"{key}": ', f'"{key}": {{}}, "{key}": ')


def test_an_escaped_entry_does_not_stand_for_a_stray_namespace() -> None:
    entry, stray = '"plugin/http-client": {}', '"x": {"plugin/http-client": {}}'
    assert not has_stray(f"{{{entry}}}", 1)
    assert has_stray(f"{{{entry}, {stray}}}", 1)
    escaped = entry.replace("plugin", "pl\\u0075gin")
    assert has_stray(f"{{{escaped}, {stray}}}", 1)


NAMES = st.frozensets(st.sampled_from(["auht", "atuh", "trim", "auth"]))


# What json.dumps does not write: a key that is there twice, and one with an escape.
REWRITTEN = st.sampled_from(
    [
        *(("", ""), ('"auth":', '"name":'), ('"host":', '"extra_config":')),
        *(('"plugin/http-client":', '"plugin/http-server":'), ('"trim":', '"backend":')),
        *(('"plugin/', '"pl\\u0075gin/'), ("plugin/http", "plugin\\/http")),
    ]
)


@settings(max_examples=400)
@given(CONFIG, FOLDERS, TARGETS, st.booleans(), NAMES, REWRITTEN, st.integers(1, 3))
def test_any_shape(
    config: Any,
    listing: FolderListing,
    which: str,
    own: bool,
    unsearched: frozenset[str],
    rewritten: tuple[str, str],
    times: int,
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        same(
            json.dumps(config).replace(*rewritten, times),
            lambda text: of(text, listing, which, own, unsearched),
            monkeypatch,
        )


def of(
    text: str,
    listing: FolderListing,
    which: str = "2.13",
    own: bool = True,
    unsearched: frozenset[str] = frozenset(),
) -> Analysis:
    return analyse(
        Snapshot(
            JsonTree.parse(text),
            parse_target(which),
            listing,
            plugins={b"a.so": FACTS, b"b.so": SILENT},
            unsearched=unsearched,
            schemas={"trim": OWN} if own else {},
        )
    )


def at(level: str, **extra: Any) -> dict[str, Any]:
    config = {"extra_config": {key.replace("__", "/"): value for key, value in extra.items()}}
    backend = {"url_pattern": "/b", **(config if level == "backend" else {})}
    return {"endpoint": "/t", "backend": [backend], **(config if level == "endpoint" else {})}


CLIENT, MODIFIER = "plugin/http-client", "plugin/req-resp-modifier"
LEGACY = "github.com/devopsfaith/krakend/proxy/plugin"
RESPONSE = {MODIFIER: {"name": ["trim-response"]}}
WORKFLOW = {"endpoint": "/w", "backend": [{"extra_config": RESPONSE}]}
LOGGING = {"telemetry/logging": {"level": "INFO"}}
# An endpoint with each trait, in a config where something is to be said of it.
SAMPLES: dict[str, dict[str, Any]] = {
    "PASSED_OVER": at("endpoint", **{CLIENT: {"name": "x"}}),
    "LEGACY": at("endpoint", **{LEGACY: {"name": ["trim-response"]}}),
    "MIDDLEWARE": at("endpoint", **{"plugin/middleware": {"name": ["x"]}}),
    "WORKFLOW": at("backend", workflow=WORKFLOW),
    "NO_OBJECT": at("endpoint", **{MODIFIER: ["trim-response"]}),
    "NO_NAME": at("endpoint", **{MODIFIER: {"trim-response": {}}}),
    "ODD_NAME": at("endpoint", **{MODIFIER: {"name": "trim-response"}}),
    "SEPARATOR": at("backend", **{CLIENT: {"name": "a,b"}}),
    "LOOSE": at("endpoint", **{MODIFIER: {"name": ["x"], "trim": 7}}),
    "SETTINGS": at("endpoint", **{MODIFIER: {"name": ["trim-response"], "trim-request": {}}}),
    "KNOWN_SETTINGS": at("endpoint", **{MODIFIER: {"name": ["ip-filter"], "ip-filter": 7}}),
    "SLASH": at("endpoint", **{MODIFIER: {"name": ["trim-response"], "qos/ratelimit/router": {}}}),
    "ODD_KEYS": {"endpoint": "/t", "Extra_config": {}},
    "EXTRA_CONFIG": {"endpoint": "/t", "extra_config": []},
    "STRANGE_KEY": at("endpoint", trimmer={"name": ["trim-response"]}),
    "CLIENT_KEY": at("backend", **{CLIENT: {"name": "x"}, "qos/http-cache": {}}),
    "STRAY": at("endpoint", **{"qos/x": RESPONSE}),
    "NO_OP": {**at("endpoint", **RESPONSE), "output_encoding": "no-op"},
    "WILDCARD": {"endpoint": "/t/*"},
    "UNSURE_NAME": at("endpoint", **{MODIFIER: {"name": ["tirm-request"]}}),
    "NAME_AS_KEY": at("endpoint", auth={}),
    "ENTRY": at("endpoint", **RESPONSE),
    "REFERENCE": at("endpoint", **{MODIFIER: {"$ref": "x.json", "name": ["trim-response"]}}),
    "HALF": at("endpoint", **{MODIFIER: {"name": ["trim-request"]}}),
}
# Where another target than the usual one asks.
TARGET_OF = {"ENTRY": "1.4.1", "REFERENCE": "ee-2.13"}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_found_depends_on_each_trait(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the laws above would show a trait that is not noted."""
    trait: int = getattr(traits, name)
    folder = {"pattern": ".so", "folder": "p"}
    config = {"version": 3, "plugin": folder, "extra_config": LOGGING, "endpoints": [SAMPLES[name]]}
    text = json.dumps(config)
    listing = FolderListing("/p", FolderStatus.OK, ENTRIES)

    def rules() -> set[str]:
        target, own = TARGET_OF.get(name, "2.13"), name == "LOOSE"
        return {found.rule for found in of(text, listing, target, own).diagnostics}

    found, noted = rules(), Asking.traits
    monkeypatch.setattr(Asking, "traits", lambda *args: noted(*args) & ~trait)
    monkeypatch.setattr(PointGroup, "read", all_but(trait))
    hidden = rules()
    if name == "REFERENCE":
        # A name that is not read counts all the same, and is said to be hidden by the log level.
        assert hidden - found
    else:
        assert found - hidden


def test_each_trait_has_a_sample() -> None:
    bits = {name for name, value in vars(traits).items() if type(value) is int and _is_bit(value)}
    assert bits == SAMPLES.keys()


def _is_bit(value: int) -> bool:
    return value > 0 and value & (value - 1) == 0


def test_all_that_a_rule_is_asked_for_can_be_noted() -> None:
    every = 0
    for value in vars(traits).values():
        every |= value if type(value) is int and _is_bit(value) else 0
    for rule in RULES:
        assert rule.local or rule.asks == traits.ANY, rule.id
        assert not rule.local or rule.asks & every, rule.id


@pytest.mark.parametrize("type_", PluginType)
def test_our_schemas_say_nothing_of_settings_that_they_do_not_know(type_: PluginType) -> None:
    """An entry is judged by them only where one of their keys is there (KNOWN_SETTINGS), or its
    name is odd."""
    schema = load_schema(type_.value)
    says = {"title", "description", "examples", "$schema", "$id", "x-faults"}
    assert schema.keys() - says == {"type", "required", "properties", "additionalProperties"}
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"].keys() <= says
    name = schema["properties"]["name"]
    item = name.get("items", name)
    assert name["type"] == ("string" if type_ is PluginType.CLIENT else "array")
    assert name.keys() | item.keys() <= says | {"type", "items"}
    assert item["type"] == "string"
