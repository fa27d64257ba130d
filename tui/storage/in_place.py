"""Overwrite a file where a new one cannot take its place. Not atomic: only after a backup."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui.storage.disk import close_quietly, write_all
from tui.storage.errors import UNTOUCHED, ChangedOnDisk, SaveError, save_error, shown
from tui.storage.read import ConfigFile, read_config


def write_in_place(path: Path, current: ConfigFile, data: bytes, backup: Path) -> OSError | None:
    """Make the file that `current` was read from hold `data`; what the disk reported when it was
    closed, after it had confirmed everything.

    `backup` is where its bytes have been kept. When the disk refuses half-way, the old bytes
    are put back; when that fails too, the SaveError says so and names the backup. Raises
    ChangedOnDisk when it is no longer what `current` holds.
    """
    flags = os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(current.real_path, flags)
    except OSError as error:
        raise save_error(path, error, UNTOUCHED, untouched=True) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SaveError(f"{shown(path)} is no file any more. {UNTOUCHED}", "Look at the path.")
        if _content(descriptor) != current.data:
            raise ChangedOnDisk(path, read_config(path))
        _overwrite(descriptor, path, current.data, data, backup)
    except BaseException:
        close_quietly(descriptor)
        raise
    try:
        os.close(descriptor)
    except OSError as error:
        return error
    return None


def _overwrite(descriptor: int, path: Path, old: bytes, new: bytes, backup: Path) -> None:
    try:
        _put(descriptor, new)
    except OSError as error:
        try:
            _put(descriptor, old)
        except OSError:
            state = f"The file is damaged now; its old content is in {shown(backup)}."
            raise save_error(path, error, state, untouched=False) from error
        state = "It was written in place and the old content put back."
        raise save_error(path, error, state, untouched=True) from error


def _put(descriptor: int, data: bytes) -> None:
    # One write, padded to the length of now with line ends, which mean nothing to a JSON parser:
    # whoever reads the file before it is cut to length (KrakenD starting, a crash) reads the
    # new text and not a mix of both.
    write_all(descriptor, data + b"\n" * (os.fstat(descriptor).st_size - len(data)))
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size + 1, 0)
