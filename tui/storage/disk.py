"""The few system calls of a durable write, shared by configs, recovery files and backups."""

from __future__ import annotations

import contextlib
import errno
import math
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from tui.storage.process import SESSION

# Some file systems cannot sync a folder and say so with these.
_CANNOT_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})

_SUFFIX = b".krakend-tui"
_OWN_PART = len(SESSION) + 8
_LEFT_BEHIND_SECONDS = 3600.0


def write_all(descriptor: int, data: bytes, offset: int = 0) -> int:
    """All of `data` at `offset`, whatever number of calls it takes; where it ends."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written
    return offset


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
        close_quietly(descriptor)
    return None


def close_quietly(descriptor: int) -> None:
    """Close what was only read, or is given up: an error says nothing about any content."""
    with contextlib.suppress(OSError):
        os.close(descriptor)


class NewFile:
    """A new file, open for writing; never one that is there already."""

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self.path = path
        self.descriptor = os.open(path, flags, mode)
        self._is_open = True

    def finish(self) -> None:
        """Have the disk confirm what was written. OSError: a network file system and a quota
        report what became of earlier writes here, some of them at close alone."""
        os.fsync(self.descriptor)
        # Linux lets the descriptor go whatever close returns: it is never closed twice.
        self._is_open = False
        os.close(self.descriptor)

    def discard(self) -> None:
        """Close it, if that is still to do, and remove it, unless it was renamed."""
        if self._is_open:
            self._is_open = False
            close_quietly(self.descriptor)
        with contextlib.suppress(OSError):
            os.unlink(self.path)


def new_beside(target: Path) -> NewFile:
    """A NewFile, empty, in the folder of `target`; to be finished before it is renamed.

    The name tells whose it is and cannot be guessed, and an existing file or symlink of that name
    is never opened. OSError when it cannot be made.
    """
    name = _prefix(target) + SESSION.encode() + os.urandom(4).hex().encode() + _SUFFIX
    return NewFile(target.parent / os.fsdecode(name))


@contextlib.contextmanager
def temporary_beside(target: Path) -> Iterator[NewFile]:
    """`new_beside`, removed at the end unless it was renamed."""
    new = new_beside(target)
    try:
        yield new
    finally:
        new.discard()


def sweep_beside(target: Path, now: float, ended: Collection[str] = ()) -> None:
    """Remove what writes of `target` left behind that were killed: those of the `ended` sessions,
    and whose ever are more than an hour old.

    They may hold secrets, and nobody else knows of them. Only regular files with exactly our kind
    of name, of this user or of the owner of `target`, to whom a new file is given; what cannot be
    removed stays.
    """
    owners = {os.geteuid()}
    with contextlib.suppress(OSError):
        owners.add(os.stat(target).st_uid)
    prefix = _prefix(target)
    length = len(prefix) + _OWN_PART + len(_SUFFIX)
    with contextlib.suppress(OSError), os.scandir(os.fsencode(target.parent)) as entries:
        for entry in entries:
            name = entry.name
            if len(name) == length and name.startswith(prefix) and name.endswith(_SUFFIX):
                session = os.fsdecode(name[len(prefix) :][: len(SESSION)])
                before = math.inf if session in ended else now - _LEFT_BEHIND_SECONDS
                _remove_old(entry, before, owners)


def _remove_old(entry: os.DirEntry[bytes], before: float, owners: Collection[int]) -> None:
    with contextlib.suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        if (
            entry.is_file(follow_symlinks=False)
            and status.st_uid in owners
            and status.st_mtime < before
        ):
            os.unlink(entry.path)


def _prefix(target: Path) -> bytes:
    # Shortened: a name of 255 bytes is legal and leaves no room.
    return b".%s." % os.fsencode(target.name)[:100]


def write_private(target: Path, *pieces: bytes) -> None:
    """Write the pieces to `target` (0600), atomically and durably. OSError as it comes."""
    with temporary_beside(target) as new:
        place = 0
        for piece in pieces:
            place = write_all(new.descriptor, piece, place)
        new.finish()
        os.rename(new.path, target)
    if error := sync_folder(target.parent):
        raise error
