"""Which rules are worth asking about a group of points: most have nothing to find in most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tui.krakend import traits
from tui.krakend.enterprise import BUILT_IN
from tui.krakend.registry import Standing
from tui.krakend.rules.base import Context, Rule
from tui.krakend.rules.used import halves_of, types_by_name
from tui.plugin.facts import PluginType
from tui.workspace.reader import Read

_PLAIN = (Standing.REGISTERED, Standing.PENDING)


class Asking:
    """Notes what the names of a group come to in a folder, and keeps which rules are asked."""

    def __init__(self, context: Context, rules: Iterable[Rule]) -> None:
        """`rules` are all local ones."""
        self._registry = context.registry
        self._rules = [rule for rule in rules if rule.applies(context)]
        self._asked: dict[int, tuple[Rule, ...]] = {}
        self._registered = frozenset(types_by_name(self._registry))
        self._halves = halves_of(self._registry) if self._registry is not None else {}
        # The uses that are known to be plain.
        self._plain: set[tuple[PluginType, str]] = set()

    def traits(self, read: Read, uses: Mapping[tuple[PluginType, str], str]) -> int:
        """All traits of a group in which these names are read."""
        noted = read.traits
        if noted == traits.ANY:
            return noted
        if not (uses.keys() <= self._plain or all(map(self._is_plain, uses))):
            noted |= traits.UNSURE_NAME
        for point in read.points:
            others = point.other_keys
            if not (self._registered.isdisjoint(others) and read.names.isdisjoint(others)):
                noted |= traits.NAME_AS_KEY
        for name in self._halves.keys() & read.names:
            if self._halves[name] not in read.names:
                noted |= traits.HALF
        return noted

    def rules(self, noted: int) -> tuple[Rule, ...]:
        """Those that may find something in a group with these traits."""
        asked = self._asked.get(noted)
        if asked is None:
            asked = tuple(rule for rule in self._rules if rule.asks & noted)
            self._asked[noted] = asked
        return asked

    def _is_plain(self, use: tuple[PluginType, str]) -> bool:
        """Whether nothing is to be said of a name but that a file that loads registers it."""
        type_, name = use
        is_plain = name not in BUILT_IN[type_] and (
            self._registry is None or self._registry.verdict(type_, name).standing in _PLAIN
        )
        if is_plain:
            self._plain.add(use)
        return is_plain
