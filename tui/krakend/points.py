"""Every injection point of a config, and the plugin entries that are there.

lura config.ServiceConfig: `extra_config` of the service, of `endpoints` and their `backend`
lists, of `async_agent` and their `backend` lists. Since KrakenD 2.12 the decoder is lenient: an
object where a list belongs counts as a list of one, and an extra_config that is a list of
objects is merged (mapstructure, weakly typed).

They are read from the values, at the speed of Python's json scanner, and by the keys alone where
these tell (tui.krakend.keys). Entry and InjectionPoint look for their places when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tui.document.parts import Gathering, Parts
from tui.document.pointer import child, split
from tui.document.tree import JsonNode, JsonTree
from tui.document.values import Repeated
from tui.krakend import traits
from tui.krakend.entries import Entry, InjectionPoint, is_hidden
from tui.krakend.keys import ConfigKeys, OwnerKeys, config_keys, owner_keys
from tui.krakend.namespaces import Level
from tui.krakend.noted import has_stray, of_entry

__all__ = [
    "Entry",
    "InjectionPoint",
    "Level",
    "PointGroup",
    "injection_points",
    "is_hidden",
    "point_groups",
]


class GroupRead(NamedTuple):
    """What was read of a group: its points in the order of the file's meaning, the plugin names
    that its entries ask for, and its traits (tui.krakend.traits)."""

    points: tuple[InjectionPoint, ...]
    names: frozenset[str]
    traits: int


class PointGroup(NamedTuple):
    """The service alone, or an endpoint or an agent with its backends.

    Its points follow from its `node`, its `pointer`, and `host`: that of the service, which a
    backend without a host of its own has.
    """

    level: Level
    pointer: str
    node: JsonNode
    host: str = ""

    def read(self) -> GroupRead:
        """Nothing here raises."""
        return _Reading(self).read()

    def points(self) -> tuple[InjectionPoint, ...]:
        return self.read().points

    def unread(self) -> PointGroup:
        """The same, to look at much of it without its being remembered."""
        return self if self.level is Level.SERVICE else self._replace(node=self.node.unread())

    def node_at(self, pointer: str) -> JsonNode:
        """The value at the pointer of one of its points, or of what is in it."""
        below = pointer[len(self.pointer) :]
        node = self.node.below(split(below)) if below else self.node
        assert node is not None
        return node


class PointList:
    """The groups of a list of the root, of which each is made when it is asked for: there may be
    thousands. `parts` are where each begins in the text, and how it is written.

    What is no object, which KrakenD refuses, is passed over; `has_gaps` says that it may be there.
    """

    def __init__(self, level: Level, pointer: str, value: JsonNode, host: str) -> None:
        self.level = level
        self.pointer = pointer
        self.host = host
        self._value = value
        self._groups: list[PointGroup] | None = None
        parts = value.parts()
        if parts is not None and all(block.has_only_objects for block in parts.blocks):
            self.parts = parts
        else:
            objects = _objects(pointer, value)
            self._groups = [PointGroup(level, at, node, host) for at, node in objects]
            self.parts = Parts()
            gathering = Gathering(self.parts)
            for group in self._groups:
                gathering.starts.append(group.node.span.start)
                gathering.texts.append(group.node.text)
            gathering.finish()

    @property
    def has_gaps(self) -> bool:
        return self._groups is not None

    @property
    def count(self) -> int:
        """How many groups there are."""
        return sum(len(block.texts) for block in self.parts.blocks)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The stretches of the text that the groups fill; between two of them, where there are
        no gaps, is nothing but a comma."""
        if self.has_gaps:
            return [(start, start + len(text)) for start, text in self.parts.each()]
        places, blocks = self.parts.places, self.parts.blocks
        return [(places[0], places[-1] + blocks[-1].length)] if blocks else []

    def group(self, index: int) -> PointGroup:
        """The group of that index."""
        if self._groups is not None:
            return self._groups[index]
        node = self._value.item(index)
        assert node is not None
        return PointGroup(self.level, f"{self.pointer}/{index}", node, self.host)


