"""The few system calls of a durable write, shared by configs, recovery files and backups."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

# Some file systems cannot sync a folder and say so with these.
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})

_SUFFIX = b".krakend-tui"
_LEFT_BEHIND_SECONDS = 3600.0


def write_all(descriptor: int, data: bytes, offset: int = 0) -> None:
    """All of `data` at `offset`, whatever number of calls it takes."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written


def sync_folder(folder: Path) -> OSError | None:
    """Make a rename in `folder` durable; the error when the disk did not confirm it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        return error
    try:
        os.fsync(descriptor)
    except OSError as error:
        return None if error.errno in _CANNOT_SYNC else error
    finally:
        os.close(descriptor)
    return None


@contextlib.contextmanager
def temporary_beside(target: Path) -> Iterator[tuple[int, Path]]:
    """A new empty file (0600, open for writing) in the folder of `target`.

    It is removed at the end unless it was renamed. The name cannot be guessed, and an
    existing file or symlink of that name is never opened. OSError when it cannot be made.
    """
    name = _prefix(target) + os.urandom(8).hex().encode() + _SUFFIX
    path = target.parent / os.fsdecode(name)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor, path
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(path)


def sweep_beside(target: Path, now: float) -> None:
    """Remove what writes of `target` left behind that were killed more than an hour ago.

    They may hold secrets, and nobody else knows of them. Only this user's regular files with
    exactly our kind of name; what cannot be removed stays.
    """
    prefix = _prefix(target)
    length = len(prefix) + 16 + len(_SUFFIX)
    with contextlib.suppress(OSError), os.scandir(os.fsencode(target.parent)) as entries:
        for entry in entries:
            name = entry.name
            if len(name) == length and name.startswith(prefix) and name.endswith(_SUFFIX):
                _remove_old(entry, now)


def _remove_old(entry: os.DirEntry[bytes], now: float) -> None:
    with contextlib.suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        if (
            entry.is_file(follow_symlinks=False)
            and status.st_uid == os.geteuid()
            and now - status.st_mtime > _LEFT_BEHIND_SECONDS
        ):
            os.unlink(entry.path)


def _prefix(target: Path) -> bytes:
    # Shortened: a name of 255 bytes is legal and leaves no room.
    return b".%s." % os.fsencode(target.name)[:100]


def write_private(target: Path, data: bytes) -> None:
    """Write `data` to `target` (0600), atomically and durably. OSError as it comes."""
    with temporary_beside(target) as (descriptor, temporary):
        write_all(descriptor, data)
        os.fsync(descriptor)
        os.rename(temporary, target)
    sync_folder(target.parent)
