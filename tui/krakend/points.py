"""Every injection point of a config and what is there. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tui.diagnostic import Span
from tui.document.tree import JsonNode, JsonTree
from tui.plugin.facts import PluginType


class Level(Enum):
    SERVICE = "service"
    ENDPOINT = "endpoint"
    BACKEND = "backend"
    ASYNC_AGENT = "async_agent"
    ASYNC_BACKEND = "async_agent backend"


@dataclass(frozen=True, slots=True)
class Entry:
    """A plugin entry of an extra_config: legal, misplaced, misspelt, switched off or legacy.

    `type` is None when the key is only a near miss of a plugin namespace. `works_here` is
    False where KrakenD ignores it (wrong level, misspelt key, switched off as `#plugin/...`).
    `names` are the plugin names in list order with the span of each string in the text.
    """

    key: str
    key_span: Span
    pointer: str
    value: JsonNode
    type: PluginType | None
    works_here: bool
    names: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True)
class InjectionPoint:
    """A place whose extra_config KrakenD reads. `pointer` is that of its owner ("" = service).

    `label` is for people: `service`, `GET /v1/orders/{id}`, `backend 0  orders:8081`.
    `depth` is 0 for the service, endpoints and agents, 1 for backends. `other_keys` are the
    extra_config keys that are no plugin entries.
    """

    level: Level
    pointer: str
    label: str
    depth: int
    owner: JsonNode
    entries: tuple[Entry, ...]
    other_keys: tuple[str, ...] = ()

    @property
    def extra_config_pointer(self) -> str:
        raise NotImplementedError


def injection_points(tree: JsonTree) -> tuple[InjectionPoint, ...]:
    """In the order of the file's meaning: service, then endpoints with backends, then agents."""
    raise NotImplementedError
