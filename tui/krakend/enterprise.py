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

FOLDER = "/opt/krakend/plugins"
"""Where the Enterprise images keep them."""
