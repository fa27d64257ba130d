"""Plugin names that are switched off: kept beside the list, with their place in it.

KrakenD reads `name` alone, and a key that begins with `#` is free text for it and for its lint
(krakend-schema: patternProperties `^[@$_#]`). So `"#name": {"auth": 2}` beside `name` keeps the
name `auth`, which was the second of the list and is again when it is switched on.

Every function that changes takes the tree of a valid config and returns one ChangeSet; `place`
is an index in `all_names`. They raise EditError where the entry has another shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.points import Entry

OFF_NAMES = "#name"


class ListedName(NamedTuple):
    """`pointer` is that of the string, or of the member of `#name` when it is off."""

    name: str
    pointer: str
    is_on: bool


def all_names(entry: Entry) -> list[ListedName]:
    """The names of the entry in list order, those that are switched off in their places."""
    return _all(entry.value, entry.pointer)


def _all(entry: JsonNode, pointer: str) -> list[ListedName]:
    listed = list(_on_names(entry, child(pointer, "name")))
    off = entry.member(OFF_NAMES)
    places = {m.key: m.value.value() for m in off.value.members()} if off is not None else {}
    numbers = {name: place for name, place in places.items() if type(place) is int}
    for name, place in sorted(numbers.items(), key=lambda item: item[1]):
        below = child(child(pointer, OFF_NAMES), name)
        listed.insert(max(place - 1, 0), ListedName(name, below, False))
    return listed


def _on_names(entry: JsonNode, pointer: str) -> list[ListedName]:
    name = entry.member("name")
    if name is None:
        return []
    if name.value.kind == "string":
        return [ListedName(str(name.value.value()), pointer, True)]
    return [
        ListedName(str(item.value()), child(pointer, index), True)
        for index, item in enumerate(name.value.items())
        if item.kind == "string"
    ]


def has_list(entry: Entry) -> bool:
    """Whether single names can be switched; else only the entry as a whole."""
    return entry.name is not None and entry.name.value.kind == "array" and entry.works_here


def switch_name(tree: JsonTree, entry: Entry, place: int) -> ChangeSet:
    """Take a name out of the list and keep it, or put it back where it was."""
    if not has_list(entry):
        raise EditError("`name` is no list here", "x in the tree switches the whole entry off")
    listed = all_names(entry)
    name = listed[place]
    if name.is_on and any(other.name == name.name for other in listed if not other.is_on):
        raise EditError("This name is kept as switched off already", "d removes one of the two")
    after = [*listed]
    after[place] = ListedName(name.name, name.pointer, not name.is_on)
    if name.is_on:
        change = edits.remove(tree, name.pointer)
    else:
        index = _index_for(entry, listed, place)
        change = edits.insert_item(tree, entry.name_pointer, index, name.name)
    return _keep(tree, entry, change, after)


def remove_name(tree: JsonTree, entry: Entry, place: int) -> ChangeSet:
    """Take a name out of the entry, on or off."""
    listed = all_names(entry)
    name = listed.pop(place)
    nothing = ChangeSet.of(len(tree.text), ())
    change = edits.remove(tree, name.pointer) if name.is_on else nothing
    return _keep(tree, entry, change, listed)


def _index_for(entry: Entry, listed: Sequence[ListedName], place: int) -> int:
    """The index in the list `name` at which the name at `place` belongs."""
    assert entry.name is not None
    following = next((name for name in listed[place + 1 :] if name.is_on), None)
    if following is None:
        return sum(1 for _ in entry.name.value.items())
    return int(following.pointer.rpartition("/")[2])


def _keep(
    tree: JsonTree, entry: Entry, change: ChangeSet, listed: Sequence[ListedName]
) -> ChangeSet:
    """`change`, and behind it `#name` made to say which names of `listed` are off, and where."""
    off = {name.name: place for place, name in enumerate(listed, 1) if not name.is_on}
    pointer = child(entry.pointer, OFF_NAMES)
    held = entry.value.member(OFF_NAMES)
    if held is None and not off:
        return change
    if held is not None and held.value.kind != "object":
        raise EditError(f"`{OFF_NAMES}` is not what krakend-tui writes there", "Mend it by hand")
    tree = tree.edited(change, change.apply(tree.text))
    if not off:
        return change.compose(edits.remove(tree, pointer))
    if held is None:
        return change.compose(_insert_behind_name(tree, entry, off))
    for member in held.value.members():
        if member.key not in off:
            step = edits.remove(tree, child(pointer, member.key))
            change, tree = change.compose(step), tree.edited(step, step.apply(tree.text))
    for name, place in off.items():
        step = edits.set_value(tree, child(pointer, name), place)
        change, tree = change.compose(step), tree.edited(step, step.apply(tree.text))
    return change


def _insert_behind_name(tree: JsonTree, entry: Entry, off: dict[str, int]) -> ChangeSet:
    keys = [member.key for member in entry.value.members()]
    behind = keys.index("name") + 1 if "name" in keys else len(keys)
    before = keys[behind] if behind < len(keys) else None
    return edits.insert_member(tree, entry.pointer, OFF_NAMES, off, before=before)
