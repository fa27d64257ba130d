"""What the keys of an object come to, whatever stands behind them.

Endpoints are written alike: what follows from the same keys in the same order is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from tui.document.pointer import escape
from tui.krakend import traits
from tui.krakend.golang import same_key
from tui.krakend.namespaces import (
    OWN_CLIENTS,
    REPLACED_BY_CLIENT,
    WORKS_AT,
    Level,
    Spelling,
    classify,
    is_comment,
    is_component,
)
from tui.plugin.facts import PluginType
from tui.schema.load import load_schema

_FIELDS = frozenset(
    {"extra_config", "endpoints", "async_agent", "backend", "endpoint", "method", "host", "name"}
    | {"url_pattern", "encoding", "output_encoding", "plugin", "version"}
)
# Sequences of keys that are remembered: a config has some dozens.
_REMEMBERED = 512


class OwnerKeys(NamedTuple):
    """The keys of an object that has an extra_config.

    `fields` are the members of interest by the name that KrakenD takes them for: the exact
    spelling wins over another case of it, the last over the first. `extra_config` and `backend`
    are two of them, None where there is none, and `encodings` those that say how a response is
    read. `beside` are keys of what may be a plugin entry beside extra_config. `is_odd` says that
    a key is in another case than KrakenD's, or there twice.
    """

    fields: Mapping[str, str]
    extra_config: str | None
    backend: str | None
    encodings: tuple[str, ...]
    beside: tuple[str, ...]
    is_odd: bool


@lru_cache(maxsize=_REMEMBERED)
def owner_keys(keys: tuple[str, ...]) -> OwnerKeys:
    """What an owner's keys come to; they are in file order, also those that are there twice."""
    fields: dict[str, str] = {}
    beside: list[str] = []
    is_odd = len(set(keys)) != len(keys)
    for key in keys:
        name = key if key in _FIELDS else _folded(key)
        if name is not None:
            held = fields.get(name)
            if key == name or held != name:
                fields[name] = key
            is_odd = is_odd or key != name
        elif "plugin" in key.casefold():
            beside.append(key)
    return OwnerKeys(
        fields,
        fields.get("extra_config"),
        fields.get("backend"),
        tuple(fields[name] for name in ("encoding", "output_encoding") if name in fields),
        tuple(dict.fromkeys(beside)),
        is_odd,
    )


def _folded(key: str) -> str | None:
    folded = key.casefold()
    if folded in _FIELDS and same_key(key, folded):
        return folded
    return None


class EntryKind(NamedTuple):
    """What the key of a plugin entry says at its level; see Entry for what the fields mean.

    `token` is the key as the end of a JSON Pointer, and `takes_list` says which of its two shapes
    the name is to have.
    """

    key: str
    token: str
    type: PluginType | None
    works_here: bool
    spelling: Spelling
    meant: PluginType | None
    is_inside: bool
    takes_list: bool
    traits: int


class ConfigKeys(NamedTuple):
    """The keys of an extra_config: plugin entries, and `others`. So many of the entries begin as
    `namespaces` do."""

    kinds: tuple[EntryKind, ...]
    others: tuple[str, ...]
    namespaces: int
    traits: int


@lru_cache(maxsize=_REMEMBERED)
def config_keys(level: Level, keys: tuple[str, ...], is_inside: bool = True) -> ConfigKeys:
    """What the keys of an extra_config at a level come to, or those of an owner beside it."""
    kinds: list[EntryKind] = []
    others: list[str] = []
    for key in keys:
        kind = _kind(level, key, is_inside)
        if kind is None:
            others.append(key)
        else:
            kinds.append(kind)
    noted = 0
    for key in others if is_inside else ():
        if not is_component(key) and not is_comment(key):
            noted |= traits.STRANGE_KEY
        if key.startswith(OWN_CLIENTS) or key in REPLACED_BY_CLIENT:
            noted |= traits.CLIENT_KEY
    for kind in kinds:
        noted |= kind.traits
    namespaces = sum(kind.key.startswith("plugin") for kind in kinds)
    return ConfigKeys(tuple(kinds), tuple(others), namespaces, noted)


def _kind(level: Level, key: str, is_inside: bool) -> EntryKind | None:
    namespace = classify(key)
    if namespace is None:
        return None
    spelling, meant = namespace.spelling, namespace.type
    type_ = None if spelling in (Spelling.NEAR, Spelling.UNKNOWN) else meant
    works = is_inside and spelling.is_read and meant is not None and level in WORKS_AT[meant]
    noted = traits.ENTRY
    if not works:
        noted |= traits.PASSED_OVER
    if spelling is Spelling.LEGACY:
        noted |= traits.LEGACY
    if type_ is PluginType.MIDDLEWARE:
        noted |= traits.MIDDLEWARE
    return EntryKind(
        key=key,
        token="/" + escape(key),
        type=type_,
        works_here=works,
        spelling=spelling,
        meant=meant,
        is_inside=is_inside,
        takes_list=type_ is not PluginType.CLIENT,
        traits=noted,
    )


@cache
def known_settings(type_: PluginType | None) -> frozenset[str]:
    """The members that our schema of the type says something of, but for `name`."""
    if type_ is None:
        return frozenset()
    return frozenset(load_schema(type_.value)["properties"]) - {"name"}
