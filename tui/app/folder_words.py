"""The plugin folder's state in a few words, for the line between the fields and the files."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from tui.folder import EntryKind, FolderListing, FolderStatus
from tui.krakend.plugin_block import PluginBlock, looked_up_from
from tui.krakend.scan import Scan
from tui.options import Options


class FolderWords(NamedTuple):
    """`place` is a path that may be shortened from its left; `kind` is error, warning or dim."""

    words: str
    place: str = ""
    kind: str = "dim"


def folder_words(
    block: PluginBlock, options: Options, listing: FolderListing, scan: Scan
) -> FolderWords:
    """What is wrong with the folder, else what would match, else where a relative one starts."""
    folder = block.folder_text
    looked = looked_up_from(folder or "", listing.path)
    if not block.is_loaded:
        return FolderWords("no plugin block: KrakenD loads no plugin", kind="warning")
    if folder is None:
        return FolderWords("not a text: KrakenD does not start", kind="error")
    if not folder and options.plugins_override is None:
        return FolderWords("empty: KrakenD finds no folder", kind="error")
    if listing.status is FolderStatus.ABSENT and options.plugins_override is not None:
        return FolderWords("--plugins is missing:", listing.path, "error")
    if listing.status is FolderStatus.ABSENT:
        return FolderWords("missing, looked in" if looked else "missing", looked, "error")
    if listing.status is FolderStatus.NOT_A_FOLDER:
        return FolderWords("a file, not a folder", kind="error")
    if listing.status is FolderStatus.UNREADABLE:
        return FolderWords("not readable by this user", kind="error")
    near = near_words(scan)
    if near:
        return FolderWords(near, kind="warning")
    if not folder.endswith("/") and options.plugins_override is None:
        return FolderWords("no / at the end: Enter adds it", kind="warning")
    if options.plugins_override is not None:
        return FolderWords("--plugins:", listing.path)
    return FolderWords("relative to", looked) if looked else FolderWords("")


def near_words(scan: Scan) -> str:
    """When nothing matches: what nearly does; "" else."""
    if scan.loaded or not len(scan):
        return ""
    if scan.near_misses:
        return f"{_files_match(len(scan.near_misses))} when case is ignored"
    if any(mark in scan.pattern for mark in "*?["):
        files = [entry for entry in scan.listing.entries if entry.kind is not EntryKind.DIRECTORY]
        names = [entry.text for entry in files]
        globbed = sum(fnmatchcase(name, scan.pattern) for name in names)
        if globbed:
            return f"no glob: as one, {_files_match(globbed)}"
    plugins = len(Scan(scan.listing, ".so").loaded)
    return f"no file matches; .so is in {plugins}" if plugins else "no file matches"


def _files_match(count: int) -> str:
    return "1 file matches" if count == 1 else f"{count} files match"
