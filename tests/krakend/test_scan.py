"""Scan against a model: os.ReadDir's entries, IsDir, strings.Contains on bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.diagnostic import Span
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.scan import Scan

# Few letters, so that patterns do match; é and the lone bytes share bytes with each other.
PIECES = [b"a", b".so", b"A", "é".encode(), b"\xc3", b"\xa9", b"\xff", "🦑".encode(), b" ", b"\n"]
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(b"".join)
KINDS = st.sampled_from(list(EntryKind))
PATTERNS = st.lists(st.sampled_from([".so", "a", "é", "🦑", "s"]), max_size=3).map("".join)


def listing(entries: dict[bytes, EntryKind]) -> FolderListing:
    rows = (FolderEntry(name, kind) for name, kind in sorted(entries.items()))
    return FolderListing("/p", FolderStatus.OK, tuple(rows))


@given(st.dictionaries(NAMES, KINDS, max_size=8), PATTERNS)
@example({b"x.so": EntryKind.DIRECTORY, b"y.so": EntryKind.SYMLINK}, ".so")
@example({b"x.so": EntryKind.FIFO}, "")
def test_loads_what_lura_loads_in_its_order(entries: dict[bytes, EntryKind], pattern: str) -> None:
    scan = Scan(listing(entries), pattern)
    wanted = [
        name
        for name in sorted(entries)
        if entries[name] is not EntryKind.DIRECTORY and pattern.encode() in name
    ]
    assert [entry.name for entry in scan.loaded_entries()] == wanted
    rows = [scan.entry(index) for index in range(len(scan))]
    assert [row.entry.name for row in rows if row.order is not None] == wanted
    orders = [row.order for row in rows if row.order is not None]
    assert orders == list(range(len(wanted)))
    for row in rows:
        assert row.matches == (pattern.encode() in row.entry.name)
        assert (row.reason == "") == (row.order is not None)


@given(NAMES, PATTERNS.filter(bool))
def test_spans_show_the_pattern_in_the_decoded_name(name: bytes, pattern: str) -> None:
    row = Scan(listing({name: EntryKind.FILE}), pattern).entry(0)
    for span in row.spans:
        assert row.name[span.start : span.end] == pattern
    assert len(row.spans) == name.count(pattern.encode())
    # A pattern of whole characters matches bytes exactly where it matches code points.
    assert (pattern in row.name) == (pattern.encode() in name) == row.matches


def test_spans_of_raw_bytes_hold_the_whole_character() -> None:
    row = Scan(listing({"né.so".encode(): EntryKind.FILE}), "\udca9.so").entry(0)
    assert row.spans == (Span(1, 5),)


def test_empty_pattern_matches_all_and_marks_nothing() -> None:
    row = Scan(listing({b"README": EntryKind.FILE}), "").entry(0)
    assert (row.matches, row.spans, row.order) == (True, (), 0)


def test_reasons() -> None:
    scan = Scan(
        listing({b"a.SO": EntryKind.FILE, b"b.so": EntryKind.DIRECTORY, b"c.txt": EntryKind.FILE}),
        ".so",
    )
    assert [scan.entry(index).reason for index in range(3)] == [
        "contains the pattern in another case only",
        "is a directory: KrakenD skips it",
        "does not contain the pattern",
    ]


@given(st.dictionaries(NAMES, KINDS, max_size=8), PATTERNS)
def test_near_misses_load_once_case_does_not_matter(
    entries: dict[bytes, EntryKind], pattern: str
) -> None:
    scan = Scan(listing(entries), pattern)
    near = [scan.listing.entries[index] for index in scan.near_misses]
    assert not set(near) & set(scan.loaded_entries())
    for entry in scan.listing.entries:
        folded = entry.name.decode("utf-8", "surrogateescape").casefold()
        opened = entry in near or entry in scan.loaded_entries()
        is_file = entry.kind is not EntryKind.DIRECTORY
        assert opened == (is_file and pattern.casefold() in folded)


def test_a_pattern_with_a_lone_surrogate_is_gos_replacement_character() -> None:
    assert Scan(listing({"x\ufffd".encode(): EntryKind.FILE}), "\ud800").loaded == [0]


@given(st.lists(st.binary(min_size=1, max_size=4), unique=True, max_size=8), st.binary(max_size=3))
def test_one_search_finds_the_names_that_hold_the_bytes(names: list[bytes], needle: bytes) -> None:
    names = sorted(name for name in names if b"\0" not in name)
    entries = tuple(FolderEntry(name, EntryKind.FILE) for name in names)
    listing = FolderListing("/p", FolderStatus.OK, entries)
    assert listing.holding(needle) == [i for i, name in enumerate(names) if needle in name]


def test_a_key_looks_at_the_names_that_match_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = tuple(FolderEntry(b"f%05d" % n, EntryKind.FILE) for n in range(1000))
    folder = FolderListing("/p", FolderStatus.OK, entries)
    Scan(folder, "f")
    looked: list[FolderEntry] = []
    kind = FolderEntry.__dict__["kind"]
    monkeypatch.setattr(
        FolderEntry, "kind", property(lambda entry: looked.append(entry) or kind.__get__(entry))
    )
    assert Scan(folder, "f00999").loaded == [999]
    assert Scan(folder, "none").near_misses == []
    assert len(looked) == 1
