"""Whatever is offered at whatever place of a config, taking it is one change of that place."""

from __future__ import annotations

import json

from tui.document.tree import JsonTree
from tui.krakend.completion import offers
from tui.krakend.registry import LoadedFile, Registry
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer
from tui.schema.plugin_schema import read_plugin_schema

TEXT = json.dumps(
    {
        "version": 3,
        "plugin": {"pattern": ".so"},
        "extra_config": {
            "plugin/http-server": {"name": ["auth"], "auth": {"mode": "strict", "deep": {}}},
            "other": {"name": []},
        },
    },
    indent=2,
)
SCHEMA = {
    "properties": {
        "mode": {"enum": ["strict", "lenient"]},
        "deep": {"properties": {"n": {"type": "integer"}, "on": {"type": "boolean"}}},
        "realm": {"type": "string", "default": "shop"},
    }
}
SCHEMAS = {"auth": read_plugin_schema(json.dumps(SCHEMA).encode(), "auth.schema.json", "p")}
FACTS = PluginFacts(
    FileKind.GO_PLUGIN,
    tuple(Registerer(PluginType.SERVER, name, Certainty.EXACT) for name in ("auth", "log")),
)
REGISTRY = Registry([LoadedFile("auth.so", FACTS)])


def labels(offset: int, text: str = TEXT) -> list[str]:
    found = offers(JsonTree.parse(text), offset, SCHEMAS, REGISTRY)
    return [offer.label for offer in found]


def test_every_offer_at_every_place_gives_valid_json() -> None:
    tree = JsonTree.parse(TEXT)
    taken = 0
    for offset in range(len(TEXT) + 1):
        for offer in offers(tree, offset, SCHEMAS, REGISTRY):
            after = offer.change().apply(TEXT)
            json.loads(after)
            taken += 1
            assert offer.label.strip('"') in after
    assert taken > 100


def test_keys_that_are_there_are_not_offered() -> None:
    assert labels(TEXT.index('"mode"') + 2) == ["realm"]
    assert labels(TEXT.index('"deep": {') + len('"deep": {')) == ["n", "on"]
    assert labels(TEXT.index('"pattern"') + 1) == ["folder"]


def test_values_are_those_of_the_schema_or_of_the_files() -> None:
    assert labels(TEXT.index('"strict"') + 1) == ['"strict"', '"lenient"']
    assert labels(TEXT.index('"auth"') + 1) == ['"auth"', '"log"']
    deep = TEXT.replace('"deep": {}', '"deep": {"on": true}')
    assert labels(deep.index("true"), deep) == ["true", "false"]


def test_new_keys_begin_with_their_default_or_an_empty_value() -> None:
    tree = JsonTree.parse(TEXT)
    (realm,) = offers(tree, TEXT.index('"mode"') + 1, SCHEMAS, REGISTRY)
    settings = json.loads(realm.change().apply(TEXT))["extra_config"]["plugin/http-server"]["auth"]
    assert settings["realm"] == "shop"
    assert list(settings) == ["mode", "realm", "deep"]


def test_elsewhere_and_in_broken_text_nothing_is_offered() -> None:
    assert labels(TEXT.index('"version"') + 1) == []
    assert labels(TEXT.index('"other"') + 1) == []
    broken = TEXT.replace('"mode": "strict"', '"mode": ')
    assert all(labels(offset, broken) == [] for offset in range(0, len(broken), 7))
