"""Fixes from path edits and from spans."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from tui.diagnostic import Edit, Fix, Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.namespaces import WORKS_AT
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.rules.base import Context, shown
from tui.krakend.uses import Use
from tui.plugin.facts import PluginType

Step = Callable[[JsonTree], ChangeSet]


def safe(*fixes: Fix) -> tuple[Fix, ...]:
    """The fixes as such that may be applied unseen: one reading, and nothing is lost."""
    return tuple(fix._replace(is_safe=True) for fix in fixes)


def replace_text(title: str, span: Span, value: Any) -> Fix:
    """Put a JSON scalar, or a one-line list of scalars, in the place of what is at `span`."""
    return Fix(title, (Edit(span.start, span.end, json.dumps(value, ensure_ascii=False)),))


def by_edit(
    title: str, edit: Callable[..., ChangeSet], tree: JsonTree, *args: Any
) -> tuple[Fix, ...]:
    """The fix that a path edit makes; nothing when the text does not allow it."""
    return together(title, tree, lambda tree: edit(tree, *args))


def together(title: str, tree: JsonTree, *steps: Step) -> tuple[Fix, ...]:
    """One fix of several path edits in *different* containers, each worked out on `tree`.

    Nothing when the text does not allow it.
    """
    try:
        found = [edit for step in steps for edit in step(tree).edits]
        whole = ChangeSet.of(len(tree.text), found)
    except (EditError, ValueError):
        return ()
    return () if whole.is_empty else (Fix(title, whole.edits),)


def in_turn(title: str, tree: JsonTree, *steps: Step) -> tuple[Fix, ...]:
    """One fix of several path edits, each made on the text that the one before it leaves."""
    whole = ChangeSet(len(tree.text))
    try:
        for step in steps:
            change = step(tree)
            whole = whole.compose(change)
            tree = tree.edited(change, change.apply(tree.text))
    except EditError:
        return ()
    return () if whole.is_empty else (Fix(title, whole.edits),)


def as_other_type(entry: Entry, type_: PluginType) -> tuple[Fix, ...]:
    """The entry under the namespace of another type, its only name written as that takes it."""
    if entry.name is None or len(entry.called) != 1:
        return ()
    name = entry.called[0] if type_ is PluginType.CLIENT else [entry.called[0]]
    key, value = entry.key_span, entry.name.value.span
    renamed = (
        Edit(key.start, key.end, json.dumps(type_.namespace)),
        Edit(value.start, value.end, json.dumps(name, ensure_ascii=False)),
    )
    return (Fix(f"make it {type_.namespace}", renamed),)


def removal(context: Context, entry: Entry) -> tuple[Fix, ...]:
    """Take the entry out."""
    return by_edit(f"remove {shown(entry.key)}", edits.remove, context.tree, entry.pointer)


def fits(point: InjectionPoint, type_: PluginType, besides: Entry | None = None) -> bool:
    """Whether an entry of the type works at the point, where none is read yet but `besides`."""
    is_there = any(
        other.type is type_ and other.is_inside and other.spelling.is_read
        for other in point.entries
        if other is not besides
    )
    return point.level in WORKS_AT[type_] and not is_there


def injection(
    context: Context,
    point: InjectionPoint,
    type_: PluginType,
    name: str,
    settings: JsonNode | None,
    pointer: str,
) -> tuple[Fix, ...]:
    """An entry that injects a plugin, with its settings, in the place of what is at `pointer`;
    nothing where that does not work or another entry is there."""
    is_free = not any(entry.meant is type_ for entry in point.entries)
    if point.level not in WORKS_AT[type_] or not is_free or context.has_listed_shape:
        return ()
    value: dict[str, Any] = {"name": name if type_ is PluginType.CLIENT else [name]}
    if settings is not None:
        value[name] = settings
    target = child(point.extra_config_pointer, type_.namespace)
    return in_turn(
        f"inject it by {type_.namespace}",
        context.tree,
        partial(edits.set_value, pointer=target, value=value),
        partial(edits.remove, pointer=pointer),
    )


def out_of_list(array: JsonNode, item: JsonNode) -> Fix:
    """The object that stands alone in a list, without the list."""
    outer, inner = array.span, item.span
    takes_out = (Edit(outer.start, inner.start, ""), Edit(inner.end, outer.end, ""))
    return Fix("take the object out of the list", takes_out)


def name_after(context: Context, use: Use, name: str, title: str) -> tuple[Fix, ...]:
    """Put a further plugin name behind that of `use` in its list."""
    place = use.pointer.removesuffix("/name") if context.has_listed_shape else use.pointer
    items, _, index = place.rpartition("/")
    value = {"name": name} if context.has_listed_shape else name
    return by_edit(title, edits.insert_item, context.tree, items, int(index) + 1, value)
