"""Which plugin names the loaded files register, and what can be said of a configured name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from tui.folder import EntryKind, FolderEntry
from tui.krakend.distance import nearest
from tui.krakend.prediction import ALREADY_LOADED, Prediction
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType, Registerer


class LoadedFile(NamedTuple):
    """A file that the pattern takes, in load order. `facts` is None when it was not read.

    `already_loaded` is the earlier file with the same plugin path: Go refuses the second, or it
    is a symlink to the first and registers the same once more.
    `refused` are KrakenD's words when it is sure that it does not load the file, else empty.
    """

    name: str
    facts: PluginFacts | None
    already_loaded: str | None = None
    refused: str = ""

    def registers(self, type_: PluginType) -> bool:
        """Whether it exports the registerer of `type_`, under whatever name."""
        return any(registerer.type is type_ for registerer in self._registerers)

    def is_silent(self, type_: PluginType) -> bool:
        """Whether it may register names for `type_` that cannot be read from its bytes."""
        return self.facts is None or any(
            registerer.type is type_ and registerer.name is None for registerer in self._registerers
        )

    def names(self, type_: PluginType) -> Iterable[str]:
        """The names that can be read, for `type_`."""
        return (r.name for r in self._registerers if r.type is type_ and r.name is not None)

    def certainty(self, type_: PluginType, name: str) -> Certainty:
        """How sure it is that it registers `name` for `type_`."""
        sure = {r.name: r.certainty for r in self._registerers if r.type is type_}
        return sure.get(name, Certainty.STRING_PRESENT)

    def stems(self) -> Iterable[str]:
        """The modifier stems: registered as `x-request` and `x-response`, never as `x`."""
        return (r.stem for r in self._registerers if r.stem is not None)

    def holds(self, type_: PluginType, name: str) -> bool:
        """Whether it registers for `type_` and the bytes of `name` occur in it."""
        return self.facts is not None and name in self.facts.literals and self.registers(type_)

    def would_register(self, type_: PluginType, name: str) -> bool:
        """Whether `name` is one of those that it registers, if only it were loaded."""
        return self.facts is not None and any(
            found.type is type_ and found.name == name for found in self.facts.registerers
        )

    @property
    def machine(self) -> str | None:
        """What it was built for, None when it was not read."""
        return self.facts.machine if self.facts is not None else None

    @property
    def is_idle(self) -> bool:
        """Whether it is sure that it registers nothing."""
        return self.facts is not None and not self._registerers

    @property
    def _registerers(self) -> tuple[Registerer, ...]:
        if self.facts is None or self.already_loaded is not None or self.refused:
            return ()
        return self.facts.registerers


_NOTHING = PluginFacts(FileKind.DATA)
# The variables that lura looks up in a plugin: their value is the name, not their own name.
_VARIABLES = frozenset(
    {"ClientRegisterer", "HandlerRegisterer", "ModifierRegisterer", "MiddlewareRegisterer"}
)


class Standing(Enum):
    """What is known of a configured name. PENDING: a file has not been searched for it yet."""

    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    UNSEEN = "unseen"
    UNCHECKED = "unchecked"
    PENDING = "pending"


class Verdict(NamedTuple):
    """`standing` of a name for a type, with what a message needs.

    `files` are those that register it (REGISTERED), hold its bytes (UNSEEN) or cannot be read
    (UNCHECKED). `near` is a registered name that was likely meant, by `near_file`.
    `near_is_file` says that the name is the file's own. `stem_of` are the two halves of a
    modifier whose stem was given. `other_type` is the type that a file registers it for.
    `refused` are KrakenD's words about `near_file`, the only one that would register it.
    `certainty` is how sure it is that the last of `files` registers it (REGISTERED).
    """

    standing: Standing
    files: tuple[str, ...] = ()
    near: str | None = None
    near_file: str = ""
    near_is_file: bool = False
    stem_of: tuple[str, ...] = ()
    other_type: PluginType | None = None
    certainty: Certainty = Certainty.UNKNOWN
    refused: str = ""

    @property
    def is_slip(self) -> bool:
        """Whether the name is explained as another one, written wrongly or in a wrong place."""
        return bool(self.near or self.stem_of or self.other_type or self.refused)


class Registry:
    """The names of all files that load, by type. Built once a snapshot; verdicts are kept."""

    def __init__(
        self, files: Sequence[LoadedFile], unsearched: frozenset[str] = frozenset()
    ) -> None:
        """`unsearched` are names that the bytes of some file have not been searched for."""
        self.files = tuple(files)
        self._unsearched = unsearched
        self._names: dict[PluginType, dict[str, list[str]]] = {type_: {} for type_ in PluginType}
        for file in self.files:
            for type_, names in self._names.items():
                for name in file.names(type_):
                    names.setdefault(name, []).append(file.name)
        self._verdicts: dict[tuple[PluginType, str], Verdict] = {}

    def names(self, type_: PluginType) -> Mapping[str, Sequence[str]]:
        """Registered name -> the files that register it, in load order."""
        return self._names[type_]

    @cached_property
    def all_names(self) -> frozenset[str]:
        """The registered names of all types."""
        return frozenset(name for names in self._names.values() for name in names)

    @cached_property
    def by_file(self) -> Mapping[str, Sequence[tuple[PluginType, str, str]]]:
        """The names that each file registers, by their type; with them the later file whose plugin
        of that name runs instead, "" when its own does."""
        found: dict[str, list[tuple[PluginType, str, str]]] = {}
        for type_, names in self._names.items():
            for name, files in names.items():
                for file in dict.fromkeys(files):
                    instead = "" if file == files[-1] else files[-1]
                    found.setdefault(file, []).append((type_, name, instead))
        return found

    @cached_property
    def readable(self) -> Mapping[str, frozenset[str]]:
        """The names of each file that registers some, where all can be read."""
        found: dict[str, frozenset[str]] = {}
        for file in self.files:
            names = frozenset(name for type_ in PluginType for name in file.names(type_))
            if names and not any(map(file.is_silent, PluginType)):
                found[file.name] = names
        return found

    def has_any(self, type_: PluginType) -> bool:
        """Whether some loaded file registers for `type_` at all."""
        return any(file.registers(type_) for file in self.files)

    def verdict(self, type_: PluginType, name: str) -> Verdict:
        """What KrakenD will find under `name`."""
        key = (type_, name)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(type_, name)
        return self._verdicts[key]

    def _judge(self, type_: PluginType, name: str) -> Verdict:
        names = self._names[type_]
        if name in names:
            last = next(file for file in reversed(self.files) if file.name == names[name][-1])
            certainty = last.certainty(type_, name)
            return Verdict(Standing.REGISTERED, tuple(names[name]), certainty=certainty)
        if name in self._unsearched:
            return Verdict(Standing.PENDING)
        holders = [file for file in self.files if file.holds(type_, name)]
        unknown_holders = tuple(file.name for file in holders if file.is_silent(type_))
        if unknown_holders:
            certainty = Certainty.STRING_PRESENT
            return Verdict(Standing.REGISTERED, unknown_holders, certainty=certainty)
        guess = self._guess(type_, name)
        silent = tuple(file.name for file in self.files if file.is_silent(type_))
        if silent:
            return guess._replace(standing=Standing.UNCHECKED, files=silent)
        if guess.is_slip:
            return guess
        if holders:
            return Verdict(Standing.UNSEEN, tuple(file.name for file in holders))
        fewer = _only([other for other in names if _is_among(other, name)])
        return guess if fewer is None else guess._replace(near=fewer, near_file=names[fewer][-1])

    def _guess(self, type_: PluginType, name: str) -> Verdict:
        """UNREGISTERED, with what was likely meant."""
        names = self._names[type_]
        guess = Verdict(Standing.UNREGISTERED)
        for file in self.files:
            refused = file.refused or (ALREADY_LOADED if file.already_loaded else "")
            if refused and file.would_register(type_, name):
                return guess._replace(near_file=file.name, refused=refused)
        for file in self.files:
            if type_ is PluginType.MODIFIER and name in file.stems():
                halves = tuple(half for half in file.names(type_) if half.startswith(name))
                return guess._replace(stem_of=halves, near_file=file.name)
        path_less = name.rpartition("/")[2]
        if path_less != name and path_less in names:
            return guess._replace(near=path_less, near_file=names[path_less][-1])
        for file in self.files:
            own = sorted(file.names(type_))
            if own and path_less in (file.name, file.name.removesuffix(".so")):
                return guess._replace(near=own[0], near_file=file.name, near_is_file=True)
        near = nearest(name, names) or _other_half(type_, name, names)
        # Its bytes occur in the file then, but as a part of the name that is registered.
        near = near or _only([other for other in names if _is_among(name, other)])
        if near is None and name in _VARIABLES and len(names) == 1:
            near = next(iter(names))
        if near is not None:
            return guess._replace(near=near, near_file=names[near][-1])
        for other, other_names in self._names.items():
            if other is not type_ and name in other_names:
                return guess._replace(other_type=other, near_file=other_names[name][-1])
        return guess


_PARTED = re.compile(r"[-_./ ]+")


def _is_among(name: str, other: str) -> bool:
    """Whether the words of a name are some of those of another, next to each other."""
    few, many = (_PARTED.split(text.casefold()) for text in (name, other))
    starts = range(len(many) - len(few) + 1)
    return len(name) > 2 and any(many[at : at + len(few)] == few for at in starts)


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None


_HALF = re.compile(r"^(.+?)[-_./ ]?(req|request|res|resp|response)s?$", re.IGNORECASE)


def _other_half(type_: PluginType, name: str, names: Iterable[str]) -> str | None:
    """The half of a modifier that is written in another way, or the name without a suffix that
    the plugin does not append."""
    found = _HALF.match(name) if type_ is PluginType.MODIFIER else None
    if found is None:
        return None
    suffix = "request" if found[2].lower() in ("req", "request") else "response"
    return next((half for half in (f"{found[1]}-{suffix}", found[1]) if half in names), None)


def read_registry(
    entries: Sequence[FolderEntry],
    plugins: Mapping[bytes, PluginFacts],
    unreadable: Mapping[bytes, str],
    predictions: Mapping[bytes, Prediction] | None = None,
    unsearched: frozenset[str] = frozenset(),
) -> Registry:
    """The registry of the entries that KrakenD opens, in its order.

    Of two files with the same plugin path Go opens the first only ("plugin already loaded"),
    and `predictions` say which others it refuses. What is no regular file registers nothing; a
    file that could not be read may register anything.
    """
    files: list[LoadedFile] = []
    opened: dict[tuple[str, str | None], FolderEntry] = {}
    for entry in entries:
        name = entry.text
        facts = plugins.get(entry.name)
        if facts is None and entry.name not in unreadable and not entry.is_regular:
            facts = _NOTHING
        twin = None
        if facts is not None and facts.plugin_path is not None:
            earlier = opened.setdefault((facts.plugin_path, facts.machine), entry)
            twin = None if earlier is entry else earlier.text
        prediction = (predictions or {}).get(entry.name)
        refused = prediction.log_line if prediction is not None and prediction.is_sure else ""
        files.append(LoadedFile(name, facts, twin, refused if twin is None else ""))
    return Registry(files, unsearched)


def is_same_file(entry: FolderEntry, earlier: FolderEntry) -> bool:
    """Whether Go takes both for one file: the same entry, or a symlink to it (plugin.Open goes
    by the real path, so that a hard link is another one)."""
    if entry.name == earlier.name:
        return True
    is_same = (entry.device, entry.inode) == (earlier.device, earlier.inode)
    is_link = EntryKind.SYMLINK in (entry.kind, earlier.kind)
    return is_same and is_link and bool(entry.inode)
