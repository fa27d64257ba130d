"""The extra_config keys that inject plugins, where each works, and what is only like one.

Sources: lura transport/http/server/plugin, transport/http/client/plugin and proxy/plugin for
the names that are looked up; krakend-ce cmd/krakend-ce/main.go for the aliases; krakend-schema
v2.13/*_extra_config.json for the keys of other components.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from tui.krakend.distance import edit_distance
from tui.plugin.facts import PluginType


class Level(Enum):
    """A kind of place whose extra_config KrakenD reads; the value is the word for people."""

    SERVICE = "service"
    ENDPOINT = "endpoint"
    BACKEND = "backend"
    ASYNC_AGENT = "async_agent"
    ASYNC_BACKEND = "async_agent backend"
    WORKFLOW = "workflow"
    WORKFLOW_BACKEND = "workflow backend"

    # As that of PluginType: what is known of keys is looked up by their level.
    __hash__ = object.__hash__

    @property
    def is_enterprise(self) -> bool:
        """Whether it is in a backend's `workflow`, which the Enterprise Edition has since 2.7
        (krakend-schema v2.7 workflow.json)."""
        return self in (Level.WORKFLOW, Level.WORKFLOW_BACKEND)


WORKS_AT: dict[PluginType, tuple[Level, ...]] = {
    PluginType.SERVER: (Level.SERVICE,),
    PluginType.CLIENT: (Level.BACKEND, Level.ASYNC_BACKEND, Level.WORKFLOW_BACKEND),
    PluginType.MODIFIER: (
        Level.ENDPOINT,
        Level.BACKEND,
        Level.ASYNC_AGENT,
        Level.ASYNC_BACKEND,
        Level.WORKFLOW,
        Level.WORKFLOW_BACKEND,
    ),
    PluginType.MIDDLEWARE: (
        Level.ENDPOINT,
        Level.BACKEND,
        Level.ASYNC_AGENT,
        Level.ASYNC_BACKEND,
        Level.WORKFLOW_BACKEND,
    ),
}
"""Where KrakenD 2.x looks each namespace up."""

LEGACY: dict[str, PluginType] = {
    "github_com/devopsfaith/krakend/transport/http/server/handler": PluginType.SERVER,
    "github.com/devopsfaith/krakend/transport/http/client/executor": PluginType.CLIENT,
    "github.com/devopsfaith/krakend/proxy/plugin": PluginType.MODIFIER,
}
"""KrakenD 1.x names. They are what lura itself looks up, so they still work."""


class Spelling(Enum):
    """How an extra_config key names a plugin namespace.

    EXACT and LEGACY are what KrakenD looks up. LEGACY_MIXED is a 1.x name with dot and
    underscore mixed up, NEAR a slip of the pen, UNKNOWN another `plugin/...`. OFF is a
    namespace behind one of the characters that make a key free text.
    """

    EXACT = "exact"
    LEGACY = "legacy"
    LEGACY_MIXED = "legacy-mixed"
    OFF = "off"
    NEAR = "near"
    UNKNOWN = "unknown"

    @property
    def is_read(self) -> bool:
        """Whether KrakenD looks such a key up."""
        return self in (Spelling.EXACT, Spelling.LEGACY)


class Namespace(NamedTuple):
    """What a key means: `type` is the plugin type (of a near miss: the one most likely meant,
    None where none is likelier)."""

    spelling: Spelling
    type: PluginType | None


_EXACT = {type_.namespace: type_ for type_ in PluginType}

# Keys of other components that look a little like a plugin namespace.
_OTHERS = frozenset(
    {
        "backend/http",
        "backend/http/client",
        "backend/static-filesystem",
        "modifier/response-body",
        "modifier/response-headers",
        "qos/http-cache",
        "security/http",
        "server/static-filesystem",
        "server/virtualhost",
    }
)

_MIXED_STEMS = {re.sub(r"[._]", "", name): type_ for name, type_ in LEGACY.items()}

# The words of a key that say which type is meant, most telling first.
_HINTS = (
    (re.compile(r"middleware"), PluginType.MIDDLEWARE),
    (re.compile(r"modif|req.*resp"), PluginType.MODIFIER),
    (re.compile(r"client|executor"), PluginType.CLIENT),
    (re.compile(r"server|handler"), PluginType.SERVER),
)

_PACKAGES = {
    "http/server": PluginType.SERVER,
    "http/client": PluginType.CLIENT,
    "proxy": PluginType.MODIFIER,
}
# The packages of lura that look the names up, as the documentation of Go has them.
_PACKAGE = re.compile(r"/(http/server|http/client|proxy)/(?:plugin|handler|executor)s?$")

# Other components (krakend-schema v2.13: the keys of every extra_config).
_COMPONENT = re.compile(
    r"(?!.*(?:plugin|http-client|http-server|req-resp))(?:ai|auth|async|backend|documentation|governance|modifier|qos|security|server"
    r"|telemetry|validation)/|(?:grpc|proxy|router|websocket|workflow)$"
)
# Their clients are made without the HTTP client factory (krakend-ce backend_factory.go).
OWN_CLIENTS = (
    *("backend/amqp/", "backend/pubsub/", "backend/lambda"),
    # Their names of 1.x (krakend-ce cmd/krakend-ce/main.go).
    *("github.com/devopsfaith/krakend-amqp/", "github.com/devopsfaith/krakend-pubsub/"),
    "github.com/devopsfaith/krakend-lambda",
)
"""How the keys of backends that are no HTTP begin."""
REPLACED_BY_CLIENT = (
    *("auth/client-credentials", "github.com/devopsfaith/krakend-oauth2-clientcredentials"),
    *("qos/http-cache", "github.com/devopsfaith/krakend-httpcache"),
)
"""The keys of what works inside KrakenD's own HTTP client."""

