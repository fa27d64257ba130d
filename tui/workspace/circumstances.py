"""What the findings about a group of points depend on besides its text."""

from __future__ import annotations

from typing import NamedTuple

from tui.krakend.rules.base import Context
from tui.krakend.snapshot import Snapshot

Sightings = dict[str, tuple[bool, tuple[bytes, ...]]]
"""Name -> whether it is still to be looked for, and the files whose bytes hold it."""


class Circumstances(NamedTuple):
    """What the findings about each group of points depend on besides its text: all but the style
    of the file, which only the edits of fixes depend on, and the sightings of its names.

    `snapshot` is without its text and without what is known of single names.
    """

    snapshot: Snapshot
    is_loaded: bool
    folder: str | None
    pattern: str | None


def circumstances_of(context: Context) -> Circumstances:
    """The circumstances under which the points of a whole config are judged."""
    # While the names cannot be judged, what is known of the files makes no difference.
    snapshot = context.loading.without_names
    if context.registry is None:
        snapshot = snapshot._replace(plugins={}, unreadable={})
    block = context.block
    return Circumstances(snapshot, block.is_loaded, block.folder_text, block.pattern_text)


def sightings_of(snapshot: Snapshot) -> Sightings:
    """What is known of each name that the files were searched for."""
    files: dict[str, list[bytes]] = {name: [] for name in snapshot.unsearched}
    for file, facts in snapshot.plugins.items():
        for name in facts.literals:
            files.setdefault(name, []).append(file)
    return {name: (name in snapshot.unsearched, tuple(held)) for name, held in files.items()}
