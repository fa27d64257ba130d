"""The orders in which the entries of a plugin folder can be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from tui.krakend.scan import Scan


class FileOrder(Enum):
    """LOAD is the folder's own order, in which KrakenD opens what matches; MATCH has what it
    opens first, then the near misses, then the rest; TIME the newest first. The value is the
    word for people, "" for what is usual."""

    LOAD = ""
    MATCH = "by match"
    TIME = "by time"

    @property
    def next(self) -> FileOrder:
        """The one after this, in a circle."""
        orders = list(FileOrder)
        return orders[(orders.index(self) + 1) % len(orders)]


def in_order(scan: Scan, order: FileOrder) -> Sequence[int]:
    """The indices of all entries of the scan's listing."""
    entries = scan.listing.entries
    if order is FileOrder.LOAD:
        return range(len(entries))
    if order is FileOrder.TIME:
        return sorted(range(len(entries)), key=lambda index: -entries[index].mtime_ns)
    rank = dict.fromkeys(scan.loaded, 0) | dict.fromkeys(scan.near_misses, 1)
    return sorted(range(len(entries)), key=lambda index: rank.get(index, 2))
