"""Every injection point of a config, and the plugin entries that are there.

lura config.ServiceConfig: `extra_config` of the service, of `endpoints` and their `backend`
lists, of `async_agent` and their `backend` lists. Since KrakenD 2.12 the decoder is lenient: an
object where a list belongs counts as a list of one, and an extra_config that is a list of
objects is merged (mapstructure, weakly typed).

They are read from the values, at the speed of Python's json scanner, and by the keys alone where
these tell (tui.krakend.keys). Entry and InjectionPoint look for their places when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

from tui.document.pointer import child, split
from tui.document.tree import JsonNode, JsonTree
from tui.document.values import Repeated
from tui.krakend import traits
from tui.krakend.entries import Entry, InjectionPoint, is_hidden
from tui.krakend.keys import EntryKind, OwnerKeys, config_keys, owner_keys
from tui.krakend.namespaces import Level
from tui.krakend.noted import has_stray, of_entry
from tui.visible import visible

__all__ = [
    "Entry",
    "InjectionPoint",
    "Level",
    "PointGroup",
    "injection_points",
    "is_hidden",
    "point_groups",
]


@dataclass(frozen=True, slots=True, eq=False)
class PointGroup:
    """The service alone, or an endpoint or an agent with its backends.

    Its points follow from its `node`, its `pointer`, and `host`: that of the service, which a
    backend without a host of its own has.
    """

    level: Level
    pointer: str
    node: JsonNode
    host: str = ""

    def read(self) -> tuple[tuple[InjectionPoint, ...], int]:
        """Its points in the order of the file's meaning, and its traits; nothing here raises."""
        return _Reading(self).points()

    def points(self) -> tuple[InjectionPoint, ...]:
        return self.read()[0]

    def node_at(self, pointer: str) -> JsonNode:
        """The value at the pointer of one of its points, or of what is in it."""
        below = pointer[len(self.pointer) :]
        node = self.node.below(split(below)) if below else self.node
        assert node is not None
        return node


_IS_OBJECT = methodcaller("startswith", "{")


