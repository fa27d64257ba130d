"""A save that is made ready while its diff is read. Knows no widget."""

from __future__ import annotations

import threading
from contextlib import suppress

from tui.app.on_disk import OnDisk, Snapshot
from tui.errors import KrakendTuiError
from tui.storage.save import PreparedSave, Saved


class SaveAhead:
    """One save of the text of now. Each method but `wrote` may run in another thread; they take
    turns.

    Everything that takes time happens in `prepare`. It changes nothing of the file, and what
    fails in it is not said: then `write` begins anew, and says what fails.
    """

    def __init__(self, disk: OnDisk) -> None:
        """NotUtf8 when no file can hold the text."""
        self._disk = disk
        # Let go of at the end: a dialog that is gone may live on, and whatever it refers to.
        self._snapshot: Snapshot | None = disk.snapshot()
        self._prepared: PreparedSave | None = None
        self._is_written = False
        self._ticket: int | None = None
        self._turns = threading.Lock()

    def prepare(self) -> None:
        """Write the new file and the backup beside those that are there, and nothing more."""
        with self._turns, suppress(KrakendTuiError):
            if self._snapshot is not None and not self._is_written:
                self._prepared = self._disk.prepare(self._snapshot)

    def write(self) -> Saved:
        """Save; what `OnDisk.write` raises. ValueError when it was closed."""
        with self._turns:
            self._is_written = True
            return self._disk.write(self._open, self._prepared)

    def wrote(self, saved: Saved) -> None:
        """The text is on disk; see `OnDisk.wrote`."""
        self._ticket = self._disk.wrote(self._open, saved)

    def close(self) -> None:
        """Whatever became of it: what is not needed any more goes."""
        with self._turns:
            if self._ticket is not None:
                self._disk.tidy(self._ticket)
            if self._prepared is not None:
                self._prepared.close()
            self._snapshot = self._prepared = self._ticket = None

    @property
    def _open(self) -> Snapshot:
        if self._snapshot is None:
            raise ValueError("a save that is over")
        return self._snapshot
