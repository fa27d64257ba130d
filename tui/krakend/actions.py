"""What a user does to plugin entries, as one ChangeSet each: plan here, preview, then apply.

Every function takes the tree of a valid config and returns the change; none applies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tui.diagnostic import Edit, Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.pointer import child, parent
from tui.document.style import Style
from tui.document.tree import JsonTree
from tui.krakend.namespaces import WORKS_AT, Spelling, free_key
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.switched import OFF_NAMES
from tui.krakend.target import Target
from tui.plugin.facts import PluginType
from tui.schema.plugin_schema import MODIFIER_HALVES
from tui.visible import visible

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
        if _works(type_, point, target) and type_.namespace not in present
    )


def copy_targets(
    points: Iterable[InjectionPoint], entry: Entry, target: Target
) -> list[InjectionPoint]:
    """Where the entry can be copied to: wherever its type works but where it is."""
    return [
        point
        for point in points
        if entry.meant is not None
        and _works(entry.meant, point, target)
        and child(point.extra_config_pointer, copied_key(entry)) != entry.pointer
    ]


def _works(type_: PluginType, point: InjectionPoint, target: Target) -> bool:
    return (
        target.has_plugins
        and point.level in WORKS_AT[type_]
        and (target.is_enterprise or not point.level.is_enterprise)
        and (target.has_middleware or type_ is not PluginType.MIDDLEWARE)
    )


def skeleton(type_: PluginType, names: Sequence[str], target: Target) -> dict[str, Any]:
    """A new entry for `names`: the JSON type of `name` that KrakenD reads for `type_`, and an
    empty block of options for each plugin, as the templates have it. Enterprise 3.0 has a list
    of objects instead (krakend-schema v3.0/plugin)."""
    if type_ is PluginType.CLIENT:
        entry: dict[str, Any] = {"name": names[0] if names else ""}
    elif target.minor >= (3, 0):
        return {"plugins": [{"name": name, "config": {}} for name in names]}
    else:
        entry = {"name": list(names)}
    return entry | {_stem(name): {} for name in names}


def _stem(name: str) -> str:
    """A modifier's own name: it registers two, and has one block of options."""
    for half in MODIFIER_HALVES:
        name = name.removesuffix(half)
    return name


def add_entry(
    tree: JsonTree,
    point: InjectionPoint,
    type_: PluginType,
    names: Sequence[str],
    target: Target,
) -> ChangeSet:
    """Add an entry of `type_`; makes the extra_config where there is none."""
    pointer = child(point.extra_config_pointer, type_.namespace)
    return edits.set_value(tree, pointer, skeleton(type_, names, target))


def remove_entry(tree: JsonTree, entry: Entry) -> ChangeSet:
    return edits.remove(tree, entry.pointer)


def switched_key(entry: Entry) -> str:
    """The entry's key when it is switched off by `#` before it, or on again."""
    return free_key(entry.key) if entry.spelling is Spelling.OFF else OFF + entry.key


def switch_entry(tree: JsonTree, entry: Entry) -> ChangeSet:
    """Switch the entry off, or on again. EditError when the key is there already."""
    return edits.rename(tree, entry.pointer, switched_key(entry))


def revert_entry(tree: JsonTree, entry: Entry, saved: JsonTree) -> ChangeSet:
    """The entry as `saved` has it at the same place, spelling and white space included, whether
    it is switched off there or not. EditError when there is none."""
    other = child(parent(entry.pointer)[0], switched_key(entry))
    was = saved.node(entry.pointer)
    changes: list[ChangeSet] = []
    if was is None and (was := saved.node(other)) is not None:
        changes.append(edits.rename(tree, entry.pointer, switched_key(entry)))
    if was is None:
        raise EditError(f"The saved file has no {visible(entry.key)} here", "d removes it")
    here = tree.node(entry.pointer)
    assert here is not None, entry.pointer
    text = saved.text[was.span.start : was.span.end]
    if text != tree.text[here.span.start : here.span.end]:
        edit = Edit(here.span.start, here.span.end, text)
        changes.append(ChangeSet.of(len(tree.text), [edit]))
    if not changes:
        raise EditError(f"{visible(entry.key)} is as it was saved", "")
    return _at_once(tree, changes)


def copied_key(entry: Entry) -> str:
    """The key of a copy: the entry's own, or the one that a misspelt key means."""
    if entry.spelling in (Spelling.EXACT, Spelling.LEGACY, Spelling.OFF) or entry.meant is None:
        return entry.key
    return entry.meant.namespace


def copy_entry(tree: JsonTree, entry: Entry, points: Iterable[InjectionPoint]) -> ChangeSet:
    """Write the entry as it is written to each of `points`, over what is there."""
    key = copied_key(entry)
    pointers = [child(point.extra_config_pointer, key) for point in points]
    return _at_once(tree, (edits.set_value(tree, pointer, entry.value) for pointer in pointers))


def halves_of(stem: str, new: str) -> dict[str, str]:
    """The renaming of a modifier by its stem: both names that it registers and its options."""
    return {stem: new} | {stem + half: new + half for half in MODIFIER_HALVES}


def rename_plugin(
    tree: JsonTree,
    points: Iterable[InjectionPoint],
    type_: PluginType,
    names: Mapping[str, str],
) -> ChangeSet:
    """Give plugins other names (old -> new) in every entry of `type_`, also in those that
    KrakenD ignores, option blocks and switched-off names included.

    `points` are those of exactly this tree. EditError when an entry has options under the new
    name already.
    """
    found: list[Edit] = []
    for point in points:
        for entry in point.entries:
            if entry.meant is type_:
                found += _renamed(entry, names)
    return ChangeSet.of(len(tree.text), found)


def _renamed(entry: Entry, names: Mapping[str, str]) -> Iterator[Edit]:
    off = entry.value.member(OFF_NAMES)
    hidden = [member for member in off.value.members() if member.key in names] if off else []
    listed = [(name, span) for name, span in entry.names if name in names]
    if not hidden and not listed:
        return
    for name, span in listed:
        yield _written(span, names[name])
    for member in hidden:
        yield _written(member.key_span, names[member.key])
    for member in entry.value.members():
        if member.key not in names:
            continue
        new = names[member.key]
        if new != member.key and entry.value.member(new) is not None:
            raise EditError(f"{visible(entry.key)} has options of {visible(new)} already")
        yield _written(member.key_span, new)


def _written(span: Span, text: str) -> Edit:
    return Edit(span.start, span.end, Style.key(text))


def _at_once(tree: JsonTree, changes: Iterable[ChangeSet]) -> ChangeSet:
    """One change of changes that were all planned on `tree` and do not touch each other."""
    return ChangeSet.of(len(tree.text), [edit for change in changes for edit in change.edits])


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
