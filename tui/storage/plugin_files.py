"""Read a plugin file's bytes; nothing of it is ever mapped executable, loaded or run."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from typing import NamedTuple

from tui.folder import FolderEntry
from tui.storage.errors import PluginUnreadable

SIZE_LIMIT = 512 * 1024 * 1024
"""Bytes. Real Go plugins have 5 to 60 MB."""

_CHUNK = 4 << 20


class FileStatus(NamedTuple):
    """What stat(2) says: `mode` are the permission bits, `owner` and `group` names or numbers,
    `mtime_ns` is counted from 1970 in UTC."""

    size: int
    mtime_ns: int
    mode: int
    owner: str
    group: str


def file_status(path: str) -> FileStatus:
    """The status of the file at `path`. Raises PluginUnreadable."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise PluginUnreadable(f"it cannot be read: {error.strerror}") from error
    return FileStatus(
        status.st_size,
        status.st_mtime_ns,
        stat.S_IMODE(status.st_mode),
        _user(status.st_uid),
        _group(status.st_gid),
    )


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def read_plugin(
    folder: str | bytes, entry: FolderEntry, *, limit: int | None = None, what: str = "a plugin"
) -> bytes:
    """The bytes of `entry` of `folder`, which is to be `what` of at most `limit` bytes.

    Read, not mapped: a mapping of a file that is truncated meanwhile (`go build` over it)
    ends the process with SIGBUS, and a copy of 12 MB costs 5 ms.
    Raises PluginUnreadable, for whatever is no regular file without opening it.
    """
    if not entry.is_regular:
        raise PluginUnreadable(f"it is a {(entry.target_kind or entry.kind).value}, not a file")
    path = os.path.join(os.fsencode(folder), entry.name)
    return _read(path, limit or SIZE_LIMIT, what, "it has vanished meanwhile")


def read_binary(path: str) -> bytes:
    """The bytes of the program at `path`. Raises PluginUnreadable, as read_plugin does."""
    return _read(os.fsencode(path), SIZE_LIMIT, "a program", "it does not exist")


def _read(path: bytes, limit: int, what: str, gone: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            return _read_regular(descriptor, limit, what)
        finally:
            os.close(descriptor)
    except PermissionError as error:
        raise PluginUnreadable("no permission to read it") from error
    except FileNotFoundError as error:
        raise PluginUnreadable(gone) from error
    except OSError as error:
        raise PluginUnreadable(f"it cannot be read: {error.strerror}") from error


def _read_regular(descriptor: int, limit: int, what: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise PluginUnreadable("it is not a regular file")
    if status.st_size > limit:
        raise PluginUnreadable(
            f"it is too large to be {what} ({status.st_size >> 20} MB; "
            f"up to {limit >> 20} MB are read)"
        )
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := os.read(descriptor, _CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)
