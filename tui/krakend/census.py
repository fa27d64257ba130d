"""What the rules about the config as a whole need of each plugin entry, without its place.

A census is made for each group of points and merged, so that after an edit in one group the
others need not be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tui.krakend.points import InjectionPoint
from tui.krakend.uses import Use
from tui.plugin.facts import PluginType


class Census(NamedTuple):
    """`working` counts the entries that KrakenD reads. `uses` has the pointer of the first use
    of each name for its plugin type. `has_braces` says that `{{` is somewhere in the text."""

    working: int = 0
    uses: Mapping[tuple[PluginType, str], str] = MappingProxyType({})
    has_braces: bool = False


def census_of(working: int, uses: Iterable[Use], *, has_braces: bool) -> Census:
    """Of the entries and names that KrakenD reads."""
    first: dict[tuple[PluginType, str], str] = {}
    for use in uses:
        first.setdefault((use.type, use.name), use.pointer)
    return Census(working, first, has_braces)


def plain_census(points: Iterable[InjectionPoint], *, has_braces: bool) -> Census:
    """Of points none of which has an UNUSUAL trait (tui.krakend.traits). `census_of` with their
    `plain_uses` says the same, and takes four times as long."""
    working = 0
    first: dict[tuple[PluginType, str], str] = {}
    for point in points:
        working += len(point.entries)
        for entry in point.entries:
            for use, below in _uses(entry.kind.type, entry.called):
                if use not in first:
                    first[use] = entry.pointer + below
    return Census(working, first, has_braces)


@lru_cache(maxsize=1024)
def _uses(
    type_: PluginType | None, called: tuple[str, ...]
) -> tuple[tuple[tuple[PluginType, str], str], ...]:
    """The names of a usual entry as uses, and where each stands below the entry."""
    assert type_ is not None
    if type_ is PluginType.CLIENT:
        return (((type_, called[0]), "/name"),)
    return tuple(((type_, name), f"/name/{index}") for index, name in enumerate(called))


def merged(parts: Iterable[Census]) -> Census:
    """That of the whole config; the parts are in its order."""
    parts = list(parts)
    first: dict[tuple[PluginType, str], str] = {}
    for part in reversed(parts):
        first.update(part.uses)
    working = sum(part.working for part in parts)
    return Census(working, first, any(part.has_braces for part in parts))


def names_of(points: Iterable[InjectionPoint]) -> frozenset[str]:
    """Every plugin name that the entries ask for, also where KrakenD ignores them."""
    return frozenset(name for point in points for entry in point.entries for name in entry.called)
