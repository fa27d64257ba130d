"""lura's scan of the plugin folder: which entries KrakenD opens, and in which order.

lura plugin/plugin.go: `for file in os.ReadDir(folder): if !file.IsDir() &&
strings.Contains(file.Name(), pattern)`. os.ReadDir sorts by name, bytewise; IsDir is about the
entry itself, so a symlink counts whatever it leads to.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tui.diagnostic import Span
from tui.folder import EntryKind, FolderEntry, FolderListing
from tui.krakend.golang import raw_bytes


class ScannedEntry(NamedTuple):
    """One entry as KrakenD sees it with the pattern.

    `name` is decoded with surrogateescape. `spans` are the places of the pattern in `name`
    (code points, not overlapping), also for directories. `order` is None when KrakenD does
    not open it, and `reason` then says why in words ("" when it does).
    """

    entry: FolderEntry
    name: str
    matches: bool
    spans: tuple[Span, ...]
    order: int | None
    reason: str


class Scan:
    """A listing judged with a pattern: one substring pass; a row is worked out when asked for.

    `loaded` are the indices into listing.entries that KrakenD opens, in the order in which it
    does. `pattern` is as Go has it; surrogate escapes in it stand for raw bytes, as in names.
    """

    listing: FolderListing
    pattern: str
    loaded: Sequence[int]

    def __init__(self, listing: FolderListing, pattern: str) -> None:
        self.listing = listing
        self.pattern = pattern
        self._needle = needle = raw_bytes(pattern)
        directory = EntryKind.DIRECTORY
        entries = listing.entries
        self.loaded = [
            index for index in listing.holding(needle) if entries[index].kind is not directory
        ]

    def __len__(self) -> int:
        """The number of entries of the folder."""
        return len(self.listing.entries)

    def entry(self, index: int) -> ScannedEntry:
        """The row of listing.entries[index]."""
        entry = self.listing.entries[index]
        name = entry.text
        order = bisect_left(self.loaded, index)
        is_loaded = order < len(self.loaded) and self.loaded[order] == index
        return ScannedEntry(
            entry=entry,
            name=name,
            matches=self._needle in entry.name,
            spans=_spans(name, entry.name, self._needle),
            order=order if is_loaded else None,
            reason="" if is_loaded else self._reason(index),
        )

    @cached_property
    def near_misses(self) -> Sequence[int]:
        """The indices of what KrakenD would open if it ignored the case, and does not."""
        folded = self._needle.decode("utf-8", "surrogateescape").casefold()
        if folded not in self.listing.folded_names:
            return []
        loaded = set(self.loaded)
        return [
            index
            for index, entry in enumerate(self.listing.entries)
            if index not in loaded
            and entry.kind is not EntryKind.DIRECTORY
            and folded in entry.text.casefold()
        ]

    def loaded_entries(self) -> list[FolderEntry]:
        """What KrakenD opens, in its order."""
        return [self.listing.entries[index] for index in self.loaded]

    @cached_property
    def _near(self) -> frozenset[int]:
        return frozenset(self.near_misses)

    def is_near(self, index: int) -> bool:
        """Whether listing.entries[index] is a near miss."""
        return index in self._near

    def _reason(self, index: int) -> str:
        if self.listing.entries[index].kind is EntryKind.DIRECTORY:
            return "is a directory: KrakenD skips it"
        if self.is_near(index):
            return "contains the pattern in another case only"
        return "does not contain the pattern"


def _spans(name: str, raw: bytes, needle: bytes) -> tuple[Span, ...]:
    """Where `needle` is in `raw`, as code points of `name`, the surrogateescape-decoded raw.

    Worked out on bytes, as Go does: a pattern of raw bytes may match inside a character, and
    the span then holds the whole character.
    """
    found: list[int] = []
    at = raw.find(needle) if needle else -1
    while at >= 0:
        found.append(at)
        at = raw.find(needle, at + len(needle))
    if not found:
        return ()
    if len(name) == len(raw):
        return tuple(Span(start, start + len(needle)) for start in found)
    ends = list(accumulate(len(c.encode("utf-8", "surrogateescape")) for c in name))
    return tuple(
        Span(bisect_right(ends, start), bisect_left(ends, start + len(needle)) + 1)
        for start in found
    )
