"""What a user does to plugin entries, as one ChangeSet each: plan here, preview, then apply.

Every function takes the tree of a valid config and returns the change; none applies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.pointer import child, parent
from tui.document.tree import JsonTree
from tui.krakend.namespaces import WORKS_AT
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.switched import OFF_NAMES
from tui.krakend.target import Target
from tui.plugin.facts import PluginType

OFF = "#"
"""A key that begins with it is free text for KrakenD and its lint (krakend-schema:
patternProperties `^[@$_#]`), so that an entry behind it is switched off and kept."""


def legal_types(point: InjectionPoint, target: Target) -> tuple[PluginType, ...]:
    """The types that can be added to `point`: those that the target knows, that work there and
    are not there yet."""
    present = {entry.key for entry in point.entries if entry.is_inside}
    return tuple(
        type_
        for type_ in PluginType
        if point.level in WORKS_AT[type_]
        and type_.namespace not in present
        and (target.is_enterprise or type_ is not PluginType.MIDDLEWARE)
        and (target.is_enterprise or not point.level.is_enterprise)
    )


def skeleton(type_: PluginType, names: Sequence[str] = ()) -> dict[str, Any]:
    """A new entry for `names`: the JSON type of `name` that KrakenD reads for `type_`, and an
    empty block of options for the first name, as the templates have it."""
    first = names[0] if names else ""
    if type_ is PluginType.CLIENT:
        entry: dict[str, Any] = {"name": first}
    else:
        entry = {"name": list(names)}
    stem = first.removesuffix("-request").removesuffix("-response")
    if stem:
        entry[stem] = {}
    return entry


def add_entry(
    tree: JsonTree, point: InjectionPoint, type_: PluginType, names: Sequence[str] = ()
) -> ChangeSet:
    """Add an entry of `type_`; makes the extra_config where there is none."""
    pointer = child(point.extra_config_pointer, type_.namespace)
    return edits.set_value(tree, pointer, skeleton(type_, names))


def remove_entry(tree: JsonTree, entry: Entry) -> ChangeSet:
    return edits.remove(tree, entry.pointer)


def switch_entry(tree: JsonTree, entry: Entry) -> ChangeSet:
    """Switch the entry off by `#` before its key, or on again."""
    key = entry.key[len(OFF) :] if entry.key.startswith(OFF) else OFF + entry.key
    return edits.rename(tree, entry.pointer, key)


def copy_entry(tree: JsonTree, entry: Entry, points: Iterable[InjectionPoint]) -> ChangeSet:
    """Write the entry, under its own key, to each of `points`, over what is there."""
    value = entry.value.value()
    pointers = [child(point.extra_config_pointer, entry.key) for point in points]
    return _each(tree, pointers, lambda now, pointer: edits.set_value(now, pointer, value))


def rename_plugin(
    tree: JsonTree, points: Iterable[InjectionPoint], type_: PluginType, old: str, new: str
) -> ChangeSet:
    """Give the plugin `old` the name `new` in every entry of `type_`, option blocks included."""
    uses = [e for p in points for e in p.entries if e.meant is type_ and e.name is not None]
    names: list[str] = []
    blocks: list[str] = []
    for entry in uses:
        off = entry.value.member(OFF_NAMES)
        if off is not None and off.value.member(old) is not None:
            blocks.append(child(child(entry.pointer, OFF_NAMES), old))
        elif all(name != old for name, _span in entry.names):
            continue
        names.extend(_name_pointers(entry, old))
        if entry.value.member(old) is not None:
            blocks.append(child(entry.pointer, old))
    named = _each(tree, names, lambda now, pointer: edits.set_value(now, pointer, new))
    after = tree.edited(named, named.apply(tree.text))
    return named.compose(_each(after, blocks, lambda now, pointer: edits.rename(now, pointer, new)))


def _name_pointers(entry: Entry, name: str) -> list[str]:
    """Where exactly `name` stands in the entry's `name`, a string or a list."""
    assert entry.name is not None
    pointer = child(entry.pointer, entry.name.key)
    node = entry.name.value
    if node.kind == "string":
        return [pointer] if node.value() == name else []
    return [
        child(pointer, index)
        for index, item in enumerate(node.items())
        if item.kind == "string" and item.value() == name
    ]


def add_names(tree: JsonTree, entry: Entry, names: Sequence[str]) -> ChangeSet:
    """Add `names` to the entry: at the end of its list, or the first as a client's one string."""
    pointer = entry.name_pointer
    held = entry.name.value if entry.name is not None else None
    if entry.meant is PluginType.CLIENT:
        return edits.set_value(tree, pointer, names[0])
    if held is None or held.kind not in ("array", "string"):
        return edits.set_value(tree, pointer, list(names))
    if held.kind == "string":
        return edits.set_value(tree, pointer, [held.value(), *names])
    count = sum(1 for _ in held.items())
    pointers = [child(pointer, count + index) for index in range(len(names))]
    added = dict(zip(pointers, names, strict=True))
    return _each(tree, pointers, lambda now, place: edits.set_value(now, place, added[place]))


def move_name(tree: JsonTree, name_pointer: str, step: int) -> ChangeSet:
    """Move a name by `step` places in its list, as far as the list goes."""
    holder, token = parent(name_pointer)
    node = tree.node(holder)
    last = sum(1 for _ in node.items()) - 1 if node is not None else 0
    return edits.move_item(tree, name_pointer, max(0, min(last, int(token) + step)))


def _each(
    tree: JsonTree, pointers: Iterable[str], edit: Callable[[JsonTree, str], ChangeSet]
) -> ChangeSet:
    """One change for the same edit at many places, each planned on the outcome of the last."""
    whole = ChangeSet.of(len(tree.text), ())
    for pointer in pointers:
        change = edit(tree, pointer)
        whole = whole.compose(change)
        tree = tree.edited(change, change.apply(tree.text))
    return whole
