"""Where a plugin file stands in a config: its place in the load order, and where it is used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.krakend.points import InjectionPoint
from tui.krakend.scan import Scan
from tui.krakend.uses import Use
from tui.plugin.facts import PluginFacts


class Placing(NamedTuple):
    """Where a file stands in a config: `order` is its number among the files that KrakenD
    opens, None when it does not open it, for `reason`. `injected` are the places that name one
    of its plugins, as people read them ("service", "GET /v1/orders").
    """

    order: int | None
    reason: str = ""
    pattern: str = ""
    injected: tuple[str, ...] = ()


def placing_of(
    name: bytes,
    facts: PluginFacts,
    scan: Scan,
    uses: Iterable[Use],
    points: Iterable[InjectionPoint],
) -> Placing:
    """The placing of the folder entry `name`; scan, uses and points are those of an Analysis."""
    registers = {(found.type, found.name) for found in facts.registerers}
    entries = {use.entry.pointer for use in uses if (use.type, use.name) in registers}
    injected = tuple(
        point.label for point in points if any(entry.pointer in entries for entry in point.entries)
    )
    for index, entry in enumerate(scan.listing.entries):
        if entry.name == name:
            row = scan.entry(index)
            return Placing(row.order, row.reason, scan.pattern, injected)
    return Placing(None, "is not in the plugin folder", scan.pattern, injected)
