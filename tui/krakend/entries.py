"""A plugin entry, and the injection point that it stands at.

They are read from values, which say nothing of places (tui.krakend.points). Where something stands
in the text is looked for when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.diagnostic import Span
from tui.document.pointer import child
from tui.document.tree import JsonNode, Member
from tui.krakend.keys import EntryKind, OwnerKeys
from tui.krakend.namespaces import Level, Spelling
from tui.plugin.facts import PluginType

if TYPE_CHECKING:
    from tui.krakend.points import PointGroup


# Entries and points are not frozen: of a large config there are tens of thousands, and each field
# of a frozen one takes three times as long to set. Nobody changes them.
@dataclass(slots=True, eq=False)
class Entry:
    """A plugin entry: legal, misplaced, misspelt, switched off or legacy.

    `type` is None when the key is only a near miss of a plugin namespace; `meant` is then the
    type that it is like, if any, and else equals `type`. `works_here` is False where KrakenD
    ignores it: wrong level, misspelt key, switched off as `#plugin/...`, or not inside
    extra_config (`is_inside`). `called` are the plugin names in list order, also those of a list
    `plugins` (Enterprise 3.0). `traits` are what tui.krakend.traits has of it.
    """

    group: PointGroup
    kind: EntryKind
    pointer: str
    called: tuple[str, ...]
    traits: int
    _found: Member | None = field(default=None, init=False, repr=False)

    @property
    def key(self) -> str:
        return self.kind.key

    @property
    def type(self) -> PluginType | None:
        return self.kind.type

    @property
    def works_here(self) -> bool:
        return self.kind.works_here

    @property
    def spelling(self) -> Spelling:
        return self.kind.spelling

    @property
    def meant(self) -> PluginType | None:
        return self.kind.meant

    @property
    def is_inside(self) -> bool:
        return self.kind.is_inside

    @property
    def key_span(self) -> Span:
        return self._member.key_span

    @property
    def value(self) -> JsonNode:
        return self._member.value

    @property
    def name(self) -> Member | None:
        """The member of the plugin name, None when there is none."""
        return self.value.member("name")

    @property
    def names(self) -> tuple[tuple[str, Span], ...]:
        """The plugin names with the span of each string in the text."""
        name = self.name
        return _names(name) if name is not None else _listed_names(self.value)

    @property
    def name_pointer(self) -> str:
        """Where the plugin names are or belong."""
        return f"{self.pointer}/name"

    @property
    def _member(self) -> Member:
        if self._found is None:
            holder = self.group.node_at(self.pointer.removesuffix(self.kind.token))
            self._found = holder.member(self.kind.key)
            assert self._found is not None
        return self._found


@dataclass(slots=True, eq=False)
class InjectionPoint:
    """A place whose extra_config KrakenD reads. `pointer` is that of its owner ("" = service).

    `label` is for people: `service`, `GET /v1/orders/{id}`, `backend 0  orders:8081`.
    `depth` is 0 for the service, endpoints and agents, 1 for their backends, 2 for the workflow
    of a backend (Enterprise Edition), and so on. `other_keys` are the
    extra_config keys that are no plugin entries. `is_odd` says that a key of the owner is in
    another case than KrakenD's, or that one of it or of its extra_config is there twice.
    """

    group: PointGroup
    level: Level
    pointer: str
    label: str
    depth: int
    keys: OwnerKeys
    entries: tuple[Entry, ...]
    other_keys: tuple[str, ...]
    is_odd: bool
    _owner: JsonNode | None = field(default=None, init=False, repr=False)

    @property
    def owner(self) -> JsonNode:
        if self._owner is None:
            self._owner = self.group.node_at(self.pointer)
        return self._owner

    @property
    def fields(self) -> Mapping[str, Member]:
        """The owner's members of interest by the name that KrakenD takes them for."""
        return {name: self._field(key) for name, key in self.keys.fields.items()}

    @property
    def extra_config(self) -> Member | None:
        """The member itself, None when there is none."""
        key = self.keys.fields.get("extra_config")
        return None if key is None else self._field(key)

    @property
    def extra_config_pointer(self) -> str:
        """Where its extra_config is, or belongs."""
        return child(self.pointer, self.keys.fields.get("extra_config", "extra_config"))

    def _field(self, key: str) -> Member:
        member = self.owner.member(key)
        assert member is not None
        return member


def is_hidden(point: InjectionPoint, entry: Entry) -> bool:
    """Whether another entry at the place takes the part of this 1.x one (`plugin/...` wins)."""
    return entry.spelling is Spelling.LEGACY and any(
        other.type is entry.type and other.spelling is Spelling.EXACT and other.is_inside
        for other in point.entries
    )


def _listed_names(entry: JsonNode) -> tuple[tuple[str, Span], ...]:
    """The names of a list `plugins` of objects, the shape of Enterprise 3.0."""
    plugins = entry.member("plugins")
    members = [item.member("name") for item in plugins.value.items()] if plugins else []
    return tuple(name for member in members if member for name in _names(member)[:1])


def _names(name: Member) -> tuple[tuple[str, Span], ...]:
    nodes = [name.value] if name.value.kind == "string" else name.value.items()
    return tuple((text, node.span) for node in nodes if (text := node.string()) is not None)
