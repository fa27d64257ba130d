"""Path edits: the smallest ChangeSet in the file's own style. CONTRACT STUB: to be implemented.

Each takes a JsonTree of *valid* JSON and returns a ChangeSet; `value` is a Python value
that is written in the style of the place (indentation, newline kind, spacing of neighbours).
Each raises EditError (a KrakendTuiError) when the pointer does not exist or the text is broken.
"""

from __future__ import annotations

from typing import Any

from tui.document.change import ChangeSet
from tui.document.tree import JsonTree


def set_value(tree: JsonTree, pointer: str, value: Any) -> ChangeSet:
    """Replace the value at `pointer`; create it, and every missing object above it, if absent.

    Of duplicate keys the last is edited, since readers take the last.
    """
    raise NotImplementedError


def insert_member(
    tree: JsonTree, pointer: str, key: str, value: Any, *, before: str | None = None
) -> ChangeSet:
    """Add `key` to the object at `pointer`: at its end, or before the member `before`."""
    raise NotImplementedError


def insert_item(tree: JsonTree, pointer: str, index: int, value: Any) -> ChangeSet:
    """Insert into the array at `pointer` so that the new item has `index` (0..len)."""
    raise NotImplementedError


def remove(tree: JsonTree, pointer: str) -> ChangeSet:
    """Remove the member or item with the one comma that belongs to it."""
    raise NotImplementedError


def rename(tree: JsonTree, pointer: str, key: str) -> ChangeSet:
    """Give the member at `pointer` another key."""
    raise NotImplementedError


def move_item(tree: JsonTree, pointer: str, index: int) -> ChangeSet:
    """Move the array item at `pointer` so that it has `index` afterwards."""
    raise NotImplementedError
