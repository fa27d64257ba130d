"""analyse(snapshot) -> Analysis: what both front ends call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tui.diagnostic import Diagnostic, Severity, Span
from tui.document.strict import MARKED, RANGE, syntax_diagnostics
from tui.document.style import style_of
from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.krakend.census import Census, merged, names_of
from tui.krakend.points import InjectionPoint, Level, PointGroup, point_groups
from tui.krakend.prediction import Prediction
from tui.krakend.registry import Registry
from tui.krakend.requirements import Requirement
from tui.krakend.rules.base import Context
from tui.krakend.rules.table import rules_for
from tui.krakend.scan import Scan
from tui.krakend.settings import settings
from tui.krakend.silence import not_silenced
from tui.krakend.target import Target
from tui.krakend.uses import Use
from tui.plugin.facts import PluginFacts
from tui.schema.plugin_schema import PluginSchema, schema_of
from tui.schema.validate import validate

if TYPE_CHECKING:
    from tui.schema.official import OfficialSchema


@dataclass(frozen=True, slots=True)
class Snapshot:
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
    in it that hold what the pattern takes, when nothing in it loads.
    """

    tree: JsonTree
    target: Target
    listing: FolderListing
    plugins: Mapping[bytes, PluginFacts] = field(default_factory=dict)
    unreadable: Mapping[bytes, str] = field(default_factory=dict)
    reading: bool = False
    unsearched: frozenset[str] = frozenset()
    krakend_here: bool = True
    environ: Mapping[str, str] = field(default_factory=dict)
    config_folder: str | None = None
    schemas: Mapping[str, PluginSchema] = field(default_factory=dict)
    official: OfficialSchema | None = None
    near_folders: tuple[str, ...] = ()
    libc: str | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Findings in file order, and what they were made from.

    `folder` and `pattern` are as KrakenD reads them ("" when absent from the block); None when
    there is no plugin block, or when KrakenD refuses the value. `registry` has the names that
    the loaded files register, None while they cannot be judged; `uses` are the names that KrakenD
    reads from the config. `predictions` say, by the name of each file that was read, what becomes
    of it when KrakenD opens the files in their order, and `requirements` how it stands with each
    of the documentation's requirements. The places in the text of points and uses
    are those that they had when their part of the text was last read.
    """

    diagnostics: tuple[Diagnostic, ...]
    points: tuple[InjectionPoint, ...]
    scan: Scan
    folder: str | None
    pattern: str | None
    registry: Registry | None
    uses: tuple[Use, ...]
    predictions: Mapping[bytes, Prediction]
    requirements: Mapping[bytes, tuple[Requirement, ...]]


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text.

    While the text is not JSON that KrakenD's parser takes, only that is reported. A comment key
    `"@krakend-tui": "ignore RULE"` silences findings in its object and below.
    """
    return Analyser().analyse(snapshot)


