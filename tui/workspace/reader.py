"""Reader: reads the injection points of one config, each group of them again where it changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from typing import NamedTuple

from tui.document.parts import Block
from tui.document.tree import JsonTree
from tui.krakend.blocks import Joined
from tui.krakend.points import (
    InjectionPoint,
    PointGroup,
    PointList,
    point_lists,
    service_group,
)

# In half the time of looking for the two.
_BRACES = re.compile(r"\{(?=\{)")
# The service has no text of its own.
_SERVICE = Block([0], [""])


class Read(NamedTuple):
    """What was read of a group of points: its `text` began at `start` then. The service, which is
    read anew from every text, has none. `traits` are those of tui.krakend.traits that follow from
    the text alone, and `has_braces` says that `{{` is in it."""

    text: str
    start: int
    points: tuple[InjectionPoint, ...]
    names: frozenset[str]
    traits: int
    has_braces: bool

    @classmethod
    def of(cls, group: PointGroup, text: str, start: int) -> Read:
        has_braces = _BRACES.search(text) is not None
        return cls(text, start, *group.read(), has_braces)


class ReadBlock:
    """What was read of the groups of a block, of which the first has the index `first` in its list.
    `points` and `names` are those of all. Immutable; equal to itself alone."""

    __slots__ = ("block", "first", "names", "points", "reads")

    def __init__(self, block: Block, first: int, reads: Sequence[Read]) -> None:
        self.block = block
        self.first = first
        self.reads = reads
        self.points = tuple(chain.from_iterable(read.points for read in reads))
        self.names = frozenset[str]().union(*(read.names for read in reads))


class ReadList(NamedTuple):
    """The endpoints, or the agents, and what was read of them."""

    found: PointList
    blocks: list[ReadBlock]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a text in its order: the service, if the text is an object, and the lists.

    `names` are all plugin names that an entry asks for.
    """

    service: tuple[PointGroup, ReadBlock] | None = None
    lists: list[ReadList] = field(default_factory=list)
    names: frozenset[str] = frozenset()

    @property
    def blocks(self) -> list[ReadBlock]:
        """The service, and the blocks of the lists."""
        service = [self.service[1]] if self.service is not None else []
        return [*service, *chain.from_iterable(found.blocks for found in self.lists)]

    @property
    def points(self) -> Sequence[InjectionPoint]:
        """As `injection_points`, but with the places in the text that the points had when their
        group was read."""
        return Joined(block.points for block in self.blocks)


class Reader:
    """Remembers what it read of each group by its pointer. May be called from any thread."""

    def __init__(self) -> None:
        self._newest: tuple[JsonTree | None, Groups] = (None, Groups())

    def groups(self, tree: JsonTree) -> Groups:
        """The groups of points of the config in `tree`."""
        newest, before = self._newest
        if newest is tree:
            return before
        service = service_group(tree)
        groups = Groups()
        if service is not None:
            known = {found.found.pointer: found for found in before.lists}
            lists = [_read(found, known.get(found.pointer)) for found in point_lists(service)]
            read = Read.of(service, "", service.node.span.start)
            groups = _named(Groups((service, ReadBlock(_SERVICE, 0, [read])), lists))
        self._newest = (tree, groups)
        return groups


def _named(groups: Groups) -> Groups:
    names = frozenset[str]().union(*(block.names for block in groups.blocks))
    return replace(groups, names=names)


def _read(found: PointList, before: ReadList | None) -> ReadList:
    """What is in a list, of which `before` is what was read the last time."""
    known: dict[int, ReadBlock] = {}
    if before is not None and before.found.host == found.host:
        known = {block.first: block for block in before.blocks}
    places, blocks = found.parts.places, found.parts.blocks
    firsts = [*accumulate((len(block.texts) for block in blocks), initial=0)]
    # Blocks that an edit left alone are the very same. What was read of one holds while it begins
    # with the same index, which is in its pointers.
    kept = {
        first: known[first]
        for first, block in zip(firsts, blocks, strict=False)
        if first in known and known[first].block is block
    }
    reads = {
        at: read
        for first, block in known.items()
        if first not in kept
        for at, read in enumerate(block.reads, first)
    }
    return ReadList(
        found,
        [
            kept.get(first)
            or ReadBlock(block, first, _read_block(found, place, block, first, reads))
            for first, place, block in zip(firsts, places, blocks, strict=False)
        ],
    )


def _read_block(
    found: PointList, place: int, block: Block, first: int, known: Mapping[int, Read]
) -> list[Read]:
    """What is in a block, of which `known` has what was read of some by their index."""
    reads: list[Read] = []
    for at, (start, text) in enumerate(zip(block.starts, block.texts, strict=True), first):
        read = known.get(at)
        if read is None or read.text != text:
            read = Read.of(found.group(at), text, place + start)
        reads.append(read)
    return reads
