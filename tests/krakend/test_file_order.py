"""The orders of the folder pane: whatever the order, every entry is there once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.file_order import FileOrder, in_order
from tui.krakend.scan import Scan

NAMES = st.text("ab.soSO", min_size=1, max_size=6)
FILES = st.dictionaries(NAMES, st.tuples(st.sampled_from(EntryKind), st.integers(0, 9)), max_size=9)


def scan_of(files: dict[str, tuple[EntryKind, int]]) -> Scan:
    entries = (
        FolderEntry(name.encode(), kind, mtime_ns=time)
        for name, (kind, time) in sorted(files.items())
    )
    return Scan(FolderListing("/p", FolderStatus.OK, tuple(entries)), ".so")


@given(FILES, st.sampled_from(FileOrder))
def test_every_entry_is_there_once(
    files: dict[str, tuple[EntryKind, int]], order: FileOrder
) -> None:
    assert sorted(in_order(scan_of(files), order)) == list(range(len(files)))


@given(FILES)
def test_as_krakend_loads_is_the_folders_order(files: dict[str, tuple[EntryKind, int]]) -> None:
    assert list(in_order(scan_of(files), FileOrder.LOAD)) == list(range(len(files)))


@given(FILES)
def test_by_match_has_what_loads_then_near_misses_then_the_rest(
    files: dict[str, tuple[EntryKind, int]],
) -> None:
    scan = scan_of(files)
    order = list(in_order(scan, FileOrder.MATCH))
    loaded, near = list(scan.loaded), list(scan.near_misses)
    assert order[: len(loaded)] == loaded
    assert order[len(loaded) : len(loaded) + len(near)] == near


@given(FILES)
def test_by_time_is_newest_first(files: dict[str, tuple[EntryKind, int]]) -> None:
    scan = scan_of(files)
    times = [scan.listing.entries[index].mtime_ns for index in in_order(scan, FileOrder.TIME)]
    assert times == sorted(times, reverse=True)


def test_the_orders_come_round() -> None:
    seen = [FileOrder.LOAD]
    while seen[-1].next is not FileOrder.LOAD:
        seen.append(seen[-1].next)
    assert set(seen) == set(FileOrder)
