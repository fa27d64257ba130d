"""check: from paths and options to reports, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tui.diagnostic import Diagnostic, Severity
from tui.document.offsets import ByteMap
from tui.document.text import BOM, LineIndex, decode
from tui.document.tree import JsonTree
from tui.errors import KrakendTuiError
from tui.folder import FolderListing, FolderStatus
from tui.gather import Gatherer, Options
from tui.krakend.target import Target
from tui.storage.read import read_config
from tui.workspace import analyse


@dataclass(frozen=True, slots=True)
class ByteEdit:
    """Replace `length` bytes at `offset` of the file on disk (BOM included) by `text`."""

    offset: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class LocatedFix:
    title: str
    edits: tuple[ByteEdit, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with its place: 1-based, in code points, the end exclusive."""

    diagnostic: Diagnostic
    line: int
    column: int
    end_line: int
    end_column: int
    fixes: tuple[LocatedFix, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What check found out about one config. With an `error` nothing else was."""

    path: str
    target: Target
    folder: FolderListing
    error: KrakendTuiError | None = None
    findings: tuple[Located, ...] = ()


def check_files(paths: Iterable[str], options: Options) -> tuple[FileReport, ...]:
    """One report for each path; plugin files are read once for all of them."""
    gatherer = Gatherer(options)
    return tuple(_check(path, gatherer) for path in paths)


def count(reports: Iterable[FileReport]) -> dict[Severity, int]:
    """How many findings of each severity."""
    totals = dict.fromkeys(Severity, 0)
    for report in reports:
        for finding in report.findings:
            totals[finding.diagnostic.severity] += 1
    return totals


def _check(path: str, gatherer: Gatherer) -> FileReport:
    target = gatherer.options.target
    try:
        text, bom = decode(read_config(Path(path)).data)
    except KrakendTuiError as error:
        nowhere = FolderListing("", FolderStatus.UNCHECKED)
        return FileReport(path, target, nowhere, error)
    snapshot = gatherer.snapshot(
        JsonTree.parse(text), bom=bom, config_folder=str(Path(path).absolute().parent)
    )
    findings = locate(analyse(snapshot).diagnostics, text, bom=bom)
    return FileReport(path, target, snapshot.listing, None, findings)


def locate(diagnostics: Iterable[Diagnostic], text: str, *, bom: bool) -> tuple[Located, ...]:
    """The findings about `text` with lines, columns and byte offsets."""
    lines = LineIndex(text)
    data = text.encode("utf-8", "surrogatepass")
    bytes_of = ByteMap(text, data)
    shift = len(BOM) if bom else 0

    def located_fixes(diagnostic: Diagnostic) -> Iterable[LocatedFix]:
        for fix in diagnostic.fixes:
            edits: list[ByteEdit] = []
            for edit in fix.edits:
                start, end = bytes_of.to_byte(edit.start), bytes_of.to_byte(edit.end)
                edits.append(ByteEdit(start + shift, end - start, edit.text))
            yield LocatedFix(fix.title, tuple(edits))

    def located(diagnostic: Diagnostic) -> Located:
        row, column = lines.position(diagnostic.span.start)
        end_row, end_column = lines.position(diagnostic.span.end)
        return Located(
            diagnostic,
            row + 1,
            column + 1,
            end_row + 1,
            end_column + 1,
            tuple(located_fixes(diagnostic)),
        )

    return tuple(located(diagnostic) for diagnostic in diagnostics)
