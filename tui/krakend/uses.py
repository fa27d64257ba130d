"""The plugin names that KrakenD reads from the config, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from tui.diagnostic import Span
from tui.document.pointer import child
from tui.document.tree import JsonNode
from tui.krakend import traits
from tui.krakend.points import Entry, InjectionPoint
from tui.plugin.facts import PluginType


class Use(NamedTuple):
    """A name in an entry that KrakenD reads: `span` and `pointer` are those of its string."""

    entry: Entry
    type: PluginType
    name: str
    pointer: str

    @property
    def span(self) -> Span:
        return self.entry.group.node_at(self.pointer).span


class UseBlock:
    """The uses of a stretch of the config in its order, listed when they are asked for."""

    def __init__(self, listed: Callable[[], Iterable[Use]]) -> None:
        self._listed = listed

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        return tuple(self._listed())

    @cached_property
    def by_name(self) -> Mapping[tuple[PluginType, str], Sequence[Use]]:
        """The uses of each name for its plugin type."""
        found: dict[tuple[PluginType, str], list[Use]] = {}
        for use in self.uses:
            found.setdefault((use.type, use.name), []).append(use)
        return found


def takes(type_: PluginType, kind: str) -> bool:
    """Whether KrakenD takes names from a `name` of this JSON kind.

    lura server.go takes a list or a string, executor.go a string, proxy/plugin.go a list.
    """
    if type_ is PluginType.CLIENT:
        return kind == "string"
    return kind == "array" or (type_ is PluginType.SERVER and kind == "string")


def is_listed_shape(node: JsonNode) -> bool:
    """Whether it is a list of objects with a name, as Enterprise 3.0 has it."""
    items = list(node.items())
    return bool(items) and all(_name_of(item) is not None for item in items)


def read_listed_uses(entries: Iterable[tuple[Entry, PluginType]]) -> Iterator[Use]:
    """As read_uses, from the `plugins` lists of Enterprise 3.0."""
    for entry, type_ in entries:
        plugins = entry.value.member("plugins")
        for index, item in enumerate(plugins.value.items() if plugins else ()):
            name = _name_of(item)
            if name is not None and name.value():
                pointer = f"{entry.pointer}/plugins/{index}/name"
                yield Use(entry, type_, str(name.value()), pointer)


def _name_of(item: JsonNode) -> JsonNode | None:
    name = item.member("name")
    return name.value if name is not None and name.value.kind == "string" else None


def plain_uses(points: Iterable[InjectionPoint]) -> Iterator[Use]:
    """The names that are read at points none of which has an UNUSUAL trait."""
    return read_uses((e, e.type) for point in points for e in point.entries if e.type is not None)


def read_uses(entries: Iterable[tuple[Entry, PluginType]]) -> Iterator[Use]:
    """The names of the entries, in order; what is no string or empty is passed over."""
    for entry, type_ in entries:
        if not entry.traits & _ODD:
            at = entry.name_pointer
            if type_ is PluginType.CLIENT:
                yield Use(entry, type_, entry.called[0], at)
            else:
                for index, name in enumerate(entry.called):
                    yield Use(entry, type_, name, f"{at}/{index}")
        elif entry.name is not None and takes(type_, entry.name.value.kind):
            yield from _odd_uses(entry, type_, entry.name.value)


_ODD = traits.NO_OBJECT | traits.NO_NAME | traits.ODD_NAME


def _odd_uses(entry: Entry, type_: PluginType, name: JsonNode) -> Iterator[Use]:
    if name.kind == "string":
        places = [entry.name_pointer]
    else:
        places = [
            child(entry.name_pointer, index)
            for index, item in enumerate(name.items())
            if item.kind == "string"
        ]
    for called, pointer in zip(entry.called, places, strict=True):
        if called:
            yield Use(entry, type_, called, pointer)
