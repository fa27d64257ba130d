"""Reader: reads the injection points of one config, each group of them again where it changed."""

from __future__ import annotations

from dataclasses import dataclass

from tui.document.tree import JsonTree
from tui.krakend.census import names_of
from tui.krakend.points import InjectionPoint, PointGroup, point_groups


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a group of points: its `text` began at `start` then."""

    text: str
    host: str
    start: int
    points: tuple[InjectionPoint, ...]
    names: frozenset[str]


Groups = list[tuple[PointGroup, Read]]
"""The groups of a text in its order, each with what was read of it."""


class Reader:
    """Remembers what it read of each group by its pointer. May be called from any thread."""

    def __init__(self) -> None:
        self._read: dict[str, Read] = {}
        self._newest: tuple[JsonTree, Groups] | None = None

    def groups(self, tree: JsonTree) -> Groups:
        """The groups of points of the config in `tree`."""
        newest = self._newest
        if newest is not None and newest[0] is tree:
            return newest[1]
        before = self._read
        groups: Groups = []
        for group in point_groups(tree):
            read = before.get(group.pointer)
            text = group.node.text
            if read is None or read.text != text or read.host != group.host:
                points = group.points()
                read = Read(text, group.host, group.node.span.start, points, names_of(points))
            groups.append((group, read))
        self._read = {group.pointer: read for group, read in groups}
        self._newest = (tree, groups)
        return groups


def points_of(groups: Groups) -> tuple[InjectionPoint, ...]:
    """As `injection_points`, but with the places in the text that the points had when their
    group was read."""
    return tuple(point for _, read in groups for point in read.points)


def names_in(groups: Groups) -> frozenset[str]:
    """Every plugin name that an entry asks for."""
    return frozenset[str]().union(*(read.names for _, read in groups))
