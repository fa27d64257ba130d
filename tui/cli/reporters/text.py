"""Reports for people: path:line:column first, so that editors and eyes find the place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.check import FileReport, Located, count
from tui.cli.reporters.errors import write_error
from tui.diagnostic import Diagnostic, Severity, safe_fix
from tui.folder import FolderListing, FolderStatus
from tui.visible import visible

if TYPE_CHECKING:
    from tui.cli.scan import ScanReport, ScanRow
    from tui.cli.streams import Streams

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_FOLDER_WORDS = {
    FolderStatus.ABSENT: "does not exist",
    FolderStatus.NOT_A_FOLDER: "is not a folder",
    FolderStatus.UNREADABLE: "cannot be read by this user",
}


def write_check(reports: Sequence[FileReport], streams: Streams) -> None:
    """Findings to `out`, files that could not be read to `err`, then a summary."""
    colour = streams.use_colour(streams.out)
    for report in reports:
        if report.error is not None:
            write_error(report.error, streams, report.path)
        for applied in report.applied:
            fixed = f"{visible(report.path)}: fixed: {visible(applied.fix.title)}"
            streams.out.write(f"{fixed} [{applied.rule}]\n")
        if report.note:
            streams.out.write(f"{visible(report.path)}: {visible(report.note)}\n")
        for finding in report.findings:
            streams.out.write(_finding(report.path, finding, colour))
    streams.out.write(_summary(reports))


def write_diffs(reports: Sequence[FileReport], streams: Streams) -> None:
    """What --fix would change to `out`, files that could not be read to `err`."""
    from tui.cli.reporters.versions import write_diff

    for report in reports:
        if report.error is not None:
            write_error(report.error, streams, report.path)
        write_diff(report.diff, streams)
    if not any(report.diff for report in reports):
        streams.err.write("There is nothing that --fix would change.\n")


def write_scan(report: ScanReport, streams: Streams) -> None:
    """The folder's entries as KrakenD takes them, in the folder's order."""
    out, colour = streams.out, streams.use_colour(streams.out)
    out.write(_heading(report))
    if report.listing.status is not FolderStatus.OK:
        return
    width = max((len(row.entry.name) for row in report.rows), default=0)
    for row in report.rows:
        out.write(_row(row, min(width, 48), colour))


def folder_problem(listing: FolderListing) -> str:
    """Why the folder shows no entries, in words; "" when it was read."""
    if listing.status is FolderStatus.UNCHECKED:
        return "no plugin folder is configured"
    words = _FOLDER_WORDS.get(listing.status)
    return f"{visible(listing.path) or 'an empty folder name'} {words}" if words else ""


def _finding(path: str, finding: Located, colour: bool) -> str:
    diagnostic = finding.diagnostic
    severity = diagnostic.severity.value
    place = f"{visible(path)}:{finding.line}:{finding.column}:"
    if colour:
        place = click.style(place, bold=True)
        severity = click.style(severity, fg=_COLOURS[diagnostic.severity], bold=True)
    text = f"{place} {severity}: {visible(diagnostic.message)} [{diagnostic.rule}]\n"
    for fix in finding.fixes:
        text += f"    fix: {visible(fix.title)}\n"
    return text


def _summary(reports: Sequence[FileReport]) -> str:
    totals = count(reports)
    parts = [_counted(totals[severity], severity.value) for severity in Severity]
    found = ", ".join(part for part in parts if part) or "no findings"
    unread = sum(report.error is not None for report in reports)
    if unread:
        found += f", {_counted(unread, 'file')} could not be read"
    applied = sum(len(report.applied) for report in reports)
    if applied:
        found = f"{_counted(applied, 'fix', 'fixes')} applied; {found}"
    label = reports[0].target.label if reports else ""
    diagnostics = [finding.diagnostic for report in reports for finding in report.findings]
    safe = _counted(sum(map(_is_mended, diagnostics)), "safe fix", "safe fixes")
    next_step = f"; --fix applies {safe}" if safe else ""
    return f"{found} in {_counted(len(reports), 'file')}, for {label}{next_step}\n"


def _is_mended(diagnostic: Diagnostic) -> bool:
    return safe_fix(diagnostic) is not None


def _counted(number: int, word: str, plural: str = "") -> str:
    """ "2 errors", "1 error", "" for none; info has no plural."""
    if not number:
        return ""
    several = word if word == "info" else plural or f"{word}s"
    return f"{number} {word if number == 1 else several}"


def _heading(report: ScanReport) -> str:
    problem = folder_problem(report.listing)
    if problem:
        return f"KrakenD loads no plugin: {problem}\n"
    folder = visible(report.listing.path)
    if report.pattern is None:
        return f"KrakenD loads no plugin from {folder}: there is no usable plugin block\n"
    loaded = sum(row.entry.order is not None for row in report.rows)
    pattern = visible(report.pattern)
    return f'{folder}: KrakenD loads {loaded} of {len(report.rows)} with pattern "{pattern}"\n'


def _row(row: ScanRow, width: int, colour: bool) -> str:
    scanned = row.entry
    order = "-" if scanned.order is None else str(scanned.order)
    shown = visible(scanned.name)
    name = shown
    if colour and scanned.order is not None:
        name = _highlighted(shown, [(span.start, span.end) for span in scanned.spans])
    elif colour:
        name = click.style(shown, dim=True)
    told = ", ".join(visible(registerer.label) for registerer in row.registerers)
    if row.remark:
        told = f"{told}; {visible(row.remark)}" if told else visible(row.remark)
    padding = " " * max(width - len(shown), 0)
    return f"{order:>4}  {name}{padding}  {told}".rstrip() + "\n"


def _highlighted(name: str, spans: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += (name[end:start], click.style(name[start:stop], reverse=True))
        end = stop
    return "".join(parts) + name[end:]
