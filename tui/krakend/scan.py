"""lura's scan of the plugin folder. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.diagnostic import Span
from tui.folder import FolderEntry, FolderListing


@dataclass(frozen=True, slots=True)
class ScannedEntry:
    """One entry as KrakenD sees it with the pattern.

    `name` is decoded with surrogateescape. `spans` are the places of the pattern in `name`
    (code points, not overlapping), also for directories. `order` is None when KrakenD does
    not open it, and `reason` then says why in words.
    """

    entry: FolderEntry
    name: str
    matches: bool
    spans: tuple[Span, ...]
    order: int | None
    reason: str


class Scan:
    """A listing judged with a pattern: one substring pass; a row is worked out when asked for."""

    listing: FolderListing
    pattern: str
    loaded: Sequence[int]
    """Indices into listing.entries that KrakenD opens, in the order in which it does."""

    def __init__(self, listing: FolderListing, pattern: str) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of entries of the folder."""
        raise NotImplementedError

    def entry(self, index: int) -> ScannedEntry:
        raise NotImplementedError
