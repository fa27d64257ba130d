"""gather: from a config's tree and the options to a Snapshot, by way of storage.

The only place that knows both what KrakenD would look at and how to get it from the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tui.document.tree import JsonTree
from tui.folder import FolderEntry, FolderListing, FolderStatus
from tui.krakend.census import names_of
from tui.krakend.golang import raw_bytes
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.points import injection_points
from tui.krakend.scan import Scan
from tui.krakend.snapshot import Snapshot
from tui.options import Options, folder_of, listing_of
from tui.plugin.facts import PluginFacts
from tui.schema.plugin_schema import SUFFIX, PluginSchema, read_plugin_schema, unusable
from tui.storage.errors import PluginUnreadable
from tui.storage.folder import exists, folders_beside, folders_with, list_folder
from tui.storage.plugin_files import read_plugin
from tui.storage.schema_files import from_home, read_schema, schema_folder

Inspect = Callable[[bytes, frozenset[str]], PluginFacts]
"""A file's bytes and the names to look for in them -> what the file is."""

_REMEMBERED_NAMES = 256


class Unread(NamedTuple):
    """A plugin file still to be read: where it is, and the names to look for in it."""

    folder: str
    entry: FolderEntry
    names: frozenset[str]


class _Known(NamedTuple):
    """What reading a file gave: facts, or why it could not be read."""

    entry: FolderEntry
    names: frozenset[str]
    facts: PluginFacts | None
    problem: str = ""


def krakend_is_here(environ: Mapping[str, str], exists: Callable[[Path], bool] = exists) -> bool:
    """Whether anything of KrakenD is on this machine: /etc/krakend, or a krakend on PATH."""
    folders = environ.get("PATH", "").split(os.pathsep)
    return exists(Path("/etc/krakend")) or any(
        exists(Path(folder, "krakend")) for folder in folders if folder
    )


