"""Fixes from path edits and from spans."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui.diagnostic import Edit, Fix, Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.text import line_indent
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, shown
from tui.krakend.uses import Use

Step = Callable[[JsonTree], ChangeSet]


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


@dataclass(frozen=True, slots=True)
class Raw:
    """Stands in a value for a part of the text that is to be carried over as it is written."""

    node: JsonNode


def set_carried(tree: JsonTree, pointer: str, value: Any) -> ChangeSet:
    """set_value with parts (`Raw`) of the text: numbers keep their spelling, objects their layout.

    Their further lines get the indentation of the new place.
    """
    carried: list[JsonNode] = []
    change = edits.set_value(tree, pointer, _marked(value, carried))
    written = []
    for edit in change.edits:
        text = edit.text
        for index, node in enumerate(carried):
            before, mark, after = text.partition(json.dumps(_mark(index)))
            if mark:
                indent = _indent_at(tree.text, edit.start, before)
                text = before + _reindented(tree.text, node, indent) + after
        written.append(Edit(edit.start, edit.end, text))
    return ChangeSet.of(change.length, written)


def _mark(index: int) -> str:
    return f"@@krakend-tui carries {index}@@"


def _marked(value: Any, carried: list[JsonNode]) -> Any:
    if isinstance(value, Raw):
        carried.append(value.node)
        return _mark(len(carried) - 1)
    if isinstance(value, dict):
        return {key: _marked(item, carried) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item, carried) for item in value]
    return value


def _indent_at(text: str, start: int, before: str) -> str:
    """The indentation of the line that a value is written on, behind `before` at `start`."""
    if "\n" not in before:
        return line_indent(text, start)
    line = before.rpartition("\n")[2]
    return line[: len(line) - len(line.lstrip())]


def _reindented(text: str, node: JsonNode, indent: str) -> str:
    old = line_indent(text, node.span.start)
    first, *further = node.text.split("\n")
    return "\n".join(
        [first, *(indent + line[len(old) :] if line.startswith(old) else line for line in further)]
    )


def removal(context: Context, entry: Entry) -> tuple[Fix, ...]:
    """Take the entry out."""
    return by_edit(f"remove {shown(entry.key)}", edits.remove, context.tree, entry.pointer)


def name_after(context: Context, use: Use, name: str, title: str) -> tuple[Fix, ...]:
    """Put a further plugin name behind that of `use` in its list."""
    place = use.pointer.removesuffix("/name") if context.has_listed_shape else use.pointer
    items, _, index = place.rpartition("/")
    value = {"name": name} if context.has_listed_shape else name
    return by_edit(title, edits.insert_item, context.tree, items, int(index) + 1, value)
