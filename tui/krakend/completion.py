"""What can be written at a place of a valid config: keys and values that its schema names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tui.document import edits
from tui.document import pointer as pointers
from tui.document.change import ChangeSet
from tui.document.node import JsonNode
from tui.document.tree import JsonTree
from tui.krakend.namespaces import classify
from tui.krakend.registry import Registry
from tui.krakend.schema_at import SchemaPlace, schema_at
from tui.plugin.facts import PluginType
from tui.schema.describe import complete, describe, first_value, values
from tui.schema.plugin_schema import PluginSchema
from tui.visible import visible

_LONGEST = 40


class Offer(NamedTuple):
    """`label` is what is written, `detail` says what it is; `change` makes it."""

    label: str
    detail: str
    change: Callable[[], ChangeSet]


def offers(
    tree: JsonTree,
    offset: int,
    schemas: Mapping[str, PluginSchema],
    registry: Registry | None,
) -> list[Offer]:
    """Of the place at `offset`: values where a value is, else the keys that its object lacks.

    In a list of plugin names they are those that the loaded files register. Raises nothing;
    in a broken text there are none.
    """
    pointer, node = tree.place(offset)
    if node is None or tree.has_errors:
        return []
    if node.kind == "object":
        at = tree.node(pointer)
        inside = at is not None and at.span == node.span
        holder = pointer if inside else pointers.parent(pointer)[0]
        return list(_keys(tree, offset, holder, node, schemas))
    if node.kind == "array":
        index = sum(item.span.end <= offset for item in node.items())
        return list(_items(tree, pointer, index, schemas, registry))
    return list(_values(tree, pointer, schemas, registry))


def _keys(
    tree: JsonTree,
    offset: int,
    pointer: str,
    node: JsonNode,
    schemas: Mapping[str, PluginSchema],
) -> Iterator[Offer]:
    place = schema_at(pointer, schemas)
    if place is None:
        return
    members = list(node.members())
    present = {member.key for member in members}
    before = next((m.key for m in members if m.key_span.start >= offset), None)
    for key in complete(place.schema, place.pointer):
        if key in present:
            continue
        below = pointers.child(place.pointer, key)
        found = describe(place.schema, below)
        value = first_value(place.schema, below)
        yield Offer(
            visible(key),
            f"{found.type}  {found.title or found.description}".strip() if found else "",
            _later(edits.insert_member, tree, pointer, key, value, before=before),
        )


def _items(
    tree: JsonTree,
    pointer: str,
    index: int,
    schemas: Mapping[str, PluginSchema],
    registry: Registry | None,
) -> Iterator[Offer]:
    for value, detail in _known(pointers.child(pointer, index), schemas, registry):
        change = _later(edits.insert_item, tree, pointer, index, value)
        yield Offer(_shown(value), detail, change)


def _values(
    tree: JsonTree,
    pointer: str,
    schemas: Mapping[str, PluginSchema],
    registry: Registry | None,
) -> Iterator[Offer]:
    for value, detail in _known(pointer, schemas, registry):
        yield Offer(_shown(value), detail, _later(edits.set_value, tree, pointer, value))


def _known(
    pointer: str, schemas: Mapping[str, PluginSchema], registry: Registry | None
) -> Iterator[tuple[Any, str]]:
    """The values for a place, each with what it is."""
    type_ = _named_type(pointers.split(pointer))
    if type_ is not None and registry is not None:
        for name, files in registry.names(type_).items():
            yield name, ", ".join(files)
        return
    place: SchemaPlace | None = schema_at(pointer, schemas)
    for value in values(place.schema, place.pointer) if place is not None else ():
        yield value, ""


def _named_type(keys: Sequence[str]) -> PluginType | None:
    """The type of plugin whose name stands at a pointer of `keys`, if one does."""
    below = keys[:-1] if keys and pointers.index(keys[-1]) is not None else keys
    namespace = classify(below[-2]) if len(below) > 1 and below[-1] == "name" else None
    return namespace.type if namespace is not None else None


def _later(edit: Callable[..., ChangeSet], *args: Any, **named: Any) -> Callable[[], ChangeSet]:
    return lambda: edit(*args, **named)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
