"""The kept versions of a config, for people and for machines, and a diff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.storage.errors import shown

if TYPE_CHECKING:
    from tui.cli.restore import History, Version
    from tui.cli.streams import Streams

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def write_text(history: History, streams: Streams) -> None:
    """One line for each version, newest first, with the local time of the save."""
    path = shown(history.path)
    if not history.versions:
        streams.out.write(f"No version of {path} was kept yet: a save keeps the one before it.\n")
        return
    if history.file is None:
        streams.out.write(f"{path} does not exist any more.\n")
    for version in history.versions:
        streams.out.write(_line(version))
    streams.out.write(f"Put one back: krakend-tui restore --to N {path}\n")


def write_json(history: History, streams: Streams) -> None:
    """schema_version 1: path, and of each version its number, time (UTC), size and sha256."""
    report = {
        "schema_version": 1,
        "path": shown(history.path),
        "versions": [
            {
                "number": version.number,
                "replaced_at": version.kept_at.isoformat(),
                "bytes": len(version.data),
                "sha256": version.digest,
                "is_current": version.is_current,
            }
            for version in history.versions
        ],
    }
    json.dump(report, streams.out, indent=2)
    streams.out.write("\n")


def write_diff(diff: Sequence[str], streams: Streams) -> None:
    """The lines of a unified diff."""
    colour = streams.use_colour(streams.out)
    for line in diff:
        shade = _COLOURS.get(line[:1]) if colour else None
        streams.out.write((click.style(line, fg=shade) if shade else line) + "\n")


def _line(version: Version) -> str:
    when = version.kept_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    same = "  (the content of now)" if version.is_current else ""
    return f"{version.number:>3}  replaced {when}  {len(version.data):>9,} bytes{same}\n"
