"""Fixes from path edits and from spans."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui.diagnostic import Edit, Fix, Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.tree import JsonTree
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, shown
from tui.krakend.uses import Use
from tui.plugin.facts import PluginType

Step = Callable[[JsonTree], ChangeSet]


def safe(*fixes: Fix) -> tuple[Fix, ...]:
    """The fixes as such that may be applied unseen: one reading, and nothing is lost."""
    return tuple(replace(fix, is_safe=True) for fix in fixes)


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
    if entry.name is None or len(entry.names) != 1:
        return ()
    name = entry.names[0][0] if type_ is PluginType.CLIENT else [entry.names[0][0]]
    key, value = entry.key_span, entry.name.value.span
    renamed = (
        Edit(key.start, key.end, json.dumps(type_.namespace)),
        Edit(value.start, value.end, json.dumps(name, ensure_ascii=False)),
    )
    return (Fix(f"make it {type_.namespace}", renamed),)


def removal(context: Context, entry: Entry) -> tuple[Fix, ...]:
    """Take the entry out."""
    return by_edit(f"remove {shown(entry.key)}", edits.remove, context.tree, entry.pointer)


def name_after(context: Context, use: Use, name: str, title: str) -> tuple[Fix, ...]:
    """Put a further plugin name behind that of `use` in its list."""
    place = use.pointer.removesuffix("/name") if context.has_listed_shape else use.pointer
    items, _, index = place.rpartition("/")
    value = {"name": name} if context.has_listed_shape else name
    return by_edit(title, edits.insert_item, context.tree, items, int(index) + 1, value)
