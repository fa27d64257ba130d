"""The few system calls of a durable write, shared by configs, recovery files and backups."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

# Some file systems cannot sync a folder and say so with these.
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


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
    # The target's own name is shortened: a name of 255 bytes is legal and leaves no room.
    stem = os.fsencode(target.name)[:100]
    name = b".%s.%s.krakend-tui" % (stem, secrets.token_hex(8).encode())
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


def write_private(target: Path, data: bytes) -> None:
    """Write `data` to `target` (0600), atomically and durably. OSError as it comes."""
    with temporary_beside(target) as (descriptor, temporary):
        write_all(descriptor, data)
        os.fsync(descriptor)
        os.rename(temporary, target)
    sync_folder(target.parent)
