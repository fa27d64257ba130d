"""Where text goes that cannot be saved in its place: a copy, and the command that puts it there."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

from tui.storage.backup import path_key
from tui.storage.disk import NewFile, sync_folder, temporary_beside, write_all, write_private
from tui.storage.errors import SaveError, StateUnwritable, save_error, shown
from tui.storage.state import private_folder, state_folder


class AlreadyThere(SaveError):
    """A copy is not written over a file that exists."""

    kind = "already-there"


def typed_path(text: str) -> Path:
    """The path that a user typed. A `~` stays where nobody knows that home: a user of a container
    has none."""
    return Path(os.path.expanduser(text))


def save_copy(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write `data` to a new file at `path` with the permission bits `mode`.

    It appears whole or not at all, and never replaces a file. Raises AlreadyThere, SaveError.
    """
    try:
        with temporary_beside(path) as new:
            write_all(new.descriptor, data)
            os.fchmod(new.descriptor, mode & 0o777)
            new.finish()
            # A link, unlike a rename, fails when the name is taken.
            os.link(new.path, path)
    except FileExistsError as error:
        raise AlreadyThere(
            f"{shown(path)} exists already; nothing was written", "Choose another name."
        ) from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP):
            raise save_error(path, error, "No file was made.", untouched=True) from error
        _create(path, data, mode)
    sync_folder(path.parent)


def sudo_command(target: Path, data: bytes, *, state: Path | None = None) -> tuple[Path, str]:
    """Keep `data` in the state folder, and the shell command that writes it to `target`.

    `cp` writes into the existing file, so its owner, mode and links stay. Raises
    StateUnwritable.
    """
    folder = private_folder(state or state_folder(os.environ), "unsaved")
    real_path = Path(os.path.realpath(target))
    copy = folder / f"{path_key(real_path)}.json"
    try:
        write_private(copy, data)
    except OSError as error:
        raise StateUnwritable(
            f"{shown(copy)} cannot be written: {error.strerror}",
            "Free some space there, or set XDG_STATE_HOME to another folder.",
        ) from error
    return copy, f"sudo cp -- {shlex.quote(str(copy))} {shlex.quote(str(real_path))}"


def _create(path: Path, data: bytes, mode: int) -> None:
    """For file systems without hard links (FAT, some network ones)."""
    try:
        new = NewFile(path, mode & 0o777)
    except FileExistsError as error:
        raise AlreadyThere(
            f"{shown(path)} exists already; nothing was written", "Choose another name."
        ) from error
    except OSError as error:
        raise save_error(path, error, "No file was made.", untouched=True) from error
    try:
        write_all(new.descriptor, data)
        new.finish()
    except OSError as error:
        new.discard()
        raise save_error(path, error, "No file was left.", untouched=True) from error
