"""From a plugin file to the places of the config that use it, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.krakend.registry import Registry, Standing
from tui.krakend.uses import Use, UsesByName, by_name
from tui.plugin.facts import PluginType


class Provided(NamedTuple):
    """A name that a file registers. `instead` is the later file whose plugin of that name runs
    in its place, "" when its own does. `uses` are the places that get this file's plugin."""

    type: PluginType
    name: str
    uses: tuple[Use, ...]
    instead: str = ""


class CrossReference:
    """Which file provides which name, and where the config uses it."""

    def __init__(
        self,
        registry: Registry,
        uses: Sequence[Use],
        sorted_apart: Iterable[UsesByName] | None = None,
    ) -> None:
        """`sorted_apart` are stretches of the uses by their names, if somebody has them."""
        self._registry = registry
        self._all = uses
        self._uses: UsesByName = {}
        for stretch in [by_name(uses)] if sorted_apart is None else sorted_apart:
            for key, found in stretch.items():
                self._uses.setdefault(key, []).extend(found)
        self._by_file: dict[str, dict[tuple[PluginType, str], Provided]] = {}
        for type_ in PluginType:
            for name in registry.names(type_):
                self._note(type_, name)
        # A name that is only in the bytes of a file is known once the config uses it.
        for type_, name in self._uses:
            self._note(type_, name)

    def provided_by(self, file: str) -> Sequence[Provided]:
        """The names that `file` registers, as far as they are known."""
        return tuple(self._by_file.get(file, {}).values())

    def uses_of(self, file: str) -> Sequence[Use]:
        """Every place of the config that gets a plugin of `file`, in the config's order."""
        running = self._running(file)
        if len(running) == 1:
            return running[0].uses
        names = {(provided.type, provided.name) for provided in running}
        return [use for use in self._all if (use.type, use.name) in names]

    def use_count(self, file: str) -> int:
        """How many places of the config get a plugin of `file`."""
        return sum(len(provided.uses) for provided in self._running(file))

    def _running(self, file: str) -> Sequence[Provided]:
        return [provided for provided in self.provided_by(file) if not provided.instead]

    def provider(self, type_: PluginType, name: str) -> str | None:
        """The file whose plugin runs under `name`; None when no file is known to register it."""
        verdict = self._registry.verdict(type_, name)
        is_known = verdict.standing in (Standing.REGISTERED, Standing.UNSEEN)
        return verdict.files[-1] if is_known and verdict.files else None

    def _note(self, type_: PluginType, name: str) -> None:
        verdict = self._registry.verdict(type_, name)
        if verdict.standing is not Standing.REGISTERED:
            return
        uses = tuple(self._uses.get((type_, name), ()))
        is_sure = name in self._registry.names(type_)
        for file in verdict.files:
            beaten = is_sure and file != verdict.files[-1]
            provided = Provided(type_, name, (), verdict.files[-1]) if beaten else None
            known = self._by_file.setdefault(file, {})
            known[type_, name] = provided or Provided(type_, name, uses)