_FREE = ("#", "@", "$", "_", "//")
_PLUGIN_WORD = re.compile(r"(?:krakend[-_./:]?)?plug(?:in|gin|ing|n|i)s?[-_./:\\ ]+", re.IGNORECASE)


def is_comment(key: str) -> bool:
    """Whether a key begins as those do that are free text: notes, and what is switched off.

    KrakenD's lint takes any key with the first four (krakend-schema: `^[@$_#]`).
    """
    return key.startswith(_FREE)


def is_component(key: str) -> bool:
    """Whether an extra_config key is called as those of other components are."""
    return _COMPONENT.match(key) is not None


def free_key(key: str) -> str:
    """The key behind the characters that make one free text."""
    return key.lstrip("#@$_/ ")


@lru_cache(maxsize=4096)
def classify(key: str) -> Namespace | None:
    """What an extra_config key means as a plugin namespace; None when it is none at all."""
    if key in _EXACT:
        return Namespace(Spelling.EXACT, _EXACT[key])
    if key in LEGACY:
        return Namespace(Spelling.LEGACY, LEGACY[key])
    if key in _OTHERS or not key:
        return None
    if is_comment(key):
        inner = classify(free_key(key))
        if inner is None or inner.type is None:
            return None
        return Namespace(Spelling.OFF, inner.type)
    return _near(key)


def _near(key: str) -> Namespace | None:
    folded = key.strip().casefold()
    mixed = _MIXED_STEMS.get(re.sub(r"[._]", "", folded))
    if mixed is not None:
        return Namespace(Spelling.LEGACY_MIXED, mixed)
    if "/devopsfaith/krakend" in folded or "/luraproject/lura" in folded:
        return _legacy_like(folded)
    prefix = _PLUGIN_WORD.match(folded)
    if prefix:
        type_ = _meant(folded[prefix.end() :])
        return Namespace(Spelling.NEAR if type_ else Spelling.UNKNOWN, type_)
    type_ = _closest(folded)
    return Namespace(Spelling.NEAR, type_) if type_ else None


def _legacy_like(folded: str) -> Namespace | None:
    """A 1.x key that is not one of the three: a slip of one, or the Go package of its plugins."""
    package = _PACKAGE.search(folded)
    if package is not None:
        return Namespace(Spelling.LEGACY_MIXED, _PACKAGES[package[1]])
    for name, type_ in LEGACY.items():
        if edit_distance(folded, name, 3) <= 3:
            return Namespace(Spelling.LEGACY_MIXED, type_)
    return None


def _meant(rest: str) -> PluginType | None:
    """Which type a key means whose beginning is `plugin/` or like it."""
    return _closest(f"plugin/{rest}") or next(
        (type_ for word, type_ in _HINTS if word.search(rest)), None
    )


def _closest(folded: str) -> PluginType | None:
    """The type whose namespace, or whose namespace without `plugin/`, is at most two slips off."""
    word = re.sub(r"[-_. ]+", "-", folded)
    best: tuple[int, PluginType] | None = None
    for type_ in PluginType:
        for name, limit in ((type_.namespace, 3), (type_.value, 1)):
            distance = edit_distance(word, name, limit)
            if distance <= limit and (best is None or distance < best[0]):
                best = (distance, type_)
    return best[1] if best else None
