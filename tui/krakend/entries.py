"""A plugin entry, and the injection point that it stands at.

They are read from values, which say nothing of places (tui.krakend.points). Where something stands
in the text is looked for when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.diagnostic import Span
from tui.document.pointer import child
from tui.document.tree import JsonNode, Member
from tui.krakend.keys import EntryKind, OwnerKeys
from tui.krakend.namespaces import Level, Spelling
from tui.plugin.facts import PluginType
from tui.visible import visible

if TYPE_CHECKING:
    from tui.krakend.points import PointGroup


# Classes of their own making: of a large config there are tens of thousands of each, and they
# remember where they found their places.
class Entry:
    """A plugin entry: legal, misplaced, misspelt, switched off or legacy.

    `type` is None when the key is only a near miss of a plugin namespace; `meant` is then the
    type that it is like, if any, and else equals `type`. `works_here` is False where KrakenD
    ignores it: wrong level, misspelt key, switched off as `#plugin/...`, or not inside
    extra_config (`is_inside`). `called` are the plugin names in list order, also those of a list
    `plugins` (Enterprise 3.0). `traits` are what tui.krakend.traits has of it.
    """

    __slots__ = ("_found", "called", "group", "kind", "pointer", "traits")

    def __init__(
        self,
        group: PointGroup,
        kind: EntryKind,
        pointer: str,
        called: tuple[str, ...],
        traits: int,
    ) -> None:
        self.group = group
        self.kind = kind
        self.pointer = pointer
        self.called = called
        self.traits = traits
        self._found: Member | None = None

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


class InjectionPoint:
    """A place whose extra_config KrakenD reads. `pointer` is that of its owner ("" = service).

    `depth` is 0 for the service, endpoints and agents, 1 for their backends, 2 for the workflow
    of a backend (Enterprise Edition), and so on. `other_keys` are the
    extra_config keys that are no plugin entries. `is_odd` says that a key of the owner is in
    another case than KrakenD's, or that one of it or of its extra_config is there twice.
    """

    __slots__ = (
        *("_owner", "_said", "depth", "entries", "group", "is_odd"),
        *("keys", "level", "other_keys", "pointer"),
    )

    def __init__(
        self,
        group: PointGroup,
        level: Level,
        pointer: str,
        said: str,
        depth: int,
        keys: OwnerKeys,
        entries: tuple[Entry, ...],
        other_keys: tuple[str, ...],
        is_odd: bool,
    ) -> None:
        """`said` is the label as the config has it."""
        self.group = group
        self.level = level
        self.pointer = pointer
        self._said = said
        self.depth = depth
        self.keys = keys
        self.entries = entries
        self.other_keys = other_keys
        self.is_odd = is_odd
        self._owner: JsonNode | None = None

    @property
    def label(self) -> str:
        """For people: `service`, `GET /v1/orders/{id}`, `backend 0  orders:8081`."""
        return visible(self._said)

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
        key = self.keys.extra_config
        return None if key is None else self._field(key)

    @property
    def extra_config_pointer(self) -> str:
        """Where its extra_config is, or belongs."""
        return child(self.pointer, self.keys.extra_config or "extra_config")

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
