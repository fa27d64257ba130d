from collections.abc import Iterable
from pathlib import Path

import pytest
from golang.building import PluginBuilder

from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType
from tui.plugin.inspect import inspect_plugin

SERVER, CLIENT, MODIFIER = PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER
EXACT, INITIAL, UNKNOWN = Certainty.EXACT, Certainty.INITIAL_VALUE, Certainty.UNKNOWN
STRIPPED = ("-ldflags=-s -w",)

Names = set[tuple[PluginType, str | None, Certainty]]

EXPECTED: dict[str, Names] = {
    "server_const": {(SERVER, "server-const", EXACT)},
    "server_var": {(SERVER, "server-var", INITIAL)},
    "client_template": {(CLIENT, "client-template", EXACT)},
    "modifier_template": {
        (MODIFIER, "modifier-template-request", INITIAL),
        (MODIFIER, "modifier-template-response", INITIAL),
    },
    "modifier_plain": {(MODIFIER, "modifier-plain", INITIAL)},
    "several": {
        (SERVER, "several-server", EXACT),
        (CLIENT, "several-client", EXACT),
        (MODIFIER, "several-modifier-request", INITIAL),
        (MODIFIER, "several-modifier-response", INITIAL),
    },
    "computed": {(SERVER, None, UNKNOWN)},
    "literal": {(CLIENT, None, UNKNOWN)},
    "other_var": {(CLIENT, "other-var", INITIAL)},
    "no_registerer": set(),
}


def facts_of(path: Path, wanted: Iterable[str] = ()) -> PluginFacts:
    return inspect_plugin(path.read_bytes(), tuple(wanted))


def names_of(facts: PluginFacts) -> Names:
    return {(found.type, found.name, found.certainty) for found in facts.registerers}


@pytest.mark.parametrize("strip", [False, True], ids=["symbols", "stripped"])
@pytest.mark.parametrize("source", EXPECTED)
def test_names(go_plugins: PluginBuilder, source: str, strip: bool) -> None:
    facts = facts_of(go_plugins.build(source, *(STRIPPED if strip else ()), strip=strip))
    assert names_of(facts) == EXPECTED[source]
    assert len(facts.registerers) == len(EXPECTED[source])
    assert facts.kind is FileKind.GO_PLUGIN
    assert facts.problem == ""