class Analyser:
    """Analyses one config again and again, each time with the result that `analyse` has.

    It remembers by its pointer what it read and found of each group of points: where the text
    and the circumstances are the same, nothing is looked at again. For one analysis at a time;
    `points` and `names` may be called from any thread.
    """

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}
        self._found: dict[str, _Found] = {}
        self._circumstances: _Circumstances | None = None
        self._sightings: _Sightings = {}
        self._newest: tuple[JsonTree, list[tuple[PointGroup, _Read]]] | None = None

    def points(self, tree: JsonTree) -> tuple[InjectionPoint, ...]:
        """As `injection_points`, but with the places in the text that the points had when their
        group was read."""
        return tuple(point for _, read in self._groups(tree) for point in read.points)

    def names(self, tree: JsonTree) -> frozenset[str]:
        """Every plugin name that an entry asks for."""
        return frozenset[str]().union(*(read.names for _, read in self._groups(tree)))

    def analyse(self, snapshot: Snapshot) -> Analysis:
        """See the function `analyse`."""
        context = _context_of(snapshot)
        groups = self._groups(snapshot.tree)
        points = tuple(point for _, read in groups for point in read.points)
        found = list(_of_parser(snapshot))
        if all(parsed.rule == MARKED or parsed.severity is not Severity.ERROR for parsed in found):
            judged, uses = self._judge(context, snapshot, groups)
            found += not_silenced(judged, snapshot.tree)
        else:
            uses = context.about(points, ()).uses
        found.sort(key=lambda d: (d.span.start, d.severity.rank, d.rule))
        return Analysis(
            diagnostics=tuple(found),
            points=points,
            scan=context.scan,
            folder=context.block.folder_text,
            pattern=context.block.pattern_text,
            registry=context.registry,
            uses=uses,
            predictions=context.predictions,
            requirements=context.requirements,
        )

    def _groups(self, tree: JsonTree) -> list[tuple[PointGroup, _Read]]:
        """The groups of the text, each with what was read of it."""
        newest = self._newest
        if newest is not None and newest[0] is tree:
            return newest[1]
        before = self._read
        groups: list[tuple[PointGroup, _Read]] = []
        for group in point_groups(tree):
            read = before.get(group.pointer)
            text = group.node.text
            if read is None or read.text != text or read.host != group.host:
                read = _Read.of(group, text)
            groups.append((group, read))
        self._read = {group.pointer: read for group, read in groups}
        self._newest = (tree, groups)
        return groups

    def _judge(
        self, context: Context, snapshot: Snapshot, groups: list[tuple[PointGroup, _Read]]
    ) -> tuple[list[Diagnostic], tuple[Use, ...]]:
        """What the rules and the schemas find, and the names that KrakenD reads."""
        circumstances = _Circumstances.of(context, snapshot)
        if circumstances != self._circumstances:
            self._circumstances = circumstances
            self._found = {}
        sightings = _sightings(snapshot)
        changed = frozenset(name for name, _ in sightings.items() ^ self._sightings.items())
        self._sightings = sightings
        judge = _Judge(context, snapshot.schemas, changed)
        found = [self._found_in(group, read, judge, groups) for group, read in groups]
        self._found = {
            group.pointer: found_here
            for (group, _), found_here in zip(groups, found, strict=True)
            if found_here.is_kept
        }
        context.know(
            merged(found_here.census for found_here in found),
            frozenset[str]().union(*(read.names for _, read in groups)),
        )
        whole = judge.whole()
        judged = list(whole)
        spoken = _Spoken([*whole, *(found[0].by_rules if found else ())])
        judged += spoken.silences(judge.block())
        for found_here in found:
            judged += found_here.by_rules
            judged += spoken.silences(found_here.by_schemas)
        if snapshot.official is not None:
            judged += _of_official(snapshot.official, snapshot.tree, judged)
        for found_here in found:
            judged += found_here.by_plugin_schemas
        return judged, tuple(use for found_here in found for use in found_here.uses)

    def _found_in(
        self,
        group: PointGroup,
        read: _Read,
        judge: _Judge,
        groups: list[tuple[PointGroup, _Read]],
    ) -> _Found:
        start = group.node.span.start
        known = self._found.get(group.pointer)
        if known is not None and known.read is read and known.still_holds(judge):
            return known.at(start)
        if group.level is Level.SERVICE:
            spans = (below.node.span for below, _ in groups[1:])
            return judge.found_in(read, group.points(), _between(spans, group.node.span))
        points = read.points if read.start == start else group.points()
        return judge.found_in(read, points, (group.node.span,))


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a group of points: its `text` began at `start` then."""

    text: str
    host: str
    start: int
    points: tuple[InjectionPoint, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, group: PointGroup, text: str) -> _Read:
        points = group.points()
        return cls(text, group.host, group.node.span.start, points, names_of(points))


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What the findings about a group of points depend on besides its text, but for the style
    of the file, which only the edits of fixes depend on, and the sightings of its names."""

    snapshot: tuple[object, ...]
    is_loaded: bool
    folder: str | None
    pattern: str | None

    @classmethod
    def of(cls, context: Context, snapshot: Snapshot) -> _Circumstances:
        apart = ("tree", "plugins", "unreadable", "unsearched")
        names = [part.name for part in fields(Snapshot) if part.name not in apart]
        parts: tuple[object, ...] = tuple((name, getattr(snapshot, name)) for name in names)
        # While the names cannot be judged, what is known of the files makes no difference.
        if context.registry is not None:
            plugins = {
                name: replace(facts, literals=frozenset())
                for name, facts in snapshot.plugins.items()
            }
            parts += (plugins, snapshot.unreadable)
        block = context.block
        return cls(parts, block.is_loaded, block.folder_text, block.pattern_text)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in a group of points whose text began at `start`.

    `traits` are those of the file's style, None when there is no fix that depends on them.
    `is_kept` is False when something outside of the group was looked at.
    """

    read: _Read
    start: int
    census: Census
    uses: tuple[Use, ...]
    by_rules: tuple[Diagnostic, ...]
    by_schemas: tuple[Diagnostic, ...]
    by_plugin_schemas: tuple[Diagnostic, ...]
    traits: tuple[object, ...] | None
    is_kept: bool

    def still_holds(self, judge: _Judge) -> bool:
        if not self.read.names.isdisjoint(judge.changed):
            return False
        return self.traits is None or self.traits == judge.traits

    def at(self, start: int) -> _Found:
        """The same where the group begins at `start`."""
        if start == self.start:
            return self
        by = start - self.start
        return replace(
            self,
            start=start,
            by_rules=tuple(found.moved(by) for found in self.by_rules),
            by_schemas=tuple(found.moved(by) for found in self.by_schemas),
            by_plugin_schemas=tuple(found.moved(by) for found in self.by_plugin_schemas),
        )


class _Judge:
    """Asks the rules and the schemas, under the circumstances of one snapshot."""

    def __init__(
        self, context: Context, schemas: Mapping[str, PluginSchema], changed: frozenset[str]
    ) -> None:
        """`changed` are the names that more or less is known of than the last time."""
        self.changed = changed
        rules = rules_for(context)
        self._context = context
        self._schemas = schemas
        self._local = [rule for rule in rules if rule.local]
        self._whole = [rule for rule in rules if not rule.local]
        # Entries are written alike at many places: what is known to be right is not read again.
        self._right: set[tuple[str, str]] = set()

    @cached_property
    def traits(self) -> tuple[object, ...]:
        return style_of(self._context.tree.text).traits

    def whole(self) -> list[Diagnostic]:
        """What the rules find that look at the config as a whole."""
        return [found for rule in self._whole for found in rule.findings(self._context)]

    def block(self) -> Iterable[Diagnostic]:
        """What its schema finds in the plugin block. The schemas are those of 2.x."""
        block = self._context.block
        if self._context.target.minor >= (3, 0) or not block.is_loaded or block.member is None:
            return ()
        if self._context.is_filled_in(block.member.value):
            return ()
        return validate("plugin", block.member.value, block.pointer)

    def found_in(
        self, read: _Read, points: tuple[InjectionPoint, ...], stretches: tuple[Span, ...]
    ) -> _Found:
        """What is found in a group of points, which fills these stretches of the text."""
        context = self._context.about(points, stretches)
        by_rules = [found for rule in self._local for found in rule.findings(context)]
        spoken = _Spoken(by_rules)
        by_schemas = tuple(spoken.silences(self._of_schemas(context)))
        by_plugin_schemas = tuple(self._of_plugin_schemas(context))
        is_service = any(point.level is Level.SERVICE for point in points)
        has_fix = any(found.fixes for found in by_rules)
        return _Found(
            read,
            stretches[0].start,
            context.census,
            context.uses,
            tuple(by_rules),
            by_schemas,
            by_plugin_schemas,
            self.traits if has_fix and not is_service else None,
            is_kept=not is_service and not context.looked_outside,
        )

    def _of_schemas(self, context: Context) -> Iterator[Diagnostic]:
        """The schemas' findings about the entries that KrakenD reads.

        One fault is one finding: where a rule speaks about a value, or about something above
        or below it, the schema is silent.
        """
        if context.target.minor >= (3, 0):
            return
        for entry, type_ in context.named:
            key = (type_.value, entry.value.text)
            if key in self._right:
                continue
            found = validate(type_.value, entry.value, entry.pointer)
            if not found:
                self._right.add(key)
            yield from found

    def _of_plugin_schemas(self, context: Context) -> Iterator[Diagnostic]:
        """What the plugins' own schemas find in their settings, in the entries that KrakenD
        reads."""
        for _point, entry in context.working if self._schemas else ():
            for block in settings(entry):
                schema = schema_of(self._schemas, block.plugin)
                key = (f"settings of {block.plugin}", block.node.text)
                if schema is None or key in self._right:
                    continue
                found = schema.validate(block.node, block.pointer)
                if not found:
                    self._right.add(key)
                yield from found


_Sightings = dict[str, tuple[bool, tuple[bytes, ...]]]
"""Name -> whether it is still to be looked for, and the files whose bytes hold it."""


def _sightings(snapshot: Snapshot) -> _Sightings:
    files: dict[str, list[bytes]] = {name: [] for name in snapshot.unsearched}
    for file, facts in snapshot.plugins.items():
        for name in facts.literals:
            files.setdefault(name, []).append(file)
    return {name: (name in snapshot.unsearched, tuple(held)) for name, held in files.items()}


def _context_of(snapshot: Snapshot) -> Context:
    return Context(
        tree=snapshot.tree,
        target=snapshot.target,
        listing=snapshot.listing,
        plugins=snapshot.plugins,
        unreadable=snapshot.unreadable,
        reading=snapshot.reading,
        unsearched=snapshot.unsearched,
        krakend_here=snapshot.krakend_here,
        environ=snapshot.environ,
        config_folder=snapshot.config_folder,
        near_folders=snapshot.near_folders,
        libc=snapshot.libc,
    )


def _of_parser(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """What KrakenD's parser refuses. Before 2.12 it minded only the numbers that it used."""
    for found in syntax_diagnostics(snapshot.tree.text, snapshot.tree):
        if found.rule == RANGE and snapshot.target.minor < (2, 12):
            yield replace(found, severity=Severity.WARNING)
        else:
            yield found


