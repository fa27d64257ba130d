"""Save a config: the old file or the new one, never a mix, and everything about it kept."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tui.storage.backup import PreparedBackup, prune_backups
from tui.storage.disk import (
    NewFile,
    close_quietly,
    new_beside,
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
from tui.storage.faithful import copy_looks, look_alike
from tui.storage.in_place import write_in_place
from tui.storage.read import ConfigFile, KnownFile, digest_of, holds, read_config, refusal_to_write
from tui.storage.state import state_folder

# Its path would leave no room for anything else in two lines of 80 columns.
_WAY_BACK = "`krakend-tui restore` has the version before"
# No new file or no rename is to be had, but the file itself may be writable: a read-only or
# sticky folder, a file that is a mount point (docker run -v krakend.json:...).
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV})


class Saved(NamedTuple):
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
    file: KnownFile, data: bytes, *, anew: bool = False, state: Path | None = None
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
    try:
        prepared = prepare_save(file, data, state=state)
    except ChangedOnDisk as conflict:
        if not anew or conflict.current is not None:
            raise
        return _recreate(file, data)
    try:
        return prepared.commit()
    finally:
        prepared.close()


def prepare_save(file: KnownFile, data: bytes, *, state: Path | None = None) -> PreparedSave:
    """All of `save_config` but its last step; raises what that raises, and is to be closed."""
    return PreparedSave(file, _current(file), data, state=state)


class PreparedSave:
    """A save that lacks its last step: the new file and the backup of the old one are written
    and confirmed by the disk, under names of their own. The file itself is as it was."""

    def __init__(
        self, file: KnownFile, current: ConfigFile, data: bytes, *, state: Path | None
    ) -> None:
        """Of a save of `data` over `current`, which is what is there of `file`. SaveError."""
        self._file = file
        self._current = current
        self._data = data
        self._digest = digest_of(data)
        self._state = state or state_folder(os.environ)
        self._new: NewFile | None = None
        self._backup: PreparedBackup | None = None
        self._problem = ""
        self._in_place: _WriteInPlace | None = None
        if refusal := refusal_to_write(current.real_path):
            raise save_error(file.path, refusal, UNTOUCHED, untouched=True)
        sweep_beside(current.real_path, time.time())
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        old = self._current
        try:
            self._backup = PreparedBackup(self._state, old.real_path, old.data, old.digest)
        except StateUnwritable as error:
            self._problem = f"No backup was kept: {error.message}."
        try:
            self._write_new()
        except _WriteInPlace as reason:
            self._in_place = reason
            self._discard_new()
        except OSError as error:
            raise save_error(self._file.path, error, UNTOUCHED, untouched=True) from error

    def _write_new(self) -> None:
        """A new file that can take the place of the old one; _WriteInPlace when none can."""
        links, target = self._current.links, self._current.real_path
        if links > 1:
            raise _WriteInPlace(f"it has {links} hard links, which a new file would split")
        with _refusals("its folder allows no new file"):
            self._new = new_beside(target)
        write_all(self._new.descriptor, self._data)
        with _opened(target) as source:
            if lost := copy_looks(source, self._new.descriptor):
                raise _WriteInPlace(f"{lost} could not be given to a new file")
        self._new.finish()

    @property
    def fits(self) -> bool:
        """Whether nothing is lacking, and everything but the file's content is as it was when this
        was prepared: where the path leads, what the file looks like and whether it may be written,
        and the new file, which anybody may have come upon."""
        target = self._current.real_path
        if self._backup is None:
            return False
        if os.path.realpath(self._file.path) != str(target) or refusal_to_write(target):
            return False
        if self._new is None:
            # In place everything is looked at again.
            return True
        try:
            with _opened(target) as old, _opened(self._new.path) as new:
                if os.fstat(old).st_nlink > 1 or not look_alike(old, new):
                    return False
        except OSError:
            return False
        return holds(self._new.path, self._data)

    def commit(self) -> Saved:
        """The last step; raises what `save_config` raises."""
        backup = self._keep_backup()
        try:
            doubt = self._replace()
            return self._saved("renamed", self._problem, backup, doubt)
        except _WriteInPlace as reason:
            # It would take room that writing in place may need.
            self._discard_new()
            path, current = self._file.path, self._current
            if backup is None:
                raise SaveError(
                    f"{shown(path)} was not saved: {reason}, and it is not written in place "
                    f"without a backup. {self._problem} {UNTOUCHED}",
                    "See to that folder and save again, or start with another XDG_STATE_HOME.",
                ) from None
            doubt = write_in_place(path, current, self._data, backup)
            note = f"Written in place, since {reason}: {_WAY_BACK}."
            return self._saved("in-place", note, backup, doubt)

    def _keep_backup(self) -> Path | None:
        """Where the version on disk was kept; None, and the reason in words, when it was not."""
        if self._backup is None:
            return None
        try:
            return self._backup.keep()
        except StateUnwritable as error:
            self._problem = f"No backup was kept: {error.message}."
            return None

    def _replace(self) -> OSError | None:
        """Put the new file in the place of the old one; why that is not confirmed, if it is not.
        _WriteInPlace when refused."""
        if self._in_place is not None:
            raise self._in_place
        assert self._new is not None
        target = self._current.real_path
        # As late as can be: what somebody else wrote meanwhile is not overwritten.
        if not holds(self._file.path, self._current.data):
            _current(self._file)
        try:
            with _refusals("its folder or mount refuses a new file"):
                os.rename(self._new.path, target)
        except OSError as error:
            raise save_error(self._file.path, error, UNTOUCHED, untouched=True) from error
        return sync_folder(target.parent)

    def _saved(
        self,
        how: Literal["renamed", "in-place"],
        note: str,
        backup: Path | None,
        doubt: OSError | None,
    ) -> Saved:
        # What we wrote, not what is there: a writer right after us must show as a conflict.
        file = self._current.holding(self._data, self._digest)
        return _outcome(file, how, note, backup, doubt)

    def close(self) -> None:
        """What nobody waits for: nothing of what was not used stays, nor more backups than are
        to be kept."""
        self._discard_new()
        if self._backup is not None:
            self._backup.discard()
            prune_backups(self._state, self._current.real_path)

    def _discard_new(self) -> None:
        if self._new is not None:
            self._new.discard()
            self._new = None


def _current(file: KnownFile) -> ConfigFile:
    """The file as it is on disk now, if that is what the caller knows."""
    try:
        current = read_config(file.path)
    except Missing:
        raise ChangedOnDisk(file.path, None) from None
    if current.digest != file.digest:
        raise ChangedOnDisk(file.path, current)
    return current


def _recreate(file: KnownFile, data: bytes) -> Saved:
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
            with contextlib.suppress(Missing):
                raise ChangedOnDisk(file.path, read_config(file.path))
            os.rename(new.path, target)
    except OSError as error:
        state = "The file had been deleted and still is."
        raise save_error(file.path, error, state, untouched=True) from error
    doubt = sync_folder(target.parent)
    now = file
    with contextlib.suppress(ReadRefused):
        now = read_config(file.path)
    return _outcome(now.holding(data, digest_of(data)), "renamed", "", None, doubt)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        close_quietly(descriptor)


@contextlib.contextmanager
def _refusals(why: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _REFUSED:
            raise _WriteInPlace(f"{why} ({error.strerror})") from error
        raise


def _outcome(
    file: ConfigFile,
    how: Literal["renamed", "in-place"],
    note: str,
    backup: Path | None,
    doubt: OSError | None,
) -> Saved:
    """`doubt` is what the disk reported after it had taken everything."""
    if doubt is not None:
        words = f"The disk did not confirm it ({doubt.strerror}): your text is kept as well."
        note = f"{words} {note}".rstrip()
    return Saved(file, how, note, backup, doubt is None)
