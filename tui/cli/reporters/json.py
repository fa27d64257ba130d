"""Reports as JSON. The shape is a promise: keys may be added, but none goes or changes.

Everything outside ASCII is escaped, so that no text of a file can steer a terminal.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from typing import Any, TextIO

from tui.cli.check import FileReport, Located, count
from tui.cli.scan import ScanReport, ScanRow
from tui.cli.streams import Streams
from tui.diagnostic import Severity
from tui.document.mend import Applied
from tui.errors import KrakendTuiError
from tui.folder import FolderListing
from tui.krakend.target import Target

SCHEMA_VERSION = 1

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def write_check(reports: Sequence[FileReport], streams: Streams) -> None:
    """The reports of `check`. `fixed` is there when fixes were applied."""
    totals = count(reports)
    _write(
        {
            "schema_version": SCHEMA_VERSION,
            "files": [_file(report) for report in reports],
            "summary": {severity.value: totals[severity] for severity in Severity},
        },
        streams.out,
    )


def write_scan(report: ScanReport, out: TextIO) -> None:
    """The report of `scan`; `pattern` is null when KrakenD runs no plugin loader."""
    _write(
        {
            "schema_version": SCHEMA_VERSION,
            "folder": _folder(report.listing),
            "pattern": report.pattern,
            "entries": [_entry(row) for row in report.rows],
        },
        out,
    )


def target_word(target: Target) -> str:
    """The target as --krakend takes it: `ce-2.13.8`."""
    return f"{target.edition}-{target.release}"


def _write(value: Any, out: TextIO) -> None:
    json.dump(value, out, indent=2, ensure_ascii=True)
    out.write("\n")


def _file(report: FileReport) -> dict[str, Any]:
    return {
        "path": safe_text(report.path),
        "target": target_word(report.target),
        "target_source": safe_text(report.target.source),
        "folder": _folder(report.folder),
        **_fixed(report.applied),
        "error": None if report.error is None else _error(report.error),
        "diagnostics": [_diagnostic(finding) for finding in report.findings],
    }


def _fixed(applied: Sequence[Applied]) -> dict[str, Any]:
    rows = [{"rule": each.rule, "title": safe_text(each.fix.title)} for each in applied]
    return {"fixed": rows} if rows else {}


def _folder(listing: FolderListing) -> dict[str, Any]:
    return {"path": safe_text(listing.path) or None, "status": listing.status.value}


def _error(error: KrakendTuiError) -> dict[str, Any]:
    return {
        "kind": error.kind,
        "message": safe_text(error.message),
        "line": error.line,
        "column": error.column,
    }


def _diagnostic(finding: Located) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": safe_text(diagnostic.message),
        "pointer": safe_text(diagnostic.pointer),
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "fixes": [
            {
                "title": safe_text(fix.title),
                "edits": [
                    {"offset": edit.offset, "length": edit.length, "text": edit.text}
                    for edit in fix.edits
                ],
            }
            for fix in finding.fixes
        ],
    }


def _entry(row: ScanRow) -> dict[str, Any]:
    scanned, entry = row.entry, row.entry.entry
    name = safe_text(scanned.name)
    # A name with bytes that are no UTF-8 shows U+FFFD for each; the bytes themselves follow.
    raw = {} if name == scanned.name else {"name_bytes": base64.b64encode(entry.name).decode()}
    target = entry.link_target
    link = None if target is None else safe_text(target.decode("utf-8", "surrogateescape"))
    return {
        "name": name,
        **raw,
        "kind": entry.kind.value,
        "link_target": link,
        "matches": scanned.matches,
        "spans": [[span.start, span.end] for span in scanned.spans],
        "order": scanned.order,
        "reason": safe_text(row.remark),
        "registerers": [
            {
                "type": registerer.type.value,
                "name": None if registerer.name is None else safe_text(registerer.name),
                "certainty": registerer.certainty.value,
            }
            for registerer in row.registerers
        ],
    }


def safe_text(text: str) -> str:
    """Lone surrogates are no text for a JSON reader; one code point stays one."""
    return _SURROGATE.sub("\ufffd", text)
