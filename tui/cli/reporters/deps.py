"""The reports of `deps`, `gosum` and `build-command`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tui.cli.deps import DepsReport, GoSumReport
from tui.cli.reporters.json import SCHEMA_VERSION, safe_text, target_word
from tui.cli.streams import Streams
from tui.krakend.build_command import BuildCommand
from tui.krakend.gosum import mending_commands
from tui.krakend.target import Target
from tui.visible import visible


def write_deps(report: DepsReport, form: str, streams: Streams) -> None:
    """In the form `text`, `json` or `go.mod`."""
    if form == "json":
        _write_json(_deps(report), streams)
        return
    lines = _go_mod(report) if form == "go.mod" else _text(report)
    _write(lines, streams)


def write_go_sum(report: GoSumReport, form: str, streams: Streams, *, fix: bool) -> None:
    """The differences, or with `fix` the commands that mend them."""
    if form == "json":
        _write_json(_go_sum(report), streams)
    elif fix:
        _write(mending_commands(report.found), streams)
    else:
        _write(_go_sum_text(report), streams)


def write_build_commands(commands: Iterable[BuildCommand], form: str, streams: Streams) -> None:
    """Each command under a comment that says what it is for, so that all can be pasted."""
    if form == "json":
        rows = [{"title": row.title, "command": row.command} for row in commands]
        _write_json({"commands": rows}, streams)
        return
    _write((line for row in commands for line in (f"# {row.title}", row.command)), streams)


def _write(lines: Iterable[str], streams: Streams) -> None:
    for line in lines:
        indented = line.removeprefix("\t")
        streams.out.write("\t" * (indented != line) + visible(indented) + "\n")


def _write_json(value: dict[str, Any], streams: Streams) -> None:
    json.dump({"schema_version": SCHEMA_VERSION, **value}, streams.out, indent=2)
    streams.out.write("\n")


def _text(report: DepsReport) -> Iterator[str]:
    found, since = report.dependencies, report.since
    yield f"{found.target.label} ({found.target.source})"
    if found.target.note:
        yield found.target.note
    yield f"go        {found.go or 'not public'}"
    yield f"platform  {' or '.join(found.platforms) or 'not stated'}"
    yield f"libc      {found.libc}"
    if since is not None:
        yield from _since(report)
    elif report.modules is None:
        yield "modules   not public: give the krakend binary"
    else:
        yield f"modules   {len(report.modules)}"
        for path, version in report.modules.items():
            yield f"{path} {version or '(not there)'}"


def _since(report: DepsReport) -> Iterator[str]:
    found, since, changed = report.dependencies, report.since, report.changes
    assert since is not None
    same = "the same Go" if since.go == found.go else f"Go {since.go} -> {found.go}"
    if changed is None:
        yield f"since {since.target.label}: {same}; the modules are not public"
        return
    counts = (
        f"{len(changed.changed)} changed, {len(changed.added)} new, {len(changed.removed)} gone"
    )
    yield f"since {since.target.label}: {same}; modules: {counts}"
    if since.go != found.go:
        yield "every plugin must be rebuilt: the Go version is another"
    elif changed.changed:
        yield "plugins with one of the changed modules must be rebuilt"
    for path, (old, new) in changed.changed.items():
        yield f"~ {path} {old} -> {new}"
    for path, new in changed.added.items():
        yield f"+ {path} {new}"
    for path, old in changed.removed.items():
        yield f"- {path} {old}"


def _go_mod(report: DepsReport) -> Iterator[str]:
    found = report.dependencies
    yield f"// {found.target.label}: Go {found.go or 'not public'}"
    if report.modules is None:
        yield "// its modules are not public: give the krakend binary"
        return
    yield "require ("
    for path, version in report.modules.items():
        yield f"\t{path} {version}" if version else f"\t// {path} is not there"
    yield ")"


def _deps(report: DepsReport) -> dict[str, Any]:
    found, since, changed = report.dependencies, report.since, report.changes
    value: dict[str, Any] = {
        **_target(found.target),
        "go": found.go,
        "platforms": list(found.platforms),
        "libc": safe_text(found.libc),
        "modules": None if report.modules is None else dict(report.modules),
    }
    if since is not None:
        value["since"] = {
            **_target(since.target),
            "go": since.go,
            "changed": None
            if changed is None
            else {path: {"from": old, "to": new} for path, (old, new) in changed.changed.items()},
            "added": None if changed is None else dict(changed.added),
            "removed": None if changed is None else dict(changed.removed),
        }
    return value


def _target(target: Target) -> dict[str, str]:
    return {
        "target": target_word(target),
        "target_source": safe_text(target.source),
        "target_note": safe_text(target.note),
    }


def _go_sum_text(report: GoSumReport) -> Iterator[str]:
    for found in report.found:
        kind = {True: "  (indirect)", False: "  (direct)", None: ""}[found.is_indirect]
        yield f"{found.name}{kind}"
        yield f"\thave: {found.have}"
        yield f"\twant: {found.want}"
    count = len(report.found)
    compared = f"{report.compared or 'no'} modules compared with {report.target.label}"
    if not count:
        yield f"No incompatibilities found! ({compared})"
    else:
        yield f"{count} incompatibilit{'y' if count == 1 else 'ies'} found ({compared})"
    if count and not report.has_go_mod:
        yield "There is no go.mod beside it: direct and indirect modules cannot be told apart."


def _go_sum(report: GoSumReport) -> dict[str, Any]:
    return {
        **_target(report.target),
        "path": safe_text(str(report.path)),
        "compared": report.compared,
        "incompatibilities": [
            {
                "name": safe_text(found.name),
                "have": safe_text(found.have),
                "want": safe_text(found.want),
                "indirect": found.is_indirect,
            }
            for found in report.found
        ],
        "commands": [safe_text(line) for line in mending_commands(report.found)],
    }