def service_group(tree: JsonTree) -> PointGroup | None:
    """The service; None when the text is no object."""
    root = tree.root
    return PointGroup(Level.SERVICE, "", root) if root and root.kind == "object" else None


def point_lists(service: PointGroup) -> Iterator[PointList]:
    """The endpoints, then the agents."""
    members = {member.key: member.value for member in service.node.members()}
    fields = owner_keys(tuple(member.key for member in service.node.members())).fields
    host = _first_host(members[fields["host"]].marked_value()) if "host" in fields else ""
    for field, level in (("endpoints", Level.ENDPOINT), ("async_agent", Level.ASYNC_AGENT)):
        if field in fields:
            yield PointList(level, child("", fields[field]), members[fields[field]], host)


def point_groups(tree: JsonTree) -> Iterator[PointGroup]:
    """The service, then the endpoints, then the agents."""
    service = service_group(tree)
    if service is None:
        return
    yield service
    for found in point_lists(service):
        for index in range(found.count):
            yield found.group(index)


def injection_points(tree: JsonTree) -> tuple[InjectionPoint, ...]:
    """In the order of the file's meaning: service, then endpoints with backends, then agents."""
    return tuple(point for group in point_groups(tree) for point in group.points())


def _objects(pointer: str, value: JsonNode) -> Iterator[tuple[str, JsonNode]]:
    """A single object counts as a list of one."""
    if value.kind == "object":
        yield pointer, value
        return
    for index, item in enumerate(value.items()):
        if item.kind == "object":
            yield f"{pointer}/{index}", item


# Workflows within workflows: deeper ones are nobody's, and the stack has an end.
_MOST_NESTED = 50
_Object = dict[str, Any]


class _Reading:
    """The points of a group, as they are read from its value."""

    __slots__ = ("_called", "_group", "_namespaces", "_points", "_traits")

    def __init__(self, group: PointGroup) -> None:
        self._group = group
        self._points: list[InjectionPoint] = []
        self._called: list[str] = []
        self._traits = 0
        # Entries whose key begins as a namespace does.
        self._namespaces = 0

    def read(self) -> GroupRead:
        group = self._group
        if group.level is Level.SERVICE:
            self._service()
            self._traits = traits.ANY
        else:
            self._with_backends(group.node.marked_value())
            if has_stray(group.node.text, self._namespaces):
                self._traits |= traits.STRAY
        return GroupRead(tuple(self._points), frozenset(self._called), self._traits)

    def _service(self) -> None:
        """Its lists may be the whole file: only what matters here is read."""
        members = list(self._group.node.members())
        keys = owner_keys(tuple(member.key for member in members))
        wanted = {keys.extra_config, *keys.beside}
        value = {m.key: m.value.marked_value() for m in members if m.key in wanted}
        self._point(Level.SERVICE, "", "service", 0, value, keys)

    def _with_backends(self, value: _Object) -> None:
        """An endpoint or an agent."""
        level, pointer = self._group.level, self._group.pointer
        keys = owner_keys(_written(value))
        if level is Level.ENDPOINT:
            method = _text(value, keys, "method").upper() or "GET"
            endpoint = _text(value, keys, "endpoint")
            said, below = f"{method} {endpoint or '(no endpoint)'}", Level.BACKEND
            if endpoint.endswith("/*"):
                self._traits |= traits.WILDCARD
        else:
            said, below = f"agent {_text(value, keys, 'name') or '(no name)'}", Level.ASYNC_BACKEND
        self._point(level, pointer, said, 0, value, keys)
        self._backends(pointer, value, keys, below, 1)

    def _backends(
        self, owner: str, value: _Object, keys: OwnerKeys, level: Level, depth: int
    ) -> None:
        """The backends of an endpoint, an agent or a workflow; each followed by its workflow."""
        for number, (pointer, backend) in enumerate(_owners(owner, value, keys.backend)):
            inner = owner_keys(_written(backend))
            host = _first_host(backend.get(inner.fields["host"])) if "host" in inner.fields else ""
            where = host or self._group.host or _text(backend, inner, "url_pattern")
            said = f"backend {number}  {where}".rstrip()
            point = self._point(level, pointer, said, depth, backend, inner)
            if "workflow" in point.other_keys and depth < _MOST_NESTED:
                self._workflow(point, backend)

    def _workflow(self, point: InjectionPoint, backend: _Object) -> None:
        extra = backend.get(point.keys.extra_config or "")
        value = extra.get("workflow") if isinstance(extra, dict) else None
        if not isinstance(value, dict):
            return
        keys = owner_keys(_written(value))
        pointer = child(point.extra_config_pointer, "workflow")
        said = f"workflow {_text(value, keys, 'endpoint') or '(no endpoint)'}"
        self._traits |= traits.WORKFLOW
        self._point(Level.WORKFLOW, pointer, said, point.depth + 1, value, keys)
        self._backends(pointer, value, keys, Level.WORKFLOW_BACKEND, point.depth + 2)

    def _point(
        self, level: Level, pointer: str, said: str, depth: int, value: _Object, keys: OwnerKeys
    ) -> InjectionPoint:
        entries: list[Entry] = []
        others: tuple[str, ...] = ()
        is_odd, noted = keys.is_odd, 0
        if keys.extra_config is not None:
            extra = value[keys.extra_config]
            if extra is not None and not isinstance(extra, dict):
                noted |= traits.EXTRA_CONFIG
            for at, config in _configs(child(pointer, keys.extra_config), extra):
                found = config_keys(level, tuple(config))
                noted |= self._add(entries, found, config, at)
                others = others + found.others if others else found.others
                is_odd = is_odd or type(config) is not dict
        if keys.beside:
            found = config_keys(level, keys.beside, is_inside=False)
            noted |= self._add(entries, found, value, pointer)
        if is_odd:
            noted |= traits.ODD_KEYS
        for key in keys.encodings:
            if value.get(key) == "no-op":
                noted |= traits.NO_OP
        self._traits |= noted
        point = InjectionPoint(
            self._group, level, pointer, said, depth, keys, tuple(entries), others, is_odd
        )
        self._points.append(point)
        return point

    def _add(self, entries: list[Entry], found: ConfigKeys, config: _Object, at: str) -> int:
        """Add the entries of a config, which stands at a pointer; the traits that they bring."""
        group, called_here = self._group, self._called
        noted = found.traits
        for kind in found.kinds:
            called, brought = of_entry(kind, config[kind.key])
            noted |= brought
            called_here += called
            entries.append(Entry(group, kind, at + kind.token, called, brought))
        self._namespaces += found.namespaces
        return noted


