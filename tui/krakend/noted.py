"""What is noted of a group of points while it is read: names, and traits for the rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from tui.document.values import Repeated
from tui.krakend import traits
from tui.krakend.keys import EntryKind

_ABSENT = object()
# What may part several names in one text (rules/names.py).
_SEPARATORS = re.compile(r"[\s,;|]")
# How the only namespaces that are looked up begin in a text, and what those of 1.x have.
_NAMESPACE, _LEGACY = '"plugin', "devopsfaith"


def of_entry(kind: EntryKind, value: Any) -> tuple[tuple[str, ...], int]:
    """The plugin names of an entry's value in list order, and its traits."""
    noted = kind.traits
    if not isinstance(value, dict):
        return (), noted | traits.NO_OBJECT
    name = value.get("name", _ABSENT)
    if name is _ABSENT:
        called = _listed(value)
        noted |= traits.NO_NAME
    else:
        called = _names(name)
        is_usual = len(called) == len(name) if type(name) is list else not kind.takes_list
        if not (is_usual and called) or kind.takes_list != (type(name) is list):
            noted |= traits.ODD_NAME
    given = {"name", *called}
    if len(given) <= len(called) or "" in given:
        noted |= traits.ODD_NAME
    if any(map(_has_separator, called)):
        noted |= traits.SEPARATOR
    loose = value.keys() - given
    if loose:
        noted |= traits.LOOSE
        if any(isinstance(value[key], dict) for key in loose):
            noted |= traits.SETTINGS
    if not kind.known.isdisjoint(value):
        noted |= traits.KNOWN_SETTINGS
    if "/" in "".join(value):
        noted |= traits.SLASH
    if "$ref" in value:
        noted |= traits.REFERENCE
    if type(value) is Repeated:
        noted |= traits.ODD_KEYS
    return called, noted


def _names(name: Any) -> tuple[str, ...]:
    if type(name) is list:
        return tuple([item for item in name if type(item) is str])
    return (name,) if type(name) is str else ()


def _listed(entry: dict[str, Any]) -> tuple[str, ...]:
    """The names of a list `plugins` of objects, the shape of Enterprise 3.0."""
    plugins = entry.get("plugins")
    items = plugins if type(plugins) is list else ()
    names = [_names(item.get("name")) for item in items if isinstance(item, dict)]
    return tuple(name for called in names for name in called[:1])


@lru_cache(maxsize=4096)
def _has_separator(name: str) -> bool:
    return _SEPARATORS.search(name) is not None


def has_stray(text: str, namespaces: int) -> bool:
    """Whether a plugin namespace may stand at a place of the text where it is no entry, whose
    keys begin as a namespace does so many times. Escapes can hide one."""
    return (
        text.count(_NAMESPACE) != namespaces or _LEGACY in text or ("\\" in text and "\\u" in text)
    )
