"""Every injection point of a config, and the plugin entries that are there.

lura config.ServiceConfig: `extra_config` of the service, of `endpoints` and their `backend`
lists, of `async_agent` and their `backend` lists. Since KrakenD 2.12 the decoder is lenient: an
object where a list belongs counts as a list of one, and an extra_config that is a list of
objects is merged (mapstructure, weakly typed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import methodcaller

from tui.diagnostic import Span
from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree, Member
from tui.krakend.golang import same_key
from tui.krakend.namespaces import WORKS_AT, Level, Spelling, classify
from tui.plugin.facts import PluginType
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


@dataclass(frozen=True, slots=True)
class Entry:
    """A plugin entry: legal, misplaced, misspelt, switched off or legacy.

    `type` is None when the key is only a near miss of a plugin namespace; `meant` is then the
    type that it is like, if any, and else equals `type`. `works_here` is False where KrakenD
    ignores it: wrong level, misspelt key, switched off as `#plugin/...`, or not inside
    extra_config (`is_inside`). `names` are the plugin names in list order with the span of
    each string in the text, also those of a list `plugins` (Enterprise 3.0). `name` is the
    member of that name, None when there is none.
    """

    key: str
    key_span: Span
    pointer: str
    value: JsonNode
    type: PluginType | None
    works_here: bool
    names: tuple[tuple[str, Span], ...]
    spelling: Spelling = Spelling.EXACT
    meant: PluginType | None = None
    name: Member | None = None
    is_inside: bool = True

    @property
    def name_pointer(self) -> str:
        """Where the plugin names are or belong."""
        return f"{self.pointer}/name"


@dataclass(frozen=True, slots=True)
class InjectionPoint:
    """A place whose extra_config KrakenD reads. `pointer` is that of its owner ("" = service).

    `label` is for people: `service`, `GET /v1/orders/{id}`, `backend 0  orders:8081`.
    `depth` is 0 for the service, endpoints and agents, 1 for their backends, 2 for the workflow
    of a backend (Enterprise Edition), and so on. `other_keys` are the
    extra_config keys that are no plugin entries. `extra_config` is the member itself, None
    when there is none. `fields` are the owner's members of interest by the name that KrakenD
    takes them for. `is_odd` says that a key of the owner is in another case than KrakenD's, or
    that one of it or of its extra_config is there twice.
    """

    level: Level
    pointer: str
    label: str
    depth: int
    owner: JsonNode
    entries: tuple[Entry, ...]
    other_keys: tuple[str, ...] = ()
    extra_config: Member | None = None
    fields: Mapping[str, Member] = field(default_factory=dict)
    is_odd: bool = False

    @property
    def extra_config_pointer(self) -> str:
        """Where its extra_config is, or belongs."""
        key = self.extra_config.key if self.extra_config else "extra_config"
        return child(self.pointer, key)


@dataclass(frozen=True, slots=True)
class PointGroup:
    """The service alone, or an endpoint or an agent with its backends.

    Its points follow from its `node`, its `pointer`, and `host`: that of the service, which a
    backend without a host of its own has.
    """

    level: Level
    pointer: str
    node: JsonNode
    host: str = ""

    def points(self) -> tuple[InjectionPoint, ...]:
        """In the order of the file's meaning; nothing here raises."""
        return tuple(self._read())

    def _read(self) -> Iterator[InjectionPoint]:
        owner = _Owner.read(self.pointer, self.node)
        if self.level is Level.SERVICE:
            yield owner.point(self.level, "service", 0)
            return
        if self.level is Level.ENDPOINT:
            label, below = _endpoint_label(owner), Level.BACKEND
        else:
            name = _text(owner.fields.get("name")) or "(no name)"
            label, below = f"agent {visible(name)}", Level.ASYNC_BACKEND
        yield owner.point(self.level, label, 0)
        yield from self._backends(owner, below, 1)

    def _backends(self, owner: _Owner, level: Level, depth: int) -> Iterator[InjectionPoint]:
        """The backends of an endpoint, an agent or a workflow; each followed by its workflow."""
        for index, (pointer, node) in enumerate(_owners(owner, "backend")):
            backend = _Owner.read(pointer, node)
            point = backend.point(level, _backend_label(index, backend, self.host), depth)
            yield point
            if "workflow" in point.other_keys and depth < _MOST_NESTED:
                yield from self._workflow(point)

    def _workflow(self, point: InjectionPoint) -> Iterator[InjectionPoint]:
        member = point.extra_config.value.member("workflow") if point.extra_config else None
        if member is None or member.value.kind != "object":
            return
        owner = _Owner.read(child(point.extra_config_pointer, "workflow"), member.value)
        name = _text(owner.fields.get("endpoint")) or "(no endpoint)"
        yield owner.point(Level.WORKFLOW, f"workflow {visible(name)}", point.depth + 1)
        yield from self._backends(owner, Level.WORKFLOW_BACKEND, point.depth + 2)


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
    owner = _Owner.read("", service.node)
    host = _first_host(owner.fields.get("host"))
    for field_, level in (("endpoints", Level.ENDPOINT), ("async_agent", Level.ASYNC_AGENT)):
        member = owner.fields.get(field_)
        if member is not None:
            yield PointList(level, child("", member.key), member.value, host)


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


def is_hidden(point: InjectionPoint, entry: Entry) -> bool:
    """Whether another entry at the place takes the part of this 1.x one (`plugin/...` wins)."""
    return entry.spelling is Spelling.LEGACY and any(
        other.type is entry.type and other.spelling is Spelling.EXACT and other.is_inside
        for other in point.entries
    )


