"""The table of KrakenD Community Edition releases that ships in schemas/."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from tui.resources import read_resource


@dataclass(frozen=True, slots=True)
class Release:
    """A release: `version` X.Y.Z, the Go that built it, its Alpine (None: not stated)."""

    version: str
    go: str
    alpine: str | None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers, which sort as releases do."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def minor(self) -> str:
        """X.Y of the version."""
        return self.version.rpartition(".")[0]


@cache
def releases() -> tuple[Release, ...]:
    """All known releases, oldest first (from the Makefile of each tag of krakend/krakend-ce)."""
    table = json.loads(read_resource("krakend-releases.json"))
    rows = (Release(row["version"], row["go"], row["alpine"]) for row in table["releases"])
    return tuple(sorted(rows, key=lambda release: release.numbers))


def newest(minor: str) -> Release | None:
    """The newest patch of the minor X.Y, or None when there is none."""
    return next((release for release in reversed(releases()) if release.minor == minor), None)
