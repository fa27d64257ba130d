"""The app's keys as data: read from the bindings, so that help and palette cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode

_NAMES = {
    "escape": "Escape",
    "enter": "Enter",
    "space": "Space",
    "insert": "Insert",
    "delete": "Delete",
    "backspace": "Backspace",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "question_mark": "?",
}


class Command(NamedTuple):
    """`action` is run on `owner`; `keys` are for people to read."""

    title: str
    keys: str
    action: str
    owner: DOMNode


def key_words(keys: str) -> str:
    """`a,insert` as people write it: `a, Insert`."""
    return ", ".join(_word(key.strip()) for key in keys.split(","))


def _word(key: str) -> str:
    if len(key) > 1 and key[0] == "f" and key[1:].isdecimal():
        return key.upper()
    head, plus, last = key.rpartition("+")
    return head + plus + (_NAMES.get(last, last))


def commands_of(owner: DOMNode) -> Iterator[Command]:
    """The commands that `owner` and our classes that it is made from bind and describe; Textual's
    own are left out."""
    seen: set[str] = set()
    for cls in type(owner).__mro__:
        if not cls.__module__.startswith("tui."):
            continue
        for binding in cls.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.description and binding.action not in seen:
                seen.add(binding.action)
                yield Command(binding.description, key_words(binding.key), binding.action, owner)
