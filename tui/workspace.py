"""analyse(snapshot) -> Analysis: what both front ends call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.diagnostic import Diagnostic, Severity
from tui.document.strict import MARKED, RANGE, syntax_diagnostics
from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.krakend.points import InjectionPoint
from tui.krakend.registry import Registry
from tui.krakend.rules.base import Context
from tui.krakend.rules.table import findings
from tui.krakend.scan import Scan
from tui.krakend.settings import settings
from tui.krakend.silence import not_silenced
from tui.krakend.target import Target
from tui.krakend.uses import Use
from tui.plugin.facts import PluginFacts, PluginType
from tui.schema.plugin_schema import PluginSchema, schema_of

if TYPE_CHECKING:
    from tui.schema.official import OfficialSchema


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the findings depend on, as values.

    `plugins` maps the name of a folder entry to the facts of its bytes; an entry that is not
    in it has not been read (yet, or because it is no regular file, or could not be read:
    then `unreadable` has the reason). While `reading` is True the names are unchecked.
    `krakend_here` is False when nothing of KrakenD is on this machine. `environ` are the
    KRAKEND_* variables of this process. `config_folder` is the absolute path of the folder that
    the config is in, None when it comes from elsewhere. `schemas` has the plugins' own schemas by
    plugin name. `official` is KrakenD's own schema, when it is to be applied.
    """

    tree: JsonTree
    target: Target
    listing: FolderListing
    plugins: Mapping[bytes, PluginFacts] = field(default_factory=dict)
    unreadable: Mapping[bytes, str] = field(default_factory=dict)
    reading: bool = False
    krakend_here: bool = True
    environ: Mapping[str, str] = field(default_factory=dict)
    config_folder: str | None = None
    schemas: Mapping[str, PluginSchema] = field(default_factory=dict)
    official: OfficialSchema | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Findings in file order, and what they were made from.

    `folder` and `pattern` are as KrakenD reads them ("" when absent from the block); None when
    there is no plugin block, or when KrakenD refuses the value. `registry` has the names that
    the loaded files register, None while they cannot be judged; `uses` are the names that KrakenD
    reads from the config.
    """

    diagnostics: tuple[Diagnostic, ...]
    points: tuple[InjectionPoint, ...]
    scan: Scan
    folder: str | None
    pattern: str | None
    registry: Registry | None
    uses: tuple[Use, ...]


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text.

    While the text is not JSON that KrakenD's parser takes, only that is reported. A comment key
    `"@krakend-tui": "ignore RULE"` silences findings in its object and below.
    """
    context = Context(
        tree=snapshot.tree,
        target=snapshot.target,
        listing=snapshot.listing,
        plugins=snapshot.plugins,
        unreadable=snapshot.unreadable,
        reading=snapshot.reading,
        krakend_here=snapshot.krakend_here,
        environ=snapshot.environ,
        config_folder=snapshot.config_folder,
    )
    found = list(_of_parser(snapshot))
    if all(parsed.rule == MARKED or parsed.severity is not Severity.ERROR for parsed in found):
        judged = list(findings(context))
        judged += _of_schemas(context, judged)
        if snapshot.official is not None:
            judged += _of_official(snapshot.official, snapshot.tree, judged)
        judged += _of_plugin_schemas(context, snapshot.schemas)
        found += not_silenced(judged, snapshot.tree)
    found.sort(key=lambda d: (d.span.start, d.severity.rank, d.rule))
    return Analysis(
        diagnostics=tuple(found),
        points=context.points,
        scan=context.scan,
        folder=context.block.folder_text,
        pattern=context.block.pattern_text,
        registry=context.registry,
        uses=context.uses,
    )


def _of_parser(snapshot: Snapshot) -> Iterator[Diagnostic]:
    """What KrakenD's parser refuses. Before 2.12 it minded only the numbers that it used."""
    for found in syntax_diagnostics(snapshot.tree.text, snapshot.tree):
        if found.rule == RANGE and snapshot.target.minor < (2, 12):
            yield replace(found, severity=Severity.WARNING)
        else:
            yield found


def _of_schemas(context: Context, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The schemas' findings about the plugin block and the entries that KrakenD reads.

    One fault is one finding: where a rule speaks about a value, or about something above or
    below it, the schema is silent. The schemas are those of 2.x.
    """
    if context.target.minor >= (3, 0):
        return
    from tui.schema.validate import validate

    spoken = _Spoken(found)
    block = context.block
    if block.is_loaded and block.member is not None:
        yield from spoken.silences(validate("plugin", block.member.value, block.pointer))
    # Entries are written alike at many places: what is known to be right is not read again.
    right: set[tuple[PluginType, str]] = set()
    for entry, type_ in context.named:
        key = (type_, entry.value.text)
        if key in right:
            continue
        found_here = validate(type_.value, entry.value, entry.pointer)
        if not found_here:
            right.add(key)
        yield from spoken.silences(found_here)


def _of_plugin_schemas(
    context: Context, schemas: Mapping[str, PluginSchema]
) -> Iterator[Diagnostic]:
    """What the plugins' own schemas find in their settings, in the entries that KrakenD reads."""
    right: set[tuple[str, str]] = set()
    for _point, entry in context.working if schemas else ():
        for block in settings(entry):
            schema = schema_of(schemas, block.plugin)
            key = (block.plugin, block.node.text)
            if schema is None or key in right:
                continue
            found = schema.validate(block.node, block.pointer)
            if not found:
                right.add(key)
            yield from found


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
