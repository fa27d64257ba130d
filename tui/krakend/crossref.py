"""From a plugin file to the places of the config that use it, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.krakend.blocks import Joined
from tui.krakend.registry import Registry, Standing
from tui.krakend.uses import Use, UseBlock
from tui.plugin.facts import PluginType


class Provided(NamedTuple):
    """A name that a file registers. `instead` is the later file whose plugin of that name runs
    in its place, "" when its own does. `blocks` are the config's uses, of which this file's plugin
    gets those of its name; none if another runs."""

    type: PluginType
    name: str
    blocks: Sequence[UseBlock]
    instead: str = ""

    @property
    def uses(self) -> Sequence[Use]:
        """The places that get this file's plugin."""
        key = self.type, self.name
        return Joined(block.by_name.get(key, ()) for block in self.blocks)


class CrossReference:
    """Which file provides which name, and where the config uses it."""

    def __init__(self, registry: Registry, blocks: Sequence[UseBlock]) -> None:
        """`blocks` are the uses of the whole config. They are sorted by their names here, and
        looked up for a file where somebody asks for it."""
        self._registry = registry
        self._blocks = blocks
        self._by_file: dict[str, dict[tuple[PluginType, str], Provided]] = {}
        self._counts: dict[str, int] = {}
        for type_ in PluginType:
            for name in registry.names(type_):
                self._note(type_, name)
        used: dict[tuple[PluginType, str], object] = {}
        for block in blocks:
            used.update(block.by_name)
        # A name that is only in the bytes of a file is known once the config uses it.
        for type_, name in used:
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
        return [
            use for block in self._blocks for use in block.uses if (use.type, use.name) in names
        ]

    def use_count(self, file: str) -> int:
        """How many places of the config get a plugin of `file`."""
        count = self._counts.get(file)
        if count is None:
            count = sum(len(provided.uses) for provided in self._running(file))
            self._counts[file] = count
        return count

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
        is_sure = name in self._registry.names(type_)
        for file in verdict.files:
            beaten = is_sure and file != verdict.files[-1]
            known = self._by_file.setdefault(file, {})
            known[type_, name] = (
                Provided(type_, name, (), verdict.files[-1])
                if beaten
                else Provided(type_, name, self._blocks)
            )
