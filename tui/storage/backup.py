"""The versions of a config before each save, kept for this user only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from tui.storage.disk import NewFile, new_beside, sweep_beside, sync_folder, write_all
from tui.storage.errors import StateUnwritable, shown
from tui.storage.read import digest_of, holds
from tui.storage.state import private_folder

KEPT = 20
"""Versions of each file."""

_TIME = "%Y%m%dT%H%M%S.%fZ"
# datetime.strptime imports its parser at the first use, and a save must import nothing.
_VOLUME = re.compile(rb"/\.\.\d{4}(?:_\d\d){5}\.\d+/")
_TIME_PARTS = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{6})Z")


class Backup(NamedTuple):
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


class PreparedBackup:
    """A version of a config, on the disk and confirmed; `keep` makes it a backup by one rename."""

    def __init__(self, state: Path, real_path: Path, data: bytes, digest: str) -> None:
        """Keep `data` as a version of `real_path`; `digest` is its own. StateUnwritable."""
        self._state = state
        self._real_path = real_path
        self._data = data
        self._digest = digest
        self._folder = private_folder(state, "backups")
        self._newest = _newest(state, real_path)
        self._new: NewFile | None = None
        if self._newest is None or not holds(self._newest, data):
            with self._writable():
                self._new = self._written()

    def keep(self, now: datetime | None = None) -> Path:
        """Where the version is kept from now on. Raises StateUnwritable.

        The same content as the newest version is not kept twice.
        """
        newest, new = _newest(self._state, self._real_path), self._new
        if newest == self._newest and new is not None and new.path.exists():
            return self._renamed(new, now or datetime.now(timezone.utc))
        if newest == self._newest and new is None and newest is not None:
            return newest
        # Another save came between, or somebody cleaned up.
        again = PreparedBackup(self._state, self._real_path, self._data, self._digest)
        try:
            return again.keep(now)
        finally:
            again.discard()

    def _renamed(self, new: NewFile, now: datetime) -> Path:
        # The config's own name at the end is for people who look into the folder.
        own_name = os.fsdecode(os.fsencode(self._real_path.name)[-80:])
        key, moment = path_key(self._real_path), now.strftime(_TIME)
        file = self._folder / f"{key}-{moment}-{self._digest[:12]}-{own_name}"
        with self._writable():
            os.rename(new.path, file)
            if error := sync_folder(self._folder):
                raise error
        return file

    def discard(self) -> None:
        """Remove what was not kept."""
        if self._new is not None:
            self._new.discard()

    def _written(self) -> NewFile:
        # What killed saves of this config left here goes at the same time.
        target = self._folder / path_key(self._real_path)
        sweep_beside(target, time.time())
        new = new_beside(target)
        try:
            write_all(new.descriptor, self._data)
            new.finish()
        except OSError:
            new.discard()
            raise
        return new

    @contextlib.contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StateUnwritable(
                f"{shown(self._folder)} cannot be written: {error.strerror}",
                "Free some space there, or set XDG_STATE_HOME to another folder.",
            ) from error


def keep_backup(
    state: Path, real_path: Path, data: bytes, *, now: datetime | None = None, kept: int = KEPT
) -> Path:
    """Keep `data` as a version of `real_path`, drop all but the newest `kept`; its path.

    The same content as the newest version is not kept twice. Raises StateUnwritable.
    """
    prepared = PreparedBackup(state, real_path, data, digest_of(data))
    try:
        file = prepared.keep(now)
    finally:
        prepared.discard()
    prune_backups(state, real_path, kept)
    return file


def prune_backups(state: Path, real_path: Path, kept: int = KEPT) -> None:
    """Drop all versions of `real_path` but the newest `kept`."""
    for backup in list_backups(state, real_path)[kept:]:
        with contextlib.suppress(OSError):
            backup.file.unlink()


def _newest(state: Path, real_path: Path) -> Path | None:
    return next((backup.file for backup in list_backups(state, real_path)), None)


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
