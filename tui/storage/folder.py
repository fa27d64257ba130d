"""List the plugin folder as KrakenD would see it, without opening anything in it."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus

MOST_LOOKED_AT = 1_000
"""Entries of a folder, where it is not the plugin folder itself."""

_KINDS = {
    stat.S_IFREG: EntryKind.FILE,
    stat.S_IFDIR: EntryKind.DIRECTORY,
    stat.S_IFLNK: EntryKind.SYMLINK,
    stat.S_IFIFO: EntryKind.FIFO,
    stat.S_IFSOCK: EntryKind.SOCKET,
    stat.S_IFCHR: EntryKind.DEVICE,
    stat.S_IFBLK: EntryKind.DEVICE,
}


def list_folder(path: str | bytes) -> FolderListing:
    """The direct entries of the folder at `path`, in bytewise order of name.

    Never raises: what is wrong with the folder is in the status. A path that no folder can
    have (empty, or with a NUL) is ABSENT.
    """
    shown_path = os.fsdecode(path)
    try:
        with os.scandir(os.fsencode(path)) as found:
            entries = [entry for item in found if (entry := _entry(item)) is not None]
    except (FileNotFoundError, ValueError):
        return FolderListing(shown_path, FolderStatus.ABSENT)
    except NotADirectoryError:
        return FolderListing(shown_path, FolderStatus.NOT_A_FOLDER)
    except OSError:
        return FolderListing(shown_path, FolderStatus.UNREADABLE)
    entries.sort(key=lambda entry: entry.name)
    return FolderListing(shown_path, FolderStatus.OK, tuple(entries))


def folders_beginning(typed: str, start: str) -> list[str]:
    """What `typed`, the beginning of a folder's path, can be completed to: each with what was
    typed before its last slash and a slash at the end, in order of name.

    A relative path starts from `start`. Hidden folders come only when a dot was typed, names
    that are not UTF-8 never: JSON cannot hold them. Never raises.
    """
    head, slash, stem = typed.rpartition("/")
    head += slash
    listing = list_folder(os.path.join(start, head))
    found = [entry.name for entry in listing.entries if _leads_to_folder(entry)]
    names = [name for raw in found if (name := _as_text(raw)) and name.startswith(stem)]
    shown = [name for name in names if stem or not name.startswith(".")]
    above = [stem] if stem in (".", "..") else []
    return [f"{head or './' * (not typed)}{name}/" for name in above + shown]


def folders_with(listing: FolderListing, part: bytes) -> tuple[str, ...]:
    """The sub-folders that hold something, no folder, whose name contains `part`.

    Looked at are the first MOST_LOOKED_AT of each; names that are not UTF-8 are left out.
    """
    names: list[str] = []
    folders = (entry.name for entry in listing.entries if entry.kind is EntryKind.DIRECTORY)
    for raw in islice(folders, MOST_LOOKED_AT):
        name = _as_text(raw)
        below = _scan(os.path.join(os.fsencode(listing.path), raw)) if name else ()
        if any(part in item.name and not item.is_dir(follow_symlinks=False) for item in below):
            names.append(name)
    return tuple(names)


def folders_beside(path: str) -> tuple[str, ...]:
    """The folders that are where `path` would be, hidden ones left out, by name."""
    beside = _scan(os.fsencode(os.path.dirname(os.path.normpath(path))))
    names = [_as_text(item.name) for item in beside if item.is_dir()]
    return tuple(sorted(name for name in names if name and not name.startswith(".")))


def _scan(path: bytes) -> list[os.DirEntry[bytes]]:
    try:
        with os.scandir(path) as found:
            return list(islice(found, MOST_LOOKED_AT))
    except (OSError, ValueError):
        return []


def _leads_to_folder(entry: FolderEntry) -> bool:
    return EntryKind.DIRECTORY in (entry.kind, entry.target_kind)


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""


def exists(path: str | Path) -> bool:
    """Whether anything is at `path`; False also where this user may not look."""
    return os.path.exists(path)


def _entry(item: os.DirEntry[bytes]) -> FolderEntry | None:
    """None when the entry vanished while the folder was listed."""
    try:
        own = item.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:
        # A folder with r but without x names its entries and hides everything else.
        return FolderEntry(item.name, _kind_without_stat(item))
    kind = _KINDS.get(stat.S_IFMT(own.st_mode), EntryKind.OTHER)
    if kind is not EntryKind.SYMLINK:
        return _filled(item.name, kind, own)
    try:
        link_target = os.readlink(item.path)
    except OSError:
        return None
    try:
        target = os.stat(item.path)
    except OSError:
        return _filled(item.name, kind, own, link_target)
    target_kind = _KINDS.get(stat.S_IFMT(target.st_mode), EntryKind.OTHER)
    return _filled(item.name, kind, target, link_target, target_kind)


def _filled(
    name: bytes,
    kind: EntryKind,
    status: os.stat_result,
    link_target: bytes | None = None,
    target_kind: EntryKind | None = None,
) -> FolderEntry:
    return FolderEntry(
        name=name,
        kind=kind,
        link_target=link_target,
        target_kind=target_kind,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        device=status.st_dev,
        inode=status.st_ino,
    )


def _kind_without_stat(item: os.DirEntry[bytes]) -> EntryKind:
    if item.is_symlink():
        return EntryKind.SYMLINK
    if item.is_dir(follow_symlinks=False):
        return EntryKind.DIRECTORY
    if item.is_file(follow_symlinks=False):
        return EntryKind.FILE
    return EntryKind.OTHER
