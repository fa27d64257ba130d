"""Reports as workflow commands of GitHub Actions: annotations at the lines of a pull request.

Source: docs.github.com, workflow commands for GitHub Actions; the escapes are those of
actions/toolkit packages/core/src/command.ts.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.cli.check import FileReport, Located
from tui.cli.reporters.errors import write_error
from tui.cli.streams import Streams
from tui.diagnostic import Severity
from tui.visible import visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write_check(reports: Sequence[FileReport], streams: Streams) -> None:
    """One command a finding; files that could not be read also to `err`, for the log."""
    for report in reports:
        if report.error is not None:
            write_error(report.error, streams, report.path)
            streams.out.write(_command("error", report.error.message, file=report.path))
        for finding in report.findings:
            streams.out.write(_annotation(report.path, finding))


def _annotation(path: str, finding: Located) -> str:
    """The columns only within one line: the last line's would count from another line."""
    diagnostic = finding.diagnostic
    place: dict[str, str | int] = {"file": path, "line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:
        place |= {"col": finding.column, "endColumn": finding.end_column}
    place["title"] = diagnostic.rule
    return _command(_COMMANDS[diagnostic.severity], diagnostic.message, **place)


def _command(name: str, message: str, **properties: str | int) -> str:
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {told}::{_data(visible(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