class PointList:
    """The groups of a list of the root, of which each is made when it is asked for: there may be
    thousands. `starts` and `texts` are where each begins in the text, and how it is written.

    What is no object, which KrakenD refuses, is passed over.
    """

    def __init__(self, level: Level, pointer: str, value: JsonNode, host: str) -> None:
        self.level = level
        self.pointer = pointer
        self.host = host
        self._value = value
        self._groups: list[PointGroup] | None = None
        self.starts: Sequence[int]
        self.texts: Sequence[str]
        parts = value.parts()
        if parts is not None and all(map(_IS_OBJECT, parts[1])):
            self.starts, self.texts = parts
        else:
            objects = _objects(pointer, value)
            self._groups = [PointGroup(level, at, node, host) for at, node in objects]
            self.starts = [group.node.span.start for group in self._groups]
            self.texts = [group.node.text for group in self._groups]

    def group(self, index: int) -> PointGroup:
        """The group whose text is texts[index]."""
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
        for index in range(len(found.texts)):
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

    __slots__ = ("_group", "_namespaces", "_points", "_traits")

    def __init__(self, group: PointGroup) -> None:
        self._group = group
        self._points: list[InjectionPoint] = []
        self._traits = 0
        # Entries whose key begins as a namespace does.
        self._namespaces = 0

    def points(self) -> tuple[tuple[InjectionPoint, ...], int]:
        """In the order of the file's meaning, and the traits of the group; nothing here raises."""
        group = self._group
        if group.level is Level.SERVICE:
            self._service()
            return tuple(self._points), traits.ANY
        value = group.node.marked_value()
        keys = owner_keys(_written(value))
        if group.level is Level.ENDPOINT:
            label, below = self._endpoint_label(value, keys), Level.BACKEND
        else:
            name = _text(value, keys, "name") or "(no name)"
            label, below = f"agent {visible(name)}", Level.ASYNC_BACKEND
        self._point(group.level, group.pointer, label, 0, value, keys)
        self._backends(group.pointer, value, keys, below, 1)
        if has_stray(group.node.text, self._namespaces):
            self._traits |= traits.STRAY
        return tuple(self._points), self._traits

    def _service(self) -> None:
        """Its lists may be the whole file: only what matters here is read."""
        members = list(self._group.node.members())
        keys = owner_keys(tuple(member.key for member in members))
        wanted = {keys.fields.get("extra_config"), *keys.beside}
        value = {m.key: m.value.marked_value() for m in members if m.key in wanted}
        self._point(Level.SERVICE, "", "service", 0, value, keys)

    def _backends(
        self, owner: str, value: _Object, keys: OwnerKeys, level: Level, depth: int
    ) -> None:
        """The backends of an endpoint, an agent or a workflow; each followed by its workflow."""
        for number, (pointer, backend) in enumerate(_owners(owner, value, keys)):
            inner = owner_keys(_written(backend))
            label = self._backend_label(number, backend, inner)
            point = self._point(level, pointer, label, depth, backend, inner)
            if "workflow" in point.other_keys and depth < _MOST_NESTED:
                self._workflow(point, backend)

    def _workflow(self, point: InjectionPoint, backend: _Object) -> None:
        extra = backend[point.keys.fields["extra_config"]]
        value = extra.get("workflow") if isinstance(extra, dict) else None
        if not isinstance(value, dict):
            return
        keys = owner_keys(_written(value))
        pointer = child(point.extra_config_pointer, "workflow")
        name = _text(value, keys, "endpoint") or "(no endpoint)"
        label = f"workflow {visible(name)}"
        self._traits |= traits.WORKFLOW
        self._point(Level.WORKFLOW, pointer, label, point.depth + 1, value, keys)
        self._backends(pointer, value, keys, Level.WORKFLOW_BACKEND, point.depth + 2)

    def _point(
        self, level: Level, pointer: str, label: str, depth: int, value: _Object, keys: OwnerKeys
    ) -> InjectionPoint:
        entries: list[Entry] = []
        others: tuple[str, ...] = ()
        is_odd, noted = keys.is_odd, 0
        key = keys.fields.get("extra_config")
        for at, config in _configs(child(pointer, key), value[key]) if key is not None else ():
            found = config_keys(level, tuple(config))
            others += found.others
            noted |= found.traits
            is_odd = is_odd or type(config) is not dict
            self._namespaces += found.namespaces
            entries += [self._entry(kind, config[kind.key], at) for kind in found.kinds]
        if keys.beside:
            found = config_keys(level, keys.beside, is_inside=False)
            noted |= found.traits
            self._namespaces += found.namespaces
            entries += [self._entry(kind, value[kind.key], pointer) for kind in found.kinds]
        if is_odd:
            noted |= traits.ODD_KEYS
        if key is not None and not isinstance(value[key], (dict, type(None))):
            noted |= traits.EXTRA_CONFIG
        if "no-op" in (_text(value, keys, "encoding"), _text(value, keys, "output_encoding")):
            noted |= traits.NO_OP
        self._traits |= noted
        point = InjectionPoint(
            self._group, level, pointer, label, depth, keys, tuple(entries), others, is_odd
        )
        self._points.append(point)
        return point

    def _entry(self, kind: EntryKind, value: Any, holder: str) -> Entry:
        called, noted = of_entry(kind, value)
        self._traits |= noted
        return Entry(self._group, kind, holder + kind.token, called, noted)

    def _endpoint_label(self, value: _Object, keys: OwnerKeys) -> str:
        method = _text(value, keys, "method").upper() or "GET"
        endpoint = _text(value, keys, "endpoint")
        if endpoint.endswith("/*"):
            self._traits |= traits.WILDCARD
        return visible(f"{method} {endpoint or '(no endpoint)'}")

    def _backend_label(self, number: int, value: _Object, keys: OwnerKeys) -> str:
        host = _first_host(_value(value, keys, "host"))
        where = host or self._group.host or _text(value, keys, "url_pattern")
        return visible(f"backend {number}  {where}".rstrip())


def _written(value: _Object) -> tuple[str, ...]:
    """The keys of an object in file order, also those that are there twice."""
    return value.written if isinstance(value, Repeated) else tuple(value)


def _value(value: _Object, keys: OwnerKeys, field: str) -> Any:
    key = keys.fields.get(field)
    return None if key is None else value.get(key)


def _text(value: _Object, keys: OwnerKeys, field: str) -> str:
    text = _value(value, keys, field)
    return text if isinstance(text, str) else ""


def _owners(owner: str, value: _Object, keys: OwnerKeys) -> Iterator[tuple[str, _Object]]:
    """The objects of its `backend` list; a single object counts as a list of one."""
    key = keys.fields.get("backend")
    below = None if key is None else value[key]
    if isinstance(below, dict):
        yield child(owner, key or ""), below
    elif isinstance(below, list):
        at = child(owner, key or "")
        for index, item in enumerate(below):
            if isinstance(item, dict):
                yield f"{at}/{index}", item


def _configs(pointer: str, extra: Any) -> Iterator[tuple[str, _Object]]:
    """The objects of an extra_config: itself, or those of a list, and of lists in it, merged."""
    left = [(pointer, extra)]
    while left:
        at, value = left.pop()
        if isinstance(value, dict):
            yield at, value
        elif isinstance(value, list):
            items = [(f"{at}/{index}", item) for index, item in enumerate(value)]
            left += reversed(items)


def _first_host(value: Any) -> str:
    """The first of a host list, or the single host, without its scheme."""
    items = value if isinstance(value, list) else [value]
    first = next((item for item in items if isinstance(item, str)), "")
    return first.partition("://")[2] or first
