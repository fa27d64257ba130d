"""Read a config once: its bytes, its hash, and all that a faithful save needs to know."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO

from tui.storage.disk import close_quietly
from tui.storage.errors import (
    IsAFolder,
    Missing,
    NoPermission,
    NotRegular,
    ReadRefused,
    TooLarge,
    Unreadable,
    shown,
)

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes. The largest real configs have a few MB; beyond this it is not a config."""

_CHUNK = 1 << 20
# What stays in the processor's cache between the read and the comparison.
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What is known of a config, without its content. `path` as given, `real_path` with every
    symlink followed.

    `digest` is the sha256 of the content in hex, `mode` the permission bits, `links` the number
    of hard links. `writable` says whether this process may change the file itself;
    `write_problem` is empty then, else the reason in words.
    """

    path: Path
    real_path: Path
    digest: str
    mode: int
    uid: int
    gid: int
    links: int
    is_symlink: bool
    writable: bool
    write_problem: str

    def holding(self, data: bytes, digest: str) -> ConfigFile:
        """The same file with another content."""
        known = {name: getattr(self, name) for name in _KNOWN}
        return ConfigFile(**{**known, "digest": digest}, data=data)


@dataclass(frozen=True, slots=True)
class ConfigFile(KnownFile):
    """A config as it was read, with its content."""

    data: bytes

    @property
    def known(self) -> KnownFile:
        """Without its content, which may be large."""
        return KnownFile(**{name: getattr(self, name) for name in _KNOWN})


_KNOWN = tuple(field.name for field in fields(KnownFile))


def digest_of(data: bytes) -> str:
    """The sha256 of `data` in hex, by which versions of a file are told apart."""
    return hashlib.sha256(data).hexdigest()


def read_config(path: Path) -> ConfigFile:
    """The regular file at `path`, which may be a symlink.

    Raises a ReadRefused: Missing, IsAFolder, NoPermission, NotRegular (never opened),
    TooLarge (over SIZE_LIMIT) or Unreadable.
    """
    try:
        real_path = Path(os.path.realpath(path))
        is_symlink = path.is_symlink()
        with _opened(path) as (descriptor, status):
            data = _read_all(descriptor, status.st_size)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    _refuse_too_large(data, shown(path))
    refusal = refusal_to_write(real_path)
    return ConfigFile(
        path=path,
        real_path=real_path,
        data=data,
        digest=digest_of(data),
        mode=stat.S_IMODE(status.st_mode),
        uid=status.st_uid,
        gid=status.st_gid,
        links=status.st_nlink,
        is_symlink=is_symlink,
        writable=refusal is None,
        write_problem="" if refusal is None else str(refusal.strerror),
    )


def holds(path: Path, data: bytes) -> bool:
    """Whether the file at `path` holds just `data`; False also where it cannot be read.

    Compared piece by piece: nothing of it is kept, and no digest is needed.
    """
    try:
        with _opened(path) as (descriptor, status):
            if status.st_size != len(data):
                return False
            place = 0
            while piece := os.read(descriptor, _PIECE):
                if not data.startswith(piece, place):
                    return False
                place += len(piece)
            return place == len(data)
    except (OSError, ValueError, ReadRefused):
        return False


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[int, os.stat_result]]:
    """The regular file at `path`, open, and its status. OSError, ValueError, ReadRefused."""
    _refuse_other_kinds(path, os.stat(path))
    # Between the two calls somebody may put a FIFO there: do not block on it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        _refuse_other_kinds(path, status)
        yield descriptor, status
    finally:
        close_quietly(descriptor)


def read_stream(stream: BinaryIO, name: str) -> bytes:
    """All of a stream, such as standard input, which is called `name` in errors.

    Raises TooLarge (over SIZE_LIMIT) or Unreadable.
    """
    try:
        data = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{name} cannot be read: {error}", "Give the path of a file.") from error
    _refuse_too_large(data, name)
    return data


def _refuse_too_large(data: bytes, name: str) -> None:
    if len(data) > SIZE_LIMIT:
        raise TooLarge(
            f"{name} is larger than {SIZE_LIMIT >> 20} MB, too large for a KrakenD config",
            "Check that this is the right file.",
        )


def refusal_to_write(real_path: Path) -> OSError | None:
    """Why this process may not change the file at `real_path`; None when it may.

    `strerror` is the reason in words, `errno` EROFS or EACCES. The file's own permission
    counts, also where the folder would let us replace it: who made a file read-only, or
    owns it, did not mean it to be swapped for another.
    """
    if os.access(real_path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return None
    try:
        read_only = os.statvfs(real_path).f_flag & os.ST_RDONLY
        owner = os.stat(real_path).st_uid
    except OSError as error:
        return OSError(error.errno, f"it cannot be examined ({error.strerror})")
    if read_only:
        return OSError(errno.EROFS, "it is on a read-only file system")
    if os.geteuid() == 0:
        reason = "it is marked immutable (lsattr shows it), or the system forbids it"
    elif owner == os.geteuid():
        reason = "the file is read-only (chmod u+w makes it writable)"
    else:
        reason = f"this user may not write it (it belongs to user id {owner})"
    return OSError(errno.EACCES, reason)


def _read_all(descriptor: int, expected: int) -> bytes:
    """At most one chunk more than SIZE_LIMIT, whatever the size says (/proc files say 0).

    What is as long as `expected` is read in one piece, which is not copied.
    """
    chunks: list[bytes] = []
    size = 0
    while size <= SIZE_LIMIT:
        chunk = os.read(descriptor, max(_CHUNK, min(expected, SIZE_LIMIT) - size))
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _refuse_other_kinds(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _is_a_folder(path)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegular(
            f"{shown(path)} is {_kind_in_words(status.st_mode)}, not a regular file",
            "Give the path of the config file itself; piped text: krakend-tui check - < FILE.",
        )


def _kind_in_words(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a FIFO (named pipe)"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def _is_a_folder(path: Path) -> IsAFolder:
    return IsAFolder(
        f"{shown(path)} is a folder, not a config file",
        f"Give the file in it, for example {shown(path / 'krakend.json')}.",
    )


def _refusal(path: Path, error: OSError | ValueError) -> ReadRefused:
    name = shown(path)
    if not isinstance(error, OSError):
        return Missing(f"{name} cannot be a path: {error}", "Check the path.")
    if error.errno == errno.EISDIR:
        return _is_a_folder(path)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        if path.is_symlink():
            return Missing(
                f"{name} is a symlink to {shown(os.readlink(path))}, which does not exist",
                "Mend the link or give the path of the file itself.",
            )
        return Missing(f"{name} does not exist", "Check the path, or try `krakend-tui demo`.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return NoPermission(
            f"no permission to read {name}",
            "Read it as its owner or with sudo (`ls -l` shows who may read it).",
        )
    if error.errno == errno.ELOOP:
        return Unreadable(f"{name} is a symlink that leads back to itself", "Mend the link.")
    reason = error.strerror or type(error).__name__
    return Unreadable(f"{name} cannot be read: {reason}", "Check the disk and the path.")
