"""Configs to measure with: of any size, always the same for the same arguments.

An endpoint has three plugin entries and the things that endpoints have beside them, in some
2 KB: with 5,000 of them the config is the 10 MB of the goals.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType

ENDPOINTS = 5_000
"""In the largest config: 10 MB with 15,000 plugin entries."""
PLUGINS = 20
"""Names that the endpoints take turns with, and files in the plugin folder."""


def config(endpoints: int, folder: str = "./plugins/") -> dict[str, Any]:
    """A config that KrakenD and its lint take."""
    return {
        "$schema": "https://www.krakend.io/schema/v2.13/krakend.json",
        "version": 3,
        "name": "benchmark",
        "plugin": {"pattern": ".so", "folder": folder},
        "extra_config": {
            "telemetry/logging": {"level": "DEBUG", "stdout": True},
            "plugin/http-server": {"name": ["server-00"], "server-00": {"path": "/x"}},
        },
        "endpoints": [_endpoint(number) for number in range(endpoints)],
    }


def write(path: Path, endpoints: int, folder: str = "./plugins/") -> Path:
    """The config as people have it: indented by two spaces."""
    path.write_text(json.dumps(config(endpoints, folder), indent=2) + "\n")
    return path


def _endpoint(number: int) -> dict[str, Any]:
    name = f"{number % PLUGINS:02d}"
    return {
        "endpoint": f"/v1/orders/{number}/{{id}}",
        "method": "GET",
        "output_encoding": "json",
        "timeout": "1500ms",
        "cache_ttl": "300s",
        "input_headers": ["Authorization", "X-Request-Id", "Accept-Language"],
        "input_query_strings": ["page", "limit", "sort"],
        "extra_config": {
            "plugin/req-resp-modifier": {
                "name": [f"modifier-{name}-request", f"modifier-{name}-response"],
                f"modifier-{name}-request": {"header": "X-Tenant", "limit": number},
            },
            "qos/ratelimit/router": {"max_rate": 50, "client_max_rate": 5, "strategy": "ip"},
            "validation/cel": [{"check_expr": "'something' in req_params.Id"}],
        },
        "backend": [
            {
                "url_pattern": f"/orders/{number}/{{id}}",
                "host": [f"http://orders-{number % 40}.internal:8080"],
                "encoding": "json",
                "sd": "static",
                "allow": ["id", "status", "items", "total", "currency"],
                "mapping": {"id": "order_id", "total": "amount"},
                "extra_config": {
                    "plugin/http-client": {
                        "name": f"client-{name}",
                        f"client-{name}": {"timeout": "800ms", "retries": 3, "endpoint": number},
                    },
                    "plugin/req-resp-modifier": {
                        "name": [f"modifier-{name}-response"],
                        f"modifier-{name}-response": {"strip": ["internal", "debug"], "deep": True},
                    },
                    "qos/circuit-breaker": {"interval": 60, "timeout": 10, "max_errors": 5},
                },
            },
        ],
    }


def make_site(folder: Path, endpoints: int, files: int = PLUGINS) -> Path:
    """A config and its plugin folder of that many files, of which 20 are plugins; the config."""
    plugins = folder / "plugins"
    plugins.mkdir(parents=True)
    for number in range(PLUGINS):
        name = f"{number:02d}"
        plugin = DemoPlugin(
            f"example.com/bench/p{name}",
            {
                PluginType.SERVER: f"server-{name}",
                PluginType.CLIENT: f"client-{name}",
                PluginType.MODIFIER: f"modifier-{name}",
            },
            go_version="go1.25.12",
        )
        (plugins / f"p{name}.so").write_bytes(write_plugin(plugin))
    for number in range(PLUGINS, files):
        (plugins / f"q{number:06d}.txt").touch()
    return write(folder / "krakend.json", endpoints)
