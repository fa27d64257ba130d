"""Plugins that come with the Enterprise Edition, and what replaced them there.

They are .so files in /opt/krakend/plugins/ of its images, not visible where a config is edited
(krakend-schema v2.1 to v2.13 plugin/*.json; enterprise documentation, overview/plugins).
"""

from __future__ import annotations

from tui.plugin.facts import PluginType

BUILT_IN: dict[PluginType, frozenset[str]] = {
    PluginType.SERVER: frozenset(
        {
            "basic-auth",
            "geoip",
            "ip-filter",
            "jwk-aggregator",
            "redis-ratelimit",
            "static-filesystem",
            "url-rewrite",
            "virtualhost",
            "wildcard",
        }
    ),
    PluginType.CLIENT: frozenset({"http-logger", "no-redirect", "static-filesystem", "wildcard"}),
    PluginType.MODIFIER: frozenset({"content-replacer", "ip-filter", "response-schema-validator"}),
    PluginType.MIDDLEWARE: frozenset(),
}
"""The registered names by type."""

REPLACED: dict[tuple[PluginType, str], str] = {
    (PluginType.SERVER, "redis-ratelimit"): "qos/ratelimit/service/redis",
    (PluginType.SERVER, "static-filesystem"): "server/static-filesystem",
    (PluginType.SERVER, "virtualhost"): "server/virtualhost",
    (PluginType.SERVER, "wildcard"): "an endpoint that ends in /*",
    (PluginType.SERVER, "basic-auth"): "auth/basic",
    (PluginType.MODIFIER, "content-replacer"): "modifier/response-body",
    (PluginType.MODIFIER, "response-schema-validator"): "validation/response-json-schema",
    (PluginType.CLIENT, "static-filesystem"): "backend/static-filesystem",
    (PluginType.CLIENT, "no-redirect"): "backend/http/client",
}
"""What does the same without a .so, in Enterprise 2.13 (krakend-schema v2.13, deprecated)."""
