"""restore: the kept versions of a config, and one of them put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tui.cli.errors import UsageError
from tui.document.diff import unified_diff
from tui.storage.backup import list_backups
from tui.storage.elsewhere import save_copy
from tui.storage.errors import Missing, StateUnwritable, shown
from tui.storage.read import ConfigFile, digest_of, read_config
from tui.storage.save import save_config


class Version(NamedTuple):
    """A version that was replaced by a save at `kept_at` (UTC). `number` 1 is the newest.

    `is_current` is True when the file has just this content now.
    """

    number: int
    kept_at: datetime
    data: bytes
    is_current: bool

    @property
    def digest(self) -> str:
        """The sha256 of the content in hex."""
        return digest_of(self.data)


class History(NamedTuple):
    """What is known of a config: the file of now (None when it was deleted), and before."""

    path: Path
    file: ConfigFile | None
    versions: tuple[Version, ...]


def read_history(path: Path, state: Path) -> History:
    """The versions of the config at `path` that were kept in `state`, newest first.

    Raises ReadRefused, but for a file that was deleted.
    """
    try:
        file: ConfigFile | None = read_config(path)
    except Missing:
        file = None
    real_path = file.real_path if file is not None else path.resolve()
    versions = []
    for number, backup in enumerate(list_backups(state, real_path), start=1):
        try:
            data = backup.file.read_bytes()
        except OSError as error:
            raise StateUnwritable(
                f"{shown(backup.file)} cannot be read: {error.strerror}",
                "Look at who owns it, or remove it.",
            ) from error
        is_current = file is not None and file.data == data
        versions.append(Version(number, backup.kept_at, data, is_current))
    if file is None and not versions:
        raise Missing(
            f"{shown(path)} does not exist, and no version of it was kept", "Check the path."
        )
    return History(path, file, tuple(versions))


def restore_version(
    history: History, number: int, state: Path, confirm: Callable[[Sequence[str]], bool]
) -> str:
    """Put version `number` back when `confirm` agrees to the diff; what was done, in words.

    The version that it replaces is kept like any other. Raises UsageError for a number that is
    none, and what a save raises.
    """
    version = next((v for v in history.versions if v.number == number), None)
    if version is None:
        raise UsageError(
            f"there is no version {number} of {shown(history.path)}",
            f"See which there are: krakend-tui restore {shown(history.path)}",
        )
    if version.is_current:
        return f"{shown(history.path)} has this content already."
    now = b"" if history.file is None else history.file.data
    if not confirm(unified_diff(_text(now), _text(version.data), history.path.name)):
        return "Nothing was changed."
    if history.file is None:
        save_copy(history.path, version.data)
        return f"{shown(history.path)} is back, for you alone to read (mode 600)."
    saved = save_config(history.file, version.data, state=state)
    done = f"{shown(history.path)} is restored. KrakenD reads its config only at start."
    return f"{done} {saved.note}".rstrip()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