def _between(spans: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """The ranges of `within` that none of the spans cover."""
    between: list[Span] = []
    start = within.start
    for span in sorted(spans, key=lambda span: span.start):
        if span.start - start > _SHORT:
            between.append(Span(start, span.start))
        start = span.end
    return (*between, Span(start, within.end))


# What stands between two items of a list: no key that a rule searches for is as short.
_SHORT = 12


def _of_official(
    official: OfficialSchema, tree: JsonTree, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """What KrakenD's schema refuses and no rule has said, of the same value or one around it."""
    spoken = {d.pointer for d in found if d.severity is not Severity.INFO and d.pointer}
    for diagnostic in official.validate(tree):
        if not any(pointer in spoken for pointer in _self_and_above(diagnostic.pointer)):
            yield diagnostic


def _self_and_above(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


class _Spoken:
    """The pointers that findings are about."""

    def __init__(self, found: Iterable[Diagnostic]) -> None:
        self._exact: set[str] = set()
        self._above: set[str] = set()
        for diagnostic in found:
            self._exact.add(diagnostic.pointer)
            for pointer in _self_and_above(diagnostic.pointer):
                self._above.add(pointer.rpartition("/")[0])

    def silences(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Those of `found` that nothing has been said about."""
        for diagnostic in found:
            if not self._has(diagnostic.pointer):
                yield diagnostic

    def _has(self, pointer: str) -> bool:
        return pointer in self._above or any(
            above in self._exact for above in _self_and_above(pointer)
        )
