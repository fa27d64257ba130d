"""Reports as a SARIF 2.1.0 log, for code scanning and editors.

Source: OASIS SARIF 2.1.0, docs.oasis-open.org/sarif/sarif/v2.1.0. Columns are code points; the
regions of fixes are bytes of the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tui import __version__
from tui.cli.check import STDIN, FileReport, Located, LocatedFix
from tui.cli.streams import Streams
from tui.diagnostic import Severity
from tui.krakend.rules.base import Rule
from tui.krakend.rules.table import RULES

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write_check(reports: Sequence[FileReport], streams: Streams) -> None:
    """One run with every rule of the table and a result for each finding."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(reports)],
                "results": [
                    _result(report.path, finding)
                    for report in reports
                    for finding in report.findings
                ],
            }
        ],
    }
    json.dump(log, streams.out, indent=2, ensure_ascii=True)
    streams.out.write("\n")


def _driver() -> dict[str, Any]:
    return {
        "name": "krakend-tui",
        "version": __version__,
        "rules": [_rule(rule) for rule in RULES],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": _help(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _help(rule: Rule) -> str:
    parts = [f"Bad: {rule.bad}", f"Good: {rule.good}", f"Source: {rule.source}"]
    if rule.fix:
        parts.insert(2, f"Fix: {rule.fix}")
    return "\n".join(parts)


def _invocation(reports: Sequence[FileReport]) -> dict[str, Any]:
    """What could not be read is no result but a notification of the run."""
    notifications = [
        {
            "level": "error",
            "message": {"text": report.error.message},
            "descriptor": {"id": report.error.kind},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(report.path)}}],
        }
        for report in reports
        if report.error is not None
    ]
    return {
        "executionSuccessful": not notifications,
        "toolExecutionNotifications": notifications,
    }


def _result(path: str, finding: Located) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule,
        "ruleIndex": _INDEX[diagnostic.rule],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(path),
                    "region": _region(finding),
                },
                "logicalLocations": [{"fullyQualifiedName": _text(diagnostic.pointer)}],
            }
        ],
    }
    if finding.fixes:
        result["fixes"] = [_fix(path, fix) for fix in finding.fixes]
    return result


_INDEX = {rule.id: index for index, rule in enumerate(RULES)}


def _region(finding: Located) -> dict[str, int]:
    return {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }


def _fix(path: str, fix: LocatedFix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {"byteOffset": edit.offset, "byteLength": edit.length},
            "insertedContent": {"text": _text(edit.text)},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(path), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _artifact(path: str) -> dict[str, str]:
    """A relative path stays relative, so that it is found in the repository of the run."""
    if path == STDIN:
        return {"uri": "stdin"}
    if Path(path).is_absolute():
        return {"uri": f"file://{quote(path, errors='surrogateescape')}"}
    # A colon in the first part would make it a scheme.
    return {"uri": quote(str(Path(path)), errors="surrogateescape")}


def _text(text: str) -> str:
    """A lone surrogate is no text for a JSON reader."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
