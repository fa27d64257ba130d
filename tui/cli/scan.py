"""scan: what KrakenD would do with a plugin folder, as values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tui.cli.errors import NotJson
from tui.document.lines import LineIndex
from tui.document.strict import SYNTAX, syntax_diagnostics
from tui.document.text import decode
from tui.document.tree import JsonTree
from tui.folder import FolderEntry, FolderListing
from tui.gather import Gatherer
from tui.krakend.plugin_block import read_plugin_block
from tui.krakend.scan import Scan, ScannedEntry
from tui.options import Options, folder_of, listing_of
from tui.plugin.facts import FileKind, PluginFacts, Registerer
from tui.storage.errors import shown
from tui.storage.read import read_config


class ScanRow(NamedTuple):
    """An entry of the folder; `remark` says why it is left out, or why it will not run."""

    entry: ScannedEntry
    remark: str
    registerers: tuple[Registerer, ...]


class ScanReport(NamedTuple):
    """`pattern` is None when the config has no usable `plugin` block: nothing is loaded."""

    listing: FolderListing
    pattern: str | None
    rows: Sequence[ScanRow]


def scan_config(path: Path, options: Options) -> ScanReport:
    """The folder and pattern that the config at `path` has. Raises what read_valid raises."""
    tree = read_valid(path)
    listing = listing_of(folder_of(tree, options, str(path.absolute().parent)))
    return _report(Gatherer(options), listing, read_plugin_block(tree).pattern_text)


def read_valid(path: Path) -> JsonTree:
    """The tree of the config at `path`.

    Raises ReadRefused, NotUtf8, or NotJson: KrakenD does not start with a broken config.
    """
    text = decode(read_config(path).data)
    tree = JsonTree.parse(text)
    for diagnostic in syntax_diagnostics(text, tree):
        if diagnostic.rule == SYNTAX:
            row, column = LineIndex(text).position(diagnostic.span.start)
            raise NotJson(
                f"{shown(path)}:{row + 1}:{column + 1}: {diagnostic.message}",
                f"Mend it (krakend-tui {shown(path)}), or scan without it: --folder and --pattern.",
                line=row + 1,
                column=column + 1,
            )
    return tree


def scan_folder(folder: str, pattern: str, options: Options) -> ScanReport:
    """The folder and pattern of the command line; a relative folder starts from the workdir."""
    listing = listing_of(str(Path(options.workdir, folder)) if folder else "")
    return _report(Gatherer(options), listing, pattern)


def _report(gatherer: Gatherer, listing: FolderListing, pattern: str | None) -> ScanReport:
    scan = Scan(listing, pattern or "")
    rows: list[ScanRow] = []
    for index in range(len(scan)):
        row = scan.entry(index)
        if pattern is None:
            without_loader = "KrakenD runs no plugin loader: there is no plugin block"
            row = ScannedEntry(row.entry, row.name, False, (), None, without_loader)
        rows.append(_row(gatherer, listing, row))
    return ScanReport(listing, pattern, rows)


def _row(gatherer: Gatherer, listing: FolderListing, row: ScannedEntry) -> ScanRow:
    if row.order is None:
        return ScanRow(row, row.reason, ())
    if not row.entry.is_regular:
        return ScanRow(row, f"KrakenD opens it, but it is {_no_file(row.entry)}", ())
    facts = gatherer.facts(listing.path, row.entry)
    if isinstance(facts, PluginFacts):
        remark = "" if facts.kind is FileKind.GO_PLUGIN else f"no Go plugin: {facts.problem}"
        return ScanRow(row, remark, facts.registerers)
    return ScanRow(row, f"not examined: {facts}", ())


def _no_file(entry: FolderEntry) -> str:
    if entry.link_target is not None and entry.target_kind is None:
        return f"a symlink that leads nowhere ({shown(entry.link_target)})"
    kind = (entry.target_kind or entry.kind).value
    return f"a symlink to a {kind}" if entry.link_target is not None else f"a {kind}"