# Workflows within workflows: deeper ones are nobody's, and the stack has an end.
_MOST_NESTED = 50
_FIELDS = frozenset(
    {"extra_config", "endpoints", "async_agent", "backend", "endpoint", "method", "host", "name"}
    | {"url_pattern", "encoding", "output_encoding", "plugin", "version"}
)


@dataclass(slots=True)
class _Owner:
    """An object with an extra_config, its members of interest read in one pass."""

    pointer: str
    node: JsonNode
    fields: dict[str, Member]
    beside: list[Member]
    is_odd: bool

    @classmethod
    def read(cls, pointer: str, node: JsonNode) -> _Owner:
        fields: dict[str, Member] = {}
        beside: list[Member] = []
        keys: set[str] = set()
        is_odd = False
        for member in node.members():
            is_odd = is_odd or member.key in keys
            keys.add(member.key)
            name = member.key if member.key in _FIELDS else _folded(member.key)
            if name is not None:
                # The exact spelling wins over another case of it, the last over the first.
                held = fields.get(name)
                if member.key == name or held is None or held.key != name:
                    fields[name] = member
                is_odd = is_odd or member.key != name
            elif "plugin" in member.key.casefold():
                beside.append(member)
        return cls(pointer, node, fields, beside, is_odd)

    def point(self, level: Level, label: str, depth: int) -> InjectionPoint:
        entries: list[Entry] = []
        others: list[str] = []
        is_odd = self.is_odd
        extra = self.fields.get("extra_config")
        if extra is not None:
            for pointer, config in _configs(extra, self.pointer):
                members = list(config.members())
                # Of equal keys readers take the last.
                last = {member.key: member for member in members}
                is_odd = is_odd or len(last) != len(members)
                for member in last.values():
                    entry = _entry(member, pointer, level)
                    if entry is None:
                        others.append(member.key)
                    else:
                        entries.append(entry)
        for member in {member.key: member for member in self.beside}.values():
            entry = _entry(member, self.pointer, level, is_inside=False)
            if entry is not None:
                entries.append(entry)
        return InjectionPoint(
            level,
            self.pointer,
            label,
            depth,
            self.node,
            tuple(entries),
            tuple(others),
            extra,
            self.fields,
            is_odd,
        )


def _folded(key: str) -> str | None:
    folded = key.casefold()
    if folded in _FIELDS and same_key(key, folded):
        return folded
    return None


def _owners(owner: _Owner, field: str) -> Iterator[tuple[str, JsonNode]]:
    """The objects of a list field; a single object counts as a list of one."""
    member = owner.fields.get(field)
    if member is None:
        return
    yield from _objects(child(owner.pointer, member.key), member.value)


def _objects(pointer: str, value: JsonNode) -> Iterator[tuple[str, JsonNode]]:
    """A single object counts as a list of one."""
    if value.kind == "object":
        yield pointer, value
        return
    for index, item in enumerate(value.items()):
        if item.kind == "object":
            yield f"{pointer}/{index}", item


def _configs(extra: Member, owner: str) -> Iterator[tuple[str, JsonNode]]:
    """The objects of an extra_config: itself, or those of a list, and of lists in it, merged."""
    left = [(child(owner, extra.key), extra.value)]
    while left:
        pointer, node = left.pop()
        if node.kind == "object":
            yield pointer, node
        elif node.kind == "array":
            items = [(child(pointer, index), item) for index, item in enumerate(node.items())]
            left += reversed(items)


def _entry(member: Member, owner: str, level: Level, *, is_inside: bool = True) -> Entry | None:
    namespace = classify(member.key)
    if namespace is None:
        return None
    type_ = None if namespace.spelling in (Spelling.NEAR, Spelling.UNKNOWN) else namespace.type
    works = (
        is_inside
        and namespace.spelling.is_read
        and namespace.type is not None
        and level in WORKS_AT[namespace.type]
    )
    name = member.value.member("name")
    return Entry(
        key=member.key,
        key_span=member.key_span,
        pointer=child(owner, member.key),
        value=member.value,
        type=type_,
        works_here=works,
        names=_names(name) if name is not None else _listed_names(member.value),
        spelling=namespace.spelling,
        meant=namespace.type,
        name=name,
        is_inside=is_inside,
    )


def _listed_names(entry: JsonNode) -> tuple[tuple[str, Span], ...]:
    """The names of a list `plugins` of objects, the shape of Enterprise 3.0."""
    plugins = entry.member("plugins")
    members = [item.member("name") for item in plugins.value.items()] if plugins else []
    return tuple(name for member in members if member for name in _names(member)[:1])


def _names(name: Member) -> tuple[tuple[str, Span], ...]:
    nodes = [name.value] if name.value.kind == "string" else name.value.items()
    return tuple((text, node.span) for node in nodes if (text := node.string()) is not None)


def _text(member: Member | None) -> str:
    return (member.value.string() or "") if member is not None else ""


def _endpoint_label(owner: _Owner) -> str:
    method = _text(owner.fields.get("method")).upper() or "GET"
    return visible(f"{method} {_text(owner.fields.get('endpoint')) or '(no endpoint)'}")


def _backend_label(index: int, backend: _Owner, service_host: str) -> str:
    where = (
        _first_host(backend.fields.get("host"))
        or service_host
        or _text(backend.fields.get("url_pattern"))
    )
    return visible(f"backend {index}  {where}".rstrip())


def _first_host(member: Member | None) -> str:
    """The first of a host list, or the single host, without its scheme."""
    if member is None:
        return ""
    nodes = [member.value] if member.value.kind == "string" else member.value.items()
    first = next((name for node in nodes if (name := node.string()) is not None), "")
    return first.partition("://")[2] or first