def _written(value: _Object) -> tuple[str, ...]:
    """The keys of an object in file order, also those that are there twice."""
    return value.written if isinstance(value, Repeated) else tuple(value)


def _text(value: _Object, keys: OwnerKeys, field: str) -> str:
    key = keys.fields.get(field)
    text = None if key is None else value.get(key)
    return text if isinstance(text, str) else ""


def _owners(owner: str, value: _Object, key: str | None) -> Iterable[tuple[str, _Object]]:
    """The objects of a list; a single object counts as a list of one."""
    if key is None:
        return ()
    below, at = value[key], child(owner, key)
    if isinstance(below, list):
        objects = enumerate(below)
        return [(f"{at}/{index}", item) for index, item in objects if isinstance(item, dict)]
    return [(at, below)] if isinstance(below, dict) else ()


def _configs(pointer: str, extra: Any) -> Iterable[tuple[str, _Object]]:
    """The objects of an extra_config: itself, or those of a list, and of lists in it, merged."""
    if isinstance(extra, dict):
        return ((pointer, extra),)
    found: list[tuple[str, _Object]] = []
    left = [(pointer, extra)]
    while left:
        at, value = left.pop()
        if isinstance(value, dict):
            found.append((at, value))
        elif isinstance(value, list):
            items = [(f"{at}/{index}", item) for index, item in enumerate(value)]
            left += reversed(items)
    return found


def _first_host(value: Any) -> str:
    """The first of a host list, or the single host, without its scheme."""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, str):
        items = value if isinstance(value, list) else ()
        first = next((item for item in items if isinstance(item, str)), "")
    return first.partition("://")[2] or first
