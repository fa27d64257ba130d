"""Which schema speaks of a place in the config: our own, or that of a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tui.document import pointer as pointers
from tui.krakend.namespaces import classify, is_comment
from tui.schema.load import load_schema
from tui.schema.plugin_schema import PluginSchema, schema_of


class SchemaPlace(NamedTuple):
    """`pointer` inside what `schema` describes; `source` is where a plugin's own schema was
    found, "" for ours."""

    schema: Any
    pointer: str
    source: str = ""


def schema_at(pointer: str, schemas: Mapping[str, PluginSchema]) -> SchemaPlace | None:
    """Of the value at `pointer`; None outside the plugin block and the plugin entries."""
    keys = pointers.split(pointer)
    if keys[:1] == ["plugin"]:
        return SchemaPlace(load_schema("plugin"), pointers.join(keys[1:]))
    for place, key in enumerate(keys):
        namespace = classify(key)
        if namespace is not None and namespace.type is not None:
            own = _of_plugin(keys[place + 1 :], schemas)
            schema = load_schema(namespace.type.value)
            return own or SchemaPlace(schema, pointers.join(keys[place + 1 :]))
    return None


def _of_plugin(keys: list[str], schemas: Mapping[str, PluginSchema]) -> SchemaPlace | None:
    """The plugin's own schema when `keys`, below the entry, lead into its settings."""
    if not keys or keys[0] == "name" or is_comment(keys[0]):
        return None
    found = schema_of(schemas, keys[0])
    if found is None or found.schema is None:
        return None
    return SchemaPlace(found.schema, pointers.join(keys[1:]), found.source)
