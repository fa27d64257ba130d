"""The table of KrakenD Community Edition releases that ships in schemas/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from tui.resources import read_resource


class Release(NamedTuple):
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


@cache
def modules_of(version: str) -> Mapping[str, str]:
    """Module path -> the version in the go.mod of a release; empty for one that is not known.

    The table names each module's version at the release that changed it; it counts until the
    next one named there.
    """
    table = json.loads(read_resource("krakend-releases.json"))
    order = {release.version: index for index, release in enumerate(releases())}
    if version not in order:
        return {}
    found: dict[str, str] = {}
    for name, changes in table["modules"].items():
        current = None
        for since, module_version in changes:
            if order[since] <= order[version]:
                current = module_version
        if current is not None:
            found[name] = current
    return found


def newest(minor: str) -> Release | None:
    """The newest patch of the minor X.Y, or None when there is none."""
    return next((release for release in reversed(releases()) if release.minor == minor), None)
