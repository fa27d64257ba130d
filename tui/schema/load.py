"""The JSON Schemas in schemas/, read once, and the registry that never leaves this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from tui.resources import read_resource

if TYPE_CHECKING:
    from referencing.jsonschema import SchemaRegistry


@cache
def load_schema(name: str) -> Mapping[str, Any]:
    """The schema of schemas/`name`.json, with or without that suffix; shared, so do not change it.

    Raises FileNotFoundError for a name that is not in the package.
    """
    loaded: dict[str, Any] = json.loads(read_resource(f"{name.removesuffix('.json')}.json"))
    return loaded


@cache
def local_registry() -> SchemaRegistry:
    """No document at all; jsonschema adds the metaschemas that ship with it.

    A `$ref` to any other document is Unresolvable: nothing is read from the network or the
    disk on behalf of a schema.
    """
    from referencing import Registry
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import EMPTY_REGISTRY

    def refuse(uri: str) -> Any:
        raise NoSuchResource(ref=uri)  # type: ignore[call-arg]

    registry: SchemaRegistry = EMPTY_REGISTRY.combine(Registry(retrieve=refuse))  # type: ignore[call-arg]
    return registry
