"""The report of `inspect`, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from textwrap import wrap
from typing import Any, TextIO

import click

from tui.cli.inspect import Inspected, InspectReport
from tui.cli.reporters.errors import write_error
from tui.cli.reporters.json import SCHEMA_VERSION, safe_text, target_word
from tui.cli.streams import Streams
from tui.krakend.plugin_words import build_line, details, has_cgo, what_happens, what_it_is
from tui.krakend.prediction import Prediction
from tui.krakend.requirements.requirement import Requirement, Status
from tui.plugin.facts import PluginFacts
from tui.visible import visible

_MARKS = {
    Status.PASS: ("ok", "green"),
    Status.FAIL: ("FAIL", "red"),
    Status.UNKNOWN: ("?", "yellow"),
    Status.NOT_ASKED: ("-", None),
}
_INDENT = " " * 19
_WIDTH = 80 - len(_INDENT)


def write_text(report: InspectReport, streams: Streams) -> None:
    """A block for each file: what it is, the requirements, what will happen."""
    colour = streams.use_colour(streams.out)
    for number, file in enumerate(report.files):
        if number:
            streams.out.write("\n")
        if file.facts is None:
            if file.error is not None:
                write_error(file.error, streams, file.path)
            continue
        for line in _lines(file, file.facts, report, colour):
            streams.out.write(f"{line.rstrip()}\n")


def _lines(
    file: Inspected, facts: PluginFacts, report: InspectReport, colour: bool
) -> Iterator[str]:
    name = visible(file.path)
    yield f"{click.style(name, bold=True) if colour else name}: {visible(what_it_is(facts))}"
    for label, said in details(facts, file.status):
        yield visible(f"  {label:<9} {said}")
    target = report.target
    yield f"\n  for {target.label} ({visible(target.source)})"
    if target.note:
        yield f"  {visible(target.note)}"
    for row in file.requirements:
        yield from _row(row, colour)
    yield ""
    yield f"  {visible(what_happens(file.prediction))}"
    for note in file.notes:
        yield f"  {visible(note)}"


def _row(row: Requirement, colour: bool) -> Iterator[str]:
    mark, shade = _MARKS[row.status]
    padded = f"{mark:>6}"
    if colour and shade is not None:
        padded = click.style(padded, fg=shade, bold=row.status is Status.FAIL)
    start = f"{padded} {row.topic.value:<11} "
    for paragraph in row.paragraphs:
        for line in _wrapped(visible(paragraph)) or [""]:
            yield start + line
            start = _INDENT
    if row.log_line:
        yield f"{_INDENT}log: {visible(row.log_line)}"
    for line in row.fix.splitlines():
        yield f"{_INDENT}$ {visible(line)}"


def _wrapped(text: str) -> list[str]:
    return wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def write_json(report: InspectReport, out: TextIO) -> None:
    """schema_version 1: the target, and of each file what README.md lists."""
    value = {
        "schema_version": SCHEMA_VERSION,
        "target": target_word(report.target),
        "target_source": safe_text(report.target.source),
        "target_note": safe_text(report.target.note),
        "plugins": [_plugin(file) for file in report.files],
    }
    json.dump(value, out, indent=2, ensure_ascii=True)
    out.write("\n")


def _plugin(file: Inspected) -> dict[str, Any]:
    facts, status = file.facts, file.status
    if facts is None or status is None:
        message = file.error.message if file.error is not None else ""
        return {"path": safe_text(file.path), "error": safe_text(message)}
    head = facts.head
    when = datetime.fromtimestamp(status.mtime_ns / 1e9, tz=timezone.utc)
    return {
        "path": safe_text(file.path),
        "sha256": facts.sha256,
        "size": facts.size,
        "mtime": when.isoformat(),
        "mode": f"{status.mode:04o}",
        "owner": safe_text(status.owner),
        "group": safe_text(status.group),
        "kind": facts.kind.value,
        "problem": safe_text(facts.problem),
        "elf": None
        if head is None
        else {
            "class": head.bits,
            "machine": head.machine,
            "type": head.type,
            "stripped": facts.is_stripped,
        },
        "go": _go(facts),
        "libc": {
            "family": facts.libc.family,
            "needs": f"GLIBC_{facts.libc.needs}" if facts.libc.needs else None,
        },
        "registerers": [
            {
                "type": found.type.value,
                "name": None if found.name is None else safe_text(found.name),
                "certainty": found.certainty.value,
            }
            for found in facts.registerers
        ],
        "requirements": [_requirement(row) for row in file.requirements],
        "prediction": _prediction(file.prediction),
        "notes": [safe_text(note) for note in file.notes],
    }


def _go(facts: PluginFacts) -> dict[str, Any] | None:
    build = facts.build
    if build.go_version is None:
        return None
    main = build.main
    return {
        "version": safe_text(build.go_version),
        "goos": facts.goos,
        "goarch": facts.goarch,
        "cgo": has_cgo(build),
        "flags": [safe_text(flag) for flag in build_line(build)],
        "module": None if main is None else safe_text(main.path),
        "module_version": None if main is None else safe_text(main.version),
        "plugin_path": None if facts.plugin_path is None else safe_text(facts.plugin_path),
        "modules": {safe_text(path): safe_text(v) for path, v in build.versions.items()},
    }


def _requirement(row: Requirement) -> dict[str, Any]:
    return {
        "id": row.topic.value,
        "status": row.status.value,
        "have": safe_text(row.have),
        "want": safe_text(row.want),
        "message": safe_text(row.message),
        "log_line": safe_text(row.log_line) or None,
        "fix": safe_text(row.fix) or None,
    }


def _prediction(prediction: Prediction) -> dict[str, Any]:
    return {
        "outcome": prediction.outcome.value,
        "package": None if prediction.package is None else safe_text(prediction.package),
        "basis": prediction.basis.value,
        "log_line": safe_text(prediction.log_line) or None,
        "because": safe_text(prediction.because) or None,
    }
