"""check: from paths and options to reports, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tui.diagnostic import Diagnostic, Severity
from tui.document.lines import LineIndex
from tui.document.offsets import ByteMap
from tui.document.text import BOM, decode
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
        text = decode(read_config(Path(path)).data)
    except KrakendTuiError as error:
        nowhere = FolderListing("", FolderStatus.UNCHECKED)
        return FileReport(path, target, nowhere, error)
    snapshot = gatherer.snapshot(
        JsonTree.parse(text), config_folder=str(Path(path).absolute().parent)
    )
    findings = locate(analyse(snapshot).diagnostics, text)
    return FileReport(path, target, snapshot.listing, None, findings)


def locate(diagnostics: Iterable[Diagnostic], text: str) -> tuple[Located, ...]:
    """The findings about `text` with lines, columns and byte offsets."""
    lines = LineIndex(text)
    data = text.encode("utf-8", "surrogatepass")
    bytes_of = ByteMap(text, data)
    # An editor does not show a byte order mark, nor count it as a column.
    mark = len(BOM) if text.startswith(BOM) else 0

    def place(offset: int) -> tuple[int, int]:
        row, column = lines.position(offset)
        return row + 1, max(column - mark, 0) + 1 if row == 0 else column + 1

    def located_fixes(diagnostic: Diagnostic) -> Iterable[LocatedFix]:
        for fix in diagnostic.fixes:
            edits: list[ByteEdit] = []
            for edit in fix.edits:
                start, end = bytes_of.to_byte(edit.start), bytes_of.to_byte(edit.end)
                edits.append(ByteEdit(start, end - start, edit.text))
            yield LocatedFix(fix.title, tuple(edits))

    def located(diagnostic: Diagnostic) -> Located:
        return Located(
            diagnostic,
            *place(diagnostic.span.start),
            *place(diagnostic.span.end),
            tuple(located_fixes(diagnostic)),
        )

    return tuple(located(diagnostic) for diagnostic in diagnostics)
