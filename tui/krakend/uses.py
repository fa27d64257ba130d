"""The plugin names that KrakenD reads from the config, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.diagnostic import Span
from tui.document.pointer import child
from tui.document.tree import JsonNode
from tui.krakend.points import Entry
from tui.plugin.facts import PluginType


@dataclass(frozen=True, slots=True)
class Use:
    """A name in an entry that KrakenD reads: `span` and `pointer` are those of its string."""

    entry: Entry
    type: PluginType
    name: str
    span: Span
    pointer: str


UsesByName = dict[tuple[PluginType, str], list[Use]]
"""The uses of each name for its plugin type, in the config's order."""


def by_name(uses: Iterable[Use]) -> UsesByName:
    """The uses, sorted apart."""
    found: UsesByName = {}
    for use in uses:
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
                yield Use(entry, type_, str(name.value()), name.span, pointer)


def _name_of(item: JsonNode) -> JsonNode | None:
    name = item.member("name")
    return name.value if name is not None and name.value.kind == "string" else None


def read_uses(entries: Iterable[tuple[Entry, PluginType]]) -> Iterator[Use]:
    """The names of the entries, in order; what is no string or empty is passed over."""
    for entry, type_ in entries:
        if entry.name is None or not takes(type_, entry.name.value.kind):
            continue
        if entry.name.value.kind == "string":
            places = [entry.name_pointer]
        else:
            items = entry.name.value.items()
            places = [
                child(entry.name_pointer, index)
                for index, item in enumerate(items)
                if item.kind == "string"
            ]
        for (name, span), pointer in zip(entry.names, places, strict=True):
            if name:
                yield Use(entry, type_, name, span, pointer)
