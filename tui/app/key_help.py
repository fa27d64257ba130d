"""Help for the key under the cursor, from its schema: words and values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.document import pointer as pointers
from tui.krakend.schema_at import schema_at
from tui.schema.plugin_schema import PluginSchema
from tui.visible import visible


class KeyHelp(NamedTuple):
    """`key` is what the help is about, `type` says what belongs there and its default, `words`
    the description, `example` is JSON text or "", `source` the plugin's own schema that all
    this is from, or "". Safe to show."""

    key: str
    type: str = ""
    title: str = ""
    words: str = ""
    example: str = ""
    source: str = ""


def key_help(pointer: str, schemas: Mapping[str, PluginSchema]) -> KeyHelp | None:
    """Of the value at `pointer` in the config; None where no schema says anything."""
    place = schema_at(pointer, schemas)
    if place is None:
        return None
    from tui.schema.describe import describe

    found = describe(place.schema, place.pointer)
    says = found is not None and bool(found.title or found.description)
    if not says and pointers.index(pointer.rpartition("/")[2]) is not None:
        # Of an item that nothing is said about, its list may say it.
        pointer = pointers.parent(pointer)[0]
        return key_help(pointer, schemas)
    key = _label(pointer)
    if found is None:
        return KeyHelp(key, source=place.source) if place.source else None
    default = f" = {found.default}" if found.default is not None else ""
    return KeyHelp(
        key,
        found.type + default,
        found.title,
        found.description,
        found.example or "",
        place.source,
    )


def _label(pointer: str) -> str:
    """The last key; of an item its list's and its number: `name[1]`."""
    tokens = pointers.split(pointer)
    if len(tokens) > 1 and pointers.index(tokens[-1]) is not None:
        return visible(f"{tokens[-2]}[{tokens[-1]}]")
    return visible(tokens[-1]) if tokens else ""
