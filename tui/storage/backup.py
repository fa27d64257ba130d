"""The versions of a config before each save, kept for this user only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from tui.storage.disk import write_private
from tui.storage.errors import StateUnwritable, shown
from tui.storage.read import digest_of
from tui.storage.state import private_folder

KEPT = 20
"""Versions of each file."""

_TIME = "%Y%m%dT%H%M%S.%fZ"
# datetime.strptime imports its parser at the first use, and a save must import nothing.
_VOLUME = re.compile(rb"/\.\.\d{4}(?:_\d\d){5}\.\d+/")
_TIME_PARTS = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{6})Z")


@dataclass(frozen=True, slots=True)
class Backup:
    """A kept version: where it lies, and when it was kept (UTC)."""

    file: Path
    kept_at: datetime


def path_key(real_path: Path) -> str:
    """The name under which what belongs to `real_path` is kept.

    A Kubernetes ConfigMap lies in a folder of a new name after each update, with ..data as a
    link to it (pkg/volume/util/atomic_writer.go): all of them are one file.
    """
    stable = _VOLUME.sub(rb"/..data/", os.fsencode(real_path))
    return hashlib.sha256(stable).hexdigest()[:32]


def keep_backup(
    state: Path, real_path: Path, data: bytes, *, now: datetime | None = None, kept: int = KEPT
) -> Path:
    """Keep `data` as a version of `real_path`, drop all but the newest `kept`; its path.

    The same content as the newest version is not kept twice. Raises StateUnwritable.
    """
    folder = private_folder(state, "backups")
    existing = list_backups(state, real_path)
    if existing and _holds(existing[0].file, data):
        return existing[0].file
    moment = (now or datetime.now(timezone.utc)).strftime(_TIME)
    # The config's own name at the end is for people who look into the folder.
    own_name = os.fsencode(real_path.name)[-80:]
    name = f"{path_key(real_path)}-{moment}-{digest_of(data)[:12]}-{os.fsdecode(own_name)}"
    try:
        write_private(folder / name, data)
    except OSError as error:
        raise StateUnwritable(
            f"{shown(folder)} cannot be written: {error.strerror}",
            "Free some space there, or set XDG_STATE_HOME to another folder.",
        ) from error
    for backup in list_backups(state, real_path)[kept:]:
        with contextlib.suppress(OSError):
            backup.file.unlink()
    return folder / name


def _holds(file: Path, data: bytes) -> bool:
    """False also when it cannot be read."""
    with contextlib.suppress(OSError):
        return file.read_bytes() == data
    return False


def list_backups(state: Path, real_path: Path) -> tuple[Backup, ...]:
    """The versions of `real_path` that are kept, newest first."""
    prefix = f"{path_key(real_path)}-"
    try:
        names = [name for name in os.listdir(state / "backups") if name.startswith(prefix)]
    except OSError:
        return ()
    backups = (_backup_named(state / "backups" / name) for name in names)
    found = [backup for backup in backups if backup is not None]
    return tuple(sorted(found, key=lambda backup: backup.file.name, reverse=True))


def _backup_named(file: Path) -> Backup | None:
    parts = file.name.split("-", 3)
    if len(parts) != 4:
        return None
    match = _TIME_PARTS.fullmatch(parts[1])
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second, micro = map(int, match.groups())
        kept_at = datetime(year, month, day, hour, minute, second, micro, timezone.utc)
    except ValueError:
        return None
    return Backup(file, kept_at)
