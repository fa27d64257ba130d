"""Why KrakenD passes over a plugin entry, in a few words for the place where it stands."""

from __future__ import annotations

from tui.krakend.namespaces import WORKS_AT, Level, Spelling
from tui.krakend.points import Entry, InjectionPoint, is_hidden
from tui.krakend.target import Target
from tui.plugin.facts import PluginType

_AT = {
    Level.SERVICE: "for the service",
    Level.ENDPOINT: "at an endpoint",
    Level.BACKEND: "at a backend",
    Level.ASYNC_AGENT: "at an agent",
    Level.ASYNC_BACKEND: "at an agent's backend",
    Level.WORKFLOW: "at a workflow",
    Level.WORKFLOW_BACKEND: "at a workflow's backend",
}
OFF = "off"


def why_ignored(point: InjectionPoint, entry: Entry, target: Target) -> str:
    """Of an entry at `point`; "" when KrakenD reads it, OFF when it is switched off."""
    if entry.spelling is Spelling.OFF:
        return OFF
    if not target.has_plugins:
        return "ignored: no plugins in this release"
    if not entry.is_inside:
        return "ignored: beside extra_config"
    if not entry.spelling.is_read:
        return "ignored: misspelt"
    if entry.type is not None and point.level not in WORKS_AT[entry.type]:
        return f"ignored {_AT[point.level]}"
    if point.level.is_enterprise and not target.is_enterprise:
        return "ignored: workflows are Enterprise"
    if entry.type is PluginType.MIDDLEWARE and not target.has_middleware:
        return "ignored: no middleware in this KrakenD"
    return "ignored: plugin/... is there too" if is_hidden(point, entry) else ""
