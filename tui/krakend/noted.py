"""What is noted of a group of points while it is read: names, and traits for the rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from tui.document.values import Repeated
from tui.krakend import traits
from tui.krakend.keys import EntryKind, known_settings
from tui.plugin.facts import PluginType

_ABSENT = object()
# What may part several names in one text (rules/names.py).
_SEPARATORS = re.compile(r"[\s,;|]")
# How the only namespaces that are looked up begin in a text, and what those of 1.x have.
_NAMESPACE, _LEGACY = '"plugin', "devopsfaith"


def of_entry(kind: EntryKind, value: Any) -> tuple[tuple[str, ...], int]:
    """The plugin names of an entry's value in list order, and its traits."""
    if not isinstance(value, dict):
        return (), kind.traits | traits.NO_OBJECT
    name = value.get("name", _ABSENT)
    is_list = type(name) is list
    called = _names(name) if name is not _ABSENT else _listed(value)
    noted, loose = _of_keys(kind.type, tuple(value), called)
    noted |= kind.traits
    if name is not _ABSENT and (
        kind.takes_list != is_list or (is_list and len(called) < len(name))
    ):
        noted |= traits.ODD_NAME
    if loose and any(isinstance(value[key], dict) for key in loose):
        noted |= traits.SETTINGS
    if type(value) is Repeated:
        noted |= traits.ODD_KEYS
    return called, noted


# A plugin is mostly injected in the same words.
@lru_cache(maxsize=4096)
def _of_keys(
    type_: PluginType | None, keys: tuple[str, ...], called: tuple[str, ...]
) -> tuple[int, frozenset[str]]:
    """The traits that follow from the keys of an entry and the names in it, and the keys that are
    neither `name` nor called as one of these."""
    noted = 0
    given = {"name", *called}
    loose = frozenset(keys) - given
    if "name" not in keys:
        noted |= traits.NO_NAME
    elif len(given) <= len(called) or "" in given or not called:
        noted |= traits.ODD_NAME
    if any(_SEPARATORS.search(name) for name in called):
        noted |= traits.SEPARATOR
    if loose:
        noted |= traits.LOOSE
    if not known_settings(type_).isdisjoint(keys):
        noted |= traits.KNOWN_SETTINGS
    if any("/" in key for key in keys):
        noted |= traits.SLASH
    if "$ref" in keys:
        noted |= traits.REFERENCE
    return noted, loose


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


def has_stray(text: str, namespaces: int) -> bool:
    """Whether a plugin namespace may stand at a place of the text where it is no entry, whose
    keys begin as a namespace does so many times. Escapes can hide one."""
    return (
        text.count(_NAMESPACE) != namespaces or _LEGACY in text or ("\\" in text and "\\u" in text)
    )
