"""What was found in a group of points, to be kept for as long as it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from tui.diagnostic import Diagnostic
from tui.krakend.census import Census, merged
from tui.krakend.uses import Use, UseBlock, plain_uses
from tui.workspace.reader import Read, ReadBlock


@dataclass(slots=True)
class Found:
    """What was found in a group of points whose text began at `start`.

    `style` are the traits of the file's, None when there is no fix that depends on them.
    `is_kept` is False when something outside of the group was looked at.
    """

    read: Read
    start: int
    census: Census
    by_rules: tuple[Diagnostic, ...]
    by_schemas: tuple[Diagnostic, ...]
    by_plugin_schemas: tuple[Diagnostic, ...]
    style: tuple[object, ...] | None
    is_kept: bool
    # None of a group as usual, whose uses are listed when they are asked for.
    known_uses: tuple[Use, ...] | None

    is_silent: bool = field(init=False)

    def __post_init__(self) -> None:
        # Asked of thousands at every key: whether there is no finding.
        silent = not (self.by_rules or self.by_schemas or self.by_plugin_schemas)
        self.is_silent = silent

    @property
    def holds_anywhere(self) -> bool:
        """Whether it follows from the group and the names that it asks for alone."""
        return self.is_kept and self.style is None

    @property
    def uses(self) -> tuple[Use, ...]:
        """The names that KrakenD reads, the same objects each time."""
        if self.known_uses is None:
            self.known_uses = tuple(plain_uses(self.read.points))
        return self.known_uses

    def at(self, start: int) -> Found:
        """The same where the group begins at `start`."""
        if start == self.start or self.is_silent:
            return self
        by = start - self.start
        return replace(
            self,
            start=start,
            by_rules=tuple(found.moved(by) for found in self.by_rules),
            by_schemas=tuple(found.moved(by) for found in self.by_schemas),
            by_plugin_schemas=tuple(found.moved(by) for found in self.by_plugin_schemas),
        )


class FoundBlock:
    """What was found in the groups of a block. Immutable; equal to itself alone."""

    __slots__ = ("census", "found", "holds_anywhere", "loud", "read", "uses")

    def __init__(self, read: ReadBlock, found: Sequence[Found]) -> None:
        self.read = read
        self.found = found
        self.census = merged(each.census for each in found)
        self.holds_anywhere = all(each.holds_anywhere for each in found)
        self.uses = UseBlock(lambda: chain.from_iterable(each.uses for each in found))
        # Which of them have findings.
        self.loud = [at for at, each in enumerate(found) if not each.is_silent]

    def findings(self, place: int) -> Iterator[Found]:
        """Those with findings, where the block begins at `place`."""
        starts = self.read.block.starts
        return (self.found[at].at(place + starts[at]) for at in self.loud)
