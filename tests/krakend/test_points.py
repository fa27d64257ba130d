"""Injection points: which there are, in what order, and what is found at each."""

from __future__ import annotations

import json
from typing import Any

from tui.document.tree import JsonTree
from tui.krakend.namespaces import Spelling
from tui.krakend.points import InjectionPoint, Level, injection_points
from tui.plugin.facts import PluginType


def points(config: Any) -> tuple[InjectionPoint, ...]:
    return injection_points(JsonTree.parse(json.dumps(config)))


def test_order_levels_and_labels() -> None:
    found = points(
        {
            "async_agent": [{"name": "orders", "backend": [{"url_pattern": "/in"}]}],
            "endpoints": [
                {
                    "endpoint": "/v1/orders/{id}",
                    "backend": [{"host": ["http://orders:8081", "http://o2"]}, {"host": "b.c"}],
                },
                {"endpoint": "/p", "method": "post"},
            ],
        }
    )
    assert [(p.level, p.pointer, p.label, p.depth) for p in found] == [
        (Level.SERVICE, "", "service", 0),
        (Level.ENDPOINT, "/endpoints/0", "GET /v1/orders/{id}", 0),
        (Level.BACKEND, "/endpoints/0/backend/0", "backend 0  orders:8081", 1),
        (Level.BACKEND, "/endpoints/0/backend/1", "backend 1  b.c", 1),
        (Level.ENDPOINT, "/endpoints/1", "POST /p", 0),
        (Level.ASYNC_AGENT, "/async_agent/0", "agent orders", 0),
        (Level.ASYNC_BACKEND, "/async_agent/0/backend/0", "backend 0  /in", 1),
    ]


def test_a_backend_without_host_has_the_services() -> None:
    found = points({"host": ["https://all:1"], "endpoints": [{"backend": [{}]}]})
    assert found[2].label == "backend 0  all:1"


def test_labels_hold_no_control_characters() -> None:
    found = points({"endpoints": [{"endpoint": "/\x1b[31m", "method": "\n"}]})
    assert found[1].label.isprintable()


def test_entries_of_every_spelling() -> None:
    value = {"name": ["a"]}
    legacy = "github_com/devopsfaith/krakend/transport/http/server/handler"
    service = points(
        {
            "extra_config": {
                "plugin/http-server": value,
                "plugin/http-client": value,
                "plugin/http_server": value,
                "#plugin/http-server": value,
                legacy: value,
                legacy.replace("_", "."): value,
                "plugin/other": "x",
                "telemetry/logging": {},
            },
            "plugin/http-server": value,
        }
    )[0]
    assert [(e.spelling, e.type, e.meant, e.works_here, e.is_inside) for e in service.entries] == [
        (Spelling.EXACT, PluginType.SERVER, PluginType.SERVER, True, True),
        (Spelling.EXACT, PluginType.CLIENT, PluginType.CLIENT, False, True),
        (Spelling.NEAR, None, PluginType.SERVER, False, True),
        (Spelling.OFF, PluginType.SERVER, PluginType.SERVER, False, True),
        (Spelling.LEGACY, PluginType.SERVER, PluginType.SERVER, True, True),
        (Spelling.LEGACY_MIXED, PluginType.SERVER, PluginType.SERVER, False, True),
        (Spelling.UNKNOWN, None, None, False, True),
        (Spelling.EXACT, PluginType.SERVER, PluginType.SERVER, False, False),
    ]
    assert service.other_keys == ("telemetry/logging",)


def test_names_with_their_spans() -> None:
    text = '{"extra_config": {"plugin/http-server": {"name": ["ä", 1, "b"]}}}'
    entry = injection_points(JsonTree.parse(text))[0].entries[0]
    assert [name for name, _ in entry.names] == ["ä", "b"]
    assert [text[span.start : span.end] for _, span in entry.names] == ['"ä"', '"b"']
    assert entry.pointer == "/extra_config/plugin~1http-server"
    assert entry.name_pointer == "/extra_config/plugin~1http-server/name"


def test_names_of_one_string_and_of_the_shape_of_3_0() -> None:
    found = points(
        {
            "extra_config": {"plugin/http-server": {"plugins": [{"name": "x"}, {}, "y"]}},
            "endpoints": [{"backend": [{"extra_config": {"plugin/http-client": {"name": "one"}}}]}],
        }
    )
    assert [name for name, _ in found[0].entries[0].names] == ["x"]
    assert [name for name, _ in found[2].entries[0].names] == ["one"]


def test_keys_of_the_core_in_another_case_and_the_exact_one_wins() -> None:
    entry = {"plugin/http-server": {"name": ["a"]}}
    folded = points({"Extra_Config": entry, "ENDPOINTS": [{"Endpoint": "/x"}]})
    assert folded[0].extra_config_pointer == "/Extra_Config"
    assert folded[0].entries
    assert folded[1].label == "GET /x"
    both = points({"extra_config": {}, "Extra_Config": entry})
    assert both[0].entries == ()
    assert points({})[0].extra_config_pointer == "/extra_config"


def test_lenient_shapes_since_2_12() -> None:
    entry = {"plugin/req-resp-modifier": {"name": ["a"]}}
    found = points({"endpoints": {"extra_config": [{"proxy": {}}, entry], "backend": {}}})
    assert [p.pointer for p in found] == ["", "/endpoints", "/endpoints/backend"]
    assert found[1].entries[0].pointer == "/endpoints/extra_config/1/plugin~1req-resp-modifier"


def test_of_equal_keys_the_last() -> None:
    text = (
        '{"extra_config": {"plugin/http-server": {"name": ["first"]}, '
        '"plugin/http-server": {"name": ["last"]}}}'
    )
    entries = injection_points(JsonTree.parse(text))[0].entries
    assert [[name for name, _ in entry.names] for entry in entries] == [["last"]]


def test_what_is_no_object_has_no_points() -> None:
    assert points([1]) == ()
    assert injection_points(JsonTree.parse("")) == ()
