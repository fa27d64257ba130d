"""The folder for what must outlive a session: recovery files, backups, locks."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tui.storage.errors import StateUnwritable, shown

FOLDER_NAME = "krakend-tui"


def state_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/krakend-tui`, else `~/.local/state/krakend-tui`; nothing is made.

    A relative XDG_STATE_HOME is ignored (XDG Base Directory Specification 0.8).
    """
    base = environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(base):
        return Path(base) / FOLDER_NAME
    home = environ.get("HOME") or os.path.expanduser("~")
    return Path(home) / ".local" / "state" / FOLDER_NAME


def private_folder(state: Path, name: str) -> Path:
    """`state`/`name`, made with its parents where absent, both for this user only (0700).

    Raises StateUnwritable. Configs hold secrets: a folder of another user is refused.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        for folder in (state, state / name):
            _make_private(folder)
    except OSError as error:
        raise StateUnwritable(
            f"cannot use {shown(error.filename or state)} for recovery files and backups: "
            f"{error.strerror}",
            "Set XDG_STATE_HOME to a folder of yours that can be written.",
        ) from error
    return state / name


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.stat()
        if not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(20, "it is not a folder", str(folder)) from None
        if status.st_uid != os.geteuid():
            raise PermissionError(13, "it belongs to another user", str(folder)) from None
        if stat.S_IMODE(status.st_mode) & 0o077:
            folder.chmod(0o700)