class Gatherer:
    """Makes Snapshots and remembers what it has read of the plugin files.

    `missing` and `snapshot(read_files=False)` are quick; `read` takes as long as the disk and
    may run in another thread: it only ever adds one finished item to the memory.
    """

    def __init__(self, options: Options, inspect: Inspect | None = None) -> None:
        self.options = options
        self._inspect = inspect
        self._memory: dict[tuple[str, bytes], _Known] = {}
        self._krakend_here = krakend_is_here(os.environ)
        self._environ = {k: v for k, v in os.environ.items() if k.startswith("KRAKEND_")}
        self._schema_folder = schema_folder(os.environ)
        self._schemas: dict[tuple[str, FolderEntry], PluginSchema] = {}

    def snapshot(
        self,
        tree: JsonTree,
        *,
        listing: FolderListing | None = None,
        names: frozenset[str] | None = None,
        read_files: bool = True,
        config_folder: str | None = None,
    ) -> Snapshot:
        """Everything that the findings about `tree` depend on.

        `config_folder` is the absolute path of the folder that the config is in. `listing`: the
        plugin folder as listed before, if the caller has it; `names`: the configured names, if
        the caller knows the injection points. Without `read_files` the facts are those read so
        far, and `reading` says whether some are missing (see `missing`); `unsearched` are the names
        that some of the others have not been searched for.
        """
        if listing is None:
            listing = listing_of(folder_of(tree, self.options, config_folder))
        loaded = _loaded(tree, listing)
        wanted = _wanted(tree, loaded, names)
        if read_files:
            for entry in self._unread(listing, loaded, wanted):
                self.read(Unread(listing.path, entry, wanted))
        known = {entry.name: self._known(listing.path, entry) for entry in loaded}
        return Snapshot(
            tree=tree,
            target=self.options.target,
            listing=listing,
            plugins={name: k.facts for name, k in known.items() if k and k.facts},
            unreadable={name: k.problem for name, k in known.items() if k and not k.facts},
            reading=not all(known.values()),
            unsearched=frozenset[str]().union(*(wanted - k.names for k in known.values() if k)),
            krakend_here=self._krakend_here,
            environ=self._environ,
            config_folder=config_folder,
            schemas=self._plugin_schemas(listing),
            near_folders=() if loaded else _near_folders(tree, listing),
            libc=self.options.libc,
            is_overridden=self.options.plugins_override is not None,
        )

    def _plugin_schemas(self, plugins: FolderListing) -> Mapping[str, PluginSchema]:
        """The plugins' own schemas by plugin name; one beside the plugins wins over the user's."""
        own = str(self._schema_folder)
        places = [(list_folder(own), from_home(own)), (plugins, "the plugin folder")]
        found: dict[str, PluginSchema] = {}
        for listing, place in places:
            for entry in listing.entries:
                file = os.fsdecode(entry.name)
                if file.endswith(SUFFIX) and entry.is_regular:
                    schema = self._schema(listing.path, entry, file, place)
                    found[file.removesuffix(SUFFIX)] = schema
        return found

    def _schema(self, folder: str, entry: FolderEntry, file: str, place: str) -> PluginSchema:
        """The schema in a file, read once for as long as the file is the same."""
        key = (folder, entry)
        if key not in self._schemas:
            try:
                schema = read_plugin_schema(read_schema(folder, entry), file, place)
            except PluginUnreadable as error:
                schema = unusable(f"cannot be read: {error.message}", file, place)
            self._schemas[key] = schema
        return self._schemas[key]

    def missing(
        self, snapshot: Snapshot, *, names: frozenset[str] | None = None
    ) -> tuple[Unread, ...]:
        """The files that the pattern loads and that are to be read still."""
        listing = snapshot.listing
        loaded = _loaded(snapshot.tree, listing)
        wanted = _wanted(snapshot.tree, loaded, names)
        unread = self._unread(listing, loaded, wanted)
        return tuple(Unread(listing.path, entry, wanted) for entry in unread)

    def facts(self, folder: str, entry: FolderEntry) -> PluginFacts | str:
        """What one file is, read now if need be; else in words why it cannot be read."""
        if self._known(folder, entry) is None:
            self.read(Unread(folder, entry, frozenset()))
        known = self._known(folder, entry)
        assert known is not None
        return known.problem if known.facts is None else known.facts

    def read(self, unread: Unread) -> None:
        """Read one file and remember what it is, or why it cannot be read. Of one that is known
        but for some names, only these are looked for."""
        entry, names = unread.entry, unread.names
        before = self._known(unread.folder, entry)
        kept = frozenset[str]()
        if before is not None and len(before.names) < _REMEMBERED_NAMES:
            kept = before.names
        try:
            data = read_plugin(unread.folder, entry)
        except PluginUnreadable as error:
            known = _Known(entry, names | kept, None, error.message)
        else:
            facts = before.facts if before is not None else None
            if facts is None:
                facts = self._facts(data, names | kept)
            else:
                found = self._found(data, names - kept)
                facts = facts._replace(literals=facts.literals & kept | found)
            known = _Known(entry, names | kept, facts)
        self._memory[unread.folder, entry.name] = known

    def _known(self, folder: str, entry: FolderEntry) -> _Known | None:
        """What is remembered of exactly this file: same size, time and inode."""
        known = self._memory.get((folder, entry.name))
        return known if known is not None and known.entry == entry else None

    def _facts(self, data: bytes, names: frozenset[str]) -> PluginFacts:
        if self._inspect is None:
            from tui.plugin.inspect import inspect_plugin

            return inspect_plugin(data, names)
        return self._inspect(data, names)

    def _found(self, data: bytes, names: frozenset[str]) -> frozenset[str]:
        if self._inspect is None:
            from tui.plugin.inspect import literals_in

            return literals_in(data, names)
        return self._inspect(data, names).literals

    def _unread(
        self, listing: FolderListing, loaded: Iterable[FolderEntry], names: frozenset[str]
    ) -> Iterator[FolderEntry]:
        for entry in loaded:
            known = self._known(listing.path, entry)
            if known is None or not names <= known.names:
                yield entry


def _loaded(tree: JsonTree, listing: FolderListing) -> list[FolderEntry]:
    """The files that KrakenD opens and that can be read: no FIFO, no dangling link."""
    pattern = read_plugin_block(tree).pattern_text
    if pattern is None:
        return []
    return [entry for entry in Scan(listing, pattern).loaded_entries() if entry.is_regular]


def _near_folders(tree: JsonTree, listing: FolderListing) -> tuple[str, ...]:
    """Where the plugins may be, when the folder is not there or nothing in it loads."""
    pattern = read_plugin_block(tree).pattern_text
    if not listing.path or pattern is None:
        return ()
    if listing.status is FolderStatus.ABSENT:
        return folders_beside(listing.path)
    return folders_with(listing, raw_bytes(pattern))


def _wanted(
    tree: JsonTree, loaded: list[FolderEntry], names: frozenset[str] | None
) -> frozenset[str]:
    """The names to look for; without a file to look in, the config is not searched for them."""
    if names is not None:
        return names
    return names_of(injection_points(tree)) if loaded else frozenset()
