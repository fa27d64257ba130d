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

    @property
    def use_count(self) -> int:
        """How many they are."""
        key = self.type, self.name
        return sum(len(block.by_name.get(key, ())) for block in self.blocks)


class CrossReference:
    """Which file provides which name, and where the config uses it."""

    def __init__(self, registry: Registry, blocks: Sequence[UseBlock]) -> None:
        """`blocks` are the uses of the whole config. They are sorted by their names here, and
        looked up for a file where somebody asks for it."""
        self._registry = registry
        self._blocks = blocks
        self._counts: dict[str, int] = {}
        used: dict[tuple[PluginType, str], object] = {}
        for block in blocks:
            used.update(block.by_name)
        # A name that is only in the bytes of a file is known once the config uses it.
        self._in_bytes: dict[str, list[Provided]] = {}
        for type_, name in used:
            if name not in registry.names(type_):
                verdict = registry.verdict(type_, name)
                files = verdict.files if verdict.standing is Standing.REGISTERED else ()
                for file in files:
                    self._in_bytes.setdefault(file, []).append(Provided(type_, name, blocks))

    def provided_by(self, file: str) -> Sequence[Provided]:
        """The names that `file` registers, as far as they are known."""
        registered = (
            Provided(type_, name, () if instead else self._blocks, instead)
            for type_, name, instead in self._registry.by_file.get(file, ())
        )
        return (*registered, *self._in_bytes.get(file, ()))

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
            count = sum(provided.use_count for provided in self._running(file))
            self._counts[file] = count
        return count

    def _running(self, file: str) -> Sequence[Provided]:
        return [provided for provided in self.provided_by(file) if not provided.instead]

    def provider(self, type_: PluginType, name: str) -> str | None:
        """The file whose plugin runs under `name`; None when no file is known to register it."""
        verdict = self._registry.verdict(type_, name)
        is_known = verdict.standing in (Standing.REGISTERED, Standing.UNSEEN)
        return verdict.files[-1] if is_known and verdict.files else None
