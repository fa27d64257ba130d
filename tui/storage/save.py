"""Save a config: the old file or the new one, never a mix, and everything about it kept."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tui.storage.backup import keep_backup
from tui.storage.disk import (
    close_quietly,
    sweep_beside,
    sync_folder,
    temporary_beside,
    write_all,
)
from tui.storage.errors import (
    UNTOUCHED,
    ChangedOnDisk,
    Missing,
    ReadRefused,
    SaveError,
    StateUnwritable,
    save_error,
    shown,
)
from tui.storage.faithful import copy_looks
from tui.storage.in_place import write_in_place
from tui.storage.read import ConfigFile, digest_of, read_config, refusal_to_write
from tui.storage.state import state_folder

# No new file or no rename is to be had, but the file itself may be writable: a read-only or
# sticky folder, a file that is a mount point (docker run -v krakend.json:...).
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV})


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished save: the file as it is now, how it was written, and a sentence about it.

    `note` is empty when there is nothing to say; `backup` is where the version before lies,
    when one was kept. When it is not `confirmed`, the file is the new one, but the disk reported
    an error afterwards: a power cut may yet bring back the old one.
    """

    file: ConfigFile
    how: Literal["renamed", "in-place"]
    note: str = ""
    backup: Path | None = None
    confirmed: bool = True


class _WriteInPlace(Exception):
    """A rename would not do; the reason in words."""


def save_config(
    file: ConfigFile, data: bytes, *, anew: bool = False, state: Path | None = None
) -> Saved:
    """Write `data` where `file` was read from.

    A new file in the same folder takes the place of the old one in one step (rename), with
    its owner, mode and attributes; symlinks stay. Where that is refused, or would split hard
    links or lose the owner, the file is written in place after a backup in `state` (default:
    the user's state folder), and `Saved.note` says so.

    Raises ChangedOnDisk when the file is no longer what `file` holds (with `anew` one that was
    deleted is made again, but nothing else is ever overwritten), SaveError when it cannot be
    written (`untouched` and the message tell its state), and ReadRefused when something that is
    no file took its place.
    """
    current = _current(file, anew=anew)
    if current is None:
        return _recreate(file, data)
    if refusal := refusal_to_write(current.real_path):
        raise save_error(file.path, refusal, UNTOUCHED, untouched=True)
    backup, backup_problem = _backup(current, state)
    try:
        doubt = _replace(file, current, data)
        return _saved(file, data, "renamed", backup_problem, backup, doubt)
    except _WriteInPlace as reason:
        if backup is None:
            raise SaveError(
                f"{shown(file.path)} was not saved: {reason}, and it is not written in place "
                f"without a backup. {backup_problem} {UNTOUCHED}",
                "Set XDG_STATE_HOME to a folder that you can write, then save again.",
            ) from None
        doubt = write_in_place(file.path, current, data, backup)
        note = f"Written in place, since {reason}. The version before is in {shown(backup)}."
        return _saved(file, data, "in-place", note, backup, doubt)


def _current(file: ConfigFile, *, anew: bool = False) -> ConfigFile | None:
    """The file as it is on disk now, if that is what the caller knows; None when it was deleted
    and is wanted `anew`."""
    try:
        current = read_config(file.path)
    except Missing:
        if anew:
            return None
        raise ChangedOnDisk(file.path, None) from None
    if current.digest != file.digest:
        raise ChangedOnDisk(file.path, current)
    return current


def _replace(file: ConfigFile, current: ConfigFile, data: bytes) -> OSError | None:
    """Put a new file in the place of `current`; why that is not confirmed, if it is not.
    _WriteInPlace when refused."""
    if current.links > 1:
        raise _WriteInPlace(f"it has {current.links} hard links, which a new file would split")
    target = current.real_path
    try:
        with contextlib.ExitStack() as stack:
            with _refusals("its folder allows no new file"):
                new = stack.enter_context(temporary_beside(target))
            write_all(new.descriptor, data)
            _keep_looks(target, new.descriptor)
            new.finish()
            # As late as can be: what somebody else wrote meanwhile is not overwritten.
            _current(file)
            with _refusals("its folder or mount refuses a new file in its place"):
                os.rename(new.path, target)
    except OSError as error:
        raise save_error(file.path, error, UNTOUCHED, untouched=True) from error
    return sync_folder(target.parent)


def _recreate(file: ConfigFile, data: bytes) -> Saved:
    """The file was deleted, and the caller wants it back."""
    target = file.real_path
    try:
        with temporary_beside(target) as new:
            write_all(new.descriptor, data)
            with contextlib.suppress(PermissionError):
                os.fchown(new.descriptor, file.uid, file.gid)
            os.fchmod(new.descriptor, file.mode)
            new.finish()
            # Somebody else may have made it meanwhile.
            remade = _current(file, anew=True)
            if remade is not None:
                raise ChangedOnDisk(file.path, remade)
            os.rename(new.path, target)
    except OSError as error:
        state = "The file had been deleted and still is."
        raise save_error(file.path, error, state, untouched=True) from error
    return _saved(file, data, "renamed", "", None, sync_folder(target.parent))


def _keep_looks(target: Path, descriptor: int) -> None:
    source = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        lost = copy_looks(source, descriptor)
    finally:
        close_quietly(source)
    if lost:
        raise _WriteInPlace(f"{lost} could not be given to a new file")


@contextlib.contextmanager
def _refusals(why: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _REFUSED:
            raise _WriteInPlace(f"{why} ({error.strerror})") from error
        raise


def _backup(current: ConfigFile, state: Path | None) -> tuple[Path | None, str]:
    """Where the version on disk was kept; None and the reason when it could not be."""
    try:
        folder = state or state_folder(os.environ)
        return keep_backup(folder, current.real_path, current.data), ""
    except StateUnwritable as error:
        return None, f"No backup was kept: {error.message}."


def _saved(
    file: ConfigFile,
    data: bytes,
    how: Literal["renamed", "in-place"],
    note: str,
    backup: Path | None,
    doubt: OSError | None,
) -> Saved:
    """`doubt` is what the disk reported after it had taken everything."""
    if doubt is not None:
        words = f"The disk did not confirm it ({doubt.strerror}): your text is kept as well."
        note = f"{words} {note}".rstrip()
    sweep_beside(file.real_path, time.time())
    try:
        now = read_config(file.path)
    except ReadRefused:
        now = file
    # What we wrote, not what is there: a writer right after us must show as a conflict.
    return Saved(replace(now, data=data, digest=digest_of(data)), how, note, backup, doubt is None)
