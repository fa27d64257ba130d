"""Reader: reads the injection points of one config, each group of them again where it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress, count
from operator import add, attrgetter, is_not
from typing import NamedTuple

from tui.diagnostic import Span
from tui.document.tree import JsonTree
from tui.krakend.blocks import Blocks
from tui.krakend.points import (
    InjectionPoint,
    PointGroup,
    PointList,
    point_lists,
    service_group,
)

# In half the time of looking for the two.
_BRACES = re.compile(r"\{(?=\{)")


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


class ReadList(NamedTuple):
    """The endpoints, or the agents: what was read of each, and where it begins now."""

    found: PointList
    reads: list[Read]

    @property
    def spans(self) -> list[tuple[int, int]]:
        starts, texts = self.found.starts, self.found.texts
        return list(zip(starts, map(add, starts, map(len, texts)), strict=True))


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a text in its order: the service, if the text is an object, and the lists.

    `names` are all plugin names that an entry asks for.
    """

    service: tuple[PointGroup, Read] | None = None
    lists: list[ReadList] = field(default_factory=list)
    names: frozenset[str] = frozenset()

    @property
    def reads(self) -> list[Read]:
        service = [self.service[1]] if self.service is not None else []
        return [*service, *chain.from_iterable(found.reads for found in self.lists)]

    @property
    def points(self) -> tuple[InjectionPoint, ...]:
        """As `injection_points`, but with the places in the text that the points had when their
        group was read."""
        return tuple(chain.from_iterable(map(attrgetter("points"), self.reads)))

    @property
    def service_span(self) -> Span:
        return self.service[0].node.span if self.service is not None else Span(0, 0)


class Reader:
    """Remembers what it read of each group by its pointer. May be called from any thread."""

    def __init__(self) -> None:
        self._newest: tuple[JsonTree | None, Groups] = (None, Groups())
        self._names: Blocks[Read, frozenset[str]] = Blocks(_names)

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
            groups = self._named(
                Groups((service, Read.of(service, "", service.node.span.start)), lists)
            )
        self._newest = (tree, groups)
        return groups

    def _named(self, groups: Groups) -> Groups:
        return replace(groups, names=frozenset().union(*self._names.of(groups.reads)))


def _read(found: PointList, before: ReadList | None) -> ReadList:
    """What is in a list, of which `before` is what was read the last time."""
    texts, starts = found.texts, found.starts
    reads: list[Read] = []
    if before is not None and before.found.host == found.host:
        reads = before.reads[: len(texts)]
        # Parts that an edit left alone are the very same texts.
        for at in compress(count(), map(is_not, before.found.texts, texts)):
            if reads[at].text != texts[at]:
                reads[at] = Read.of(found.group(at), texts[at], starts[at])
    for at in range(len(reads), len(texts)):
        reads.append(Read.of(found.group(at), texts[at], starts[at]))
    return ReadList(found, reads)


def _names(reads: Sequence[Read]) -> frozenset[str]:
    return frozenset[str]().union(*(read.names for read in reads))
