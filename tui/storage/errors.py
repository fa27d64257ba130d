"""What can go wrong between us and the disk, each with a stable `kind` and a next step."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import KrakendTuiError
from tui.visible import visible

if TYPE_CHECKING:
    from tui.storage.read import ConfigFile


UNTOUCHED = "The old file is untouched."


def shown(path: Path | str | bytes) -> str:
    """A path as text that is safe for a terminal (bytes that are no UTF-8 show as U+FFFD)."""
    return visible(os.fsdecode(path))


class ReadRefused(KrakendTuiError):
    """A config that cannot be read; the subclasses say why."""

    kind = "unreadable"


class Missing(ReadRefused):
    kind = "missing"


class IsAFolder(ReadRefused):
    kind = "is-a-folder"


class NoPermission(ReadRefused):
    kind = "no-permission"


class NotRegular(ReadRefused):
    """A FIFO, socket or device: reading it could block or never end."""

    kind = "not-regular"


class TooLarge(ReadRefused):
    kind = "too-large"


class Unreadable(ReadRefused):
    """Every other error of the operating system."""

    kind = "unreadable"


class PluginUnreadable(KrakendTuiError):
    """A plugin file whose bytes cannot be had; `message` is the reason in words."""

    kind = "plugin-unreadable"


class StateUnwritable(KrakendTuiError):
    """The folder for recovery files and backups cannot be made or written."""

    kind = "no-state-folder"


class ChangedOnDisk(KrakendTuiError):
    """Somebody else wrote the file since it was read.

    `current` is the file as it is now, None when it is gone.
    """

    kind = "changed-on-disk"

    def __init__(self, path: Path, current: ConfigFile | None) -> None:
        happened = "was deleted" if current is None else "was changed by somebody else"
        super().__init__(
            f"{shown(path)} {happened} since it was read; nothing was written",
            "Look at what changed, then save over it or take the other version.",
        )
        self.current = current


class SaveError(KrakendTuiError):
    """The file could not be saved.

    `untouched` is True when the file on disk is byte for byte the old one; else `message`
    says in which state it is and where the backup lies.
    """

    kind = "save-failed"

    def __init__(self, message: str, hint: str, *, untouched: bool = True) -> None:
        super().__init__(message, hint)
        self.untouched = untouched


class DiskFull(SaveError):
    """No space left, or the quota is used up."""

    kind = "disk-full"


class ReadOnlyFileSystem(SaveError):
    kind = "read-only-file-system"


class SaveNotPermitted(SaveError):
    kind = "no-permission"


_SAVE_ERRORS: dict[int, type[SaveError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnlyFileSystem,
    errno.EACCES: SaveNotPermitted,
    errno.EPERM: SaveNotPermitted,
}

_NO_FOLDER = "Its folder is not there: make it (`mkdir -p`), or save a copy elsewhere."
_HINTS = {
    DiskFull: "Free some space there (`df -h`, `quota`), then save again.",
    ReadOnlyFileSystem: "Save a copy elsewhere, or have the file system mounted writable.",
    SaveNotPermitted: "Save a copy elsewhere, or open it again as a user who may write it (sudo).",
    SaveError: "Save a copy elsewhere; `dmesg` may say what is wrong with the disk.",
}


def save_error(path: Path | str, error: OSError, state: str, *, untouched: bool) -> SaveError:
    """The SaveError for `error`; `state` is a sentence about the file on disk."""
    kind = _SAVE_ERRORS.get(error.errno or 0, SaveError)
    reason = error.strerror or type(error).__name__
    message = f"{shown(path)} was not saved: {reason}. {state}"
    hint = _NO_FOLDER if error.errno == errno.ENOENT else _HINTS[kind]
    return kind(message, hint, untouched=untouched)
