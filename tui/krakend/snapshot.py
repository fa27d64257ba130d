"""Everything that the findings about a config depend on, as values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.krakend.target import Target
from tui.plugin.facts import PluginFacts
from tui.schema.plugin_schema import PluginSchema

if TYPE_CHECKING:
    from tui.schema.official import OfficialSchema


class Snapshot(NamedTuple):
    """Everything that the findings depend on, as values.

    `plugins` maps the name of a folder entry to the facts of its bytes; an entry that is not
    in it has not been read (yet, or because it is no regular file, or could not be read:
    then `unreadable` has the reason). While `reading` is True the names are unchecked; `unsearched`
    are single names that the files have not been searched for.
    `krakend_here` is False when nothing of KrakenD is on this machine. `environ` are the
    KRAKEND_* variables of this process. `config_folder` is the absolute path of the folder that
    the config is in, None when it comes from elsewhere. `schemas` has the plugins' own schemas by
    plugin name. `official` is KrakenD's own schema, when it is to be applied. `libc` is the
    target's C library, "glibc" or "musl", where its release alone does not tell. `near_folders`
    are the names of folders that may be meant: those beside the one that is not there, or those
    in it that hold what the pattern takes, when nothing in it loads. `is_overridden` says that the
    listing is of another folder than the config's: the command line named it.
    """

    tree: JsonTree
    target: Target
    listing: FolderListing
    plugins: Mapping[bytes, PluginFacts] = MappingProxyType({})
    unreadable: Mapping[bytes, str] = MappingProxyType({})
    reading: bool = False
    unsearched: frozenset[str] = frozenset()
    krakend_here: bool = True
    environ: Mapping[str, str] = MappingProxyType({})
    config_folder: str | None = None
    schemas: Mapping[str, PluginSchema] = MappingProxyType({})
    official: OfficialSchema | None = None
    near_folders: tuple[str, ...] = ()
    libc: str | None = None
    is_overridden: bool = False
