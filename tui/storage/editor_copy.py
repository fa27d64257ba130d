"""A private copy of a config for another program to edit."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from tui.storage.disk import write_all
from tui.storage.errors import StateUnwritable, TooLarge
from tui.storage.read import SIZE_LIMIT


class EditorCopy:
    """A file (0600) in a folder of its own (0700), both new; `discard` removes them.

    It has the config's name, so that an editor knows what it is. Made in $TMPDIR, which is
    often in memory: configs hold secrets.
    """

    def __init__(self, name: str, data: bytes) -> None:
        """Raises StateUnwritable when there is no room for it."""
        self._folder = Path(os.devnull)
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="krakend-tui-"))
            self.path = self._folder / name
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(self.path, flags, 0o600)
            try:
                write_all(descriptor, data)
            finally:
                os.close(descriptor)
        except OSError as error:
            self.discard()
            raise StateUnwritable(
                f"no copy can be made for the editor: {error.strerror}",
                "Free some space, or set TMPDIR to a folder of yours.",
            ) from error

    def read(self) -> bytes | None:
        """What is in it now; None when it is gone. Raises TooLarge, StateUnwritable."""
        try:
            with self.path.open("rb") as file:
                data = file.read(SIZE_LIMIT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateUnwritable(
                f"what the editor wrote cannot be read: {error.strerror}",
                f"It lies in {self.path}.",
            ) from error
        if len(data) > SIZE_LIMIT:
            raise TooLarge(
                "what the editor wrote is too large for a config", f"It lies in {self.path}."
            )
        return data

    def discard(self) -> None:
        """Remove it, with what the editor put beside it (swap files, backups)."""
        if self._folder != Path(os.devnull):
            with contextlib.suppress(OSError):
                shutil.rmtree(self._folder)
