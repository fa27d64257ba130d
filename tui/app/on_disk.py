"""OnDisk: the open document and the file that it came from.

What may be unsaved, what somebody else wrote meanwhile, what is kept for a next start.
Nothing here knows Textual; the conversations about it are in `saving`.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.document.buffer import Document
from tui.document.diff import edits_between, unified_diff
from tui.document.strict import SYNTAX, syntax_diagnostics
from tui.errors import KrakendTuiError
from tui.storage.elsewhere import save_copy, sudo_command
from tui.storage.errors import ChangedOnDisk, Missing
from tui.storage.lock import Session as Holder
from tui.storage.lock import close_session, holder_of, is_ours, open_session
from tui.storage.read import ConfigFile, KnownFile, read_config
from tui.storage.recovery import Recovery, discard_recovery, find_recovery, write_recovery
from tui.storage.save import PreparedSave, Saved, prepare_save, save_config

if TYPE_CHECKING:
    from tui.document.merge import Merge, Side


class Snapshot(NamedTuple):
    """The text of one version, to be written by another thread while typing goes on.

    It may replace `file`, or with `anew` come back where that was deleted. `ticket` says how new
    it is, beside what was kept for a next start.
    """

    ticket: int
    text: str
    data: bytes
    file: KnownFile
    anew: bool


class OnDisk:
    """A document and its file. `file` is what was read or saved last.

    `theirs` is what somebody else has written since, as far as it was noticed and not yet
    answered; `gone` says that the file was deleted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        read = read_config(path)
        self.file: KnownFile = read.known
        self.document = Document.from_bytes(read.data)
        self.theirs: ConfigFile | None = None
        self.gone = False
        self._base = self.document.text
        self._kept = _KeptText()
        self._confirmed = True
        self._claim: Holder | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def base(self) -> str:
        """The text that was read or saved last."""
        return self._base

    @property
    def must_ask(self) -> bool:
        """Whether a save would meet something else than what was read."""
        return self.theirs is not None or self.gone

    @property
    def state_words(self) -> str:
        """What became of the file, as far as somebody has to answer; else ""."""
        return "deleted on disk" if self.gone else "changed on disk" if self.theirs else ""

    # -- saving -----------------------------------------------------------------------

    def diff(self) -> list[str]:
        """The unified diff of exactly the bytes to be written."""
        before = "" if self.gone else self._base
        return unified_diff(before, self.document.text, self.name)

    def snapshot(self) -> Snapshot:
        """The text of now, to be written. NotUtf8 when no file can hold it."""
        document = self.document
        return Snapshot(
            self._kept.ticket(), document.text, document.to_bytes(), self.file, self.gone
        )

    def prepare(self, snapshot: Snapshot) -> PreparedSave | None:
        """All of `write` but its last step, and what that raises; None for a file that is gone.
        May run in another thread; to be closed.

        First the text is kept for a next start: this may be the end of the process.
        """
        self._kept.write(snapshot.ticket, snapshot.file, snapshot.data)
        return None if snapshot.anew else prepare_save(snapshot.file, snapshot.data)

    def write(self, snapshot: Snapshot, prepared: PreparedSave | None = None) -> Saved:
        """Write it; may run in another thread. ChangedOnDisk when the file is another one than
        `snapshot.file`, and what else a save raises.

        What was `prepared` for it is used if it is still of use.
        """
        if not self._kept.has(snapshot.ticket):
            self._kept.write(snapshot.ticket, snapshot.file, snapshot.data)
        try:
            if prepared is not None and prepared.fits:
                return prepared.commit()
            return save_config(snapshot.file, snapshot.data, anew=snapshot.anew)
        except ChangedOnDisk as conflict:
            if conflict.current is None or conflict.current.data != snapshot.data:
                raise
            # Somebody wrote just what was to be written.
            return Saved(conflict.current, "renamed")

    def wrote(self, snapshot: Snapshot, saved: Saved) -> int | None:
        """`snapshot` is on disk now, or will be when the disk holds what it could not confirm.

        What was kept for a next start is of no use any more, when this gives something to `tidy`.
        """
        self._known_as(saved.file, snapshot.text)
        self._confirmed = saved.confirmed
        return None if self._is_unsafe else self._kept.ticket()

    def tidy(self, ticket: int) -> None:
        """Remove what was kept up to the ticket; may run in another thread."""
        self._kept.discard(ticket)

    def save(self) -> Saved:
        """Write the text of now; what `write` raises."""
        snapshot = self.snapshot()
        saved = self.write(snapshot)
        ticket = self.wrote(snapshot, saved)
        if ticket is not None:
            self.tidy(ticket)
        return saved

    def save_copy(self, path: Path) -> None:
        """Write the text of now to a new file. AlreadyThere, SaveError."""
        save_copy(path, self.document.to_bytes(), mode=self.file.mode)

    def sudo_command(self) -> str:
        """The shell command that writes the text of now to the file. StateUnwritable."""
        return sudo_command(self.file.real_path, self.document.to_bytes())[1]

    # -- what somebody else wrote -----------------------------------------------------

    def look(self) -> ConfigFile | None:
        """The file as it is on disk now, None when it is gone. ReadRefused."""
        try:
            return read_config(self.path)
        except Missing:
            return None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was changed here since the file was read or saved."""
        return self.document.text == self._base

    def is_known(self, found: ConfigFile | None) -> bool:
        """Whether `found` is what the text is based on; what else is known of it is renewed."""
        if found is None or found.digest != self.file.digest:
            return False
        self.file = found.known
        if self.must_ask:
            self._known_as(found, self._base)
        return True

    def note(self, found: ConfigFile | None) -> None:
        """On disk is `found` (None: nothing), and not what the text is based on."""
        self.theirs, self.gone = found, found is None
        self.document.saved_as(None)

    def take_as_saved(self, found: ConfigFile) -> bool:
        """True when `found` is the text of now, however it got there."""
        try:
            same = found.data == self.document.to_bytes()
        except KrakendTuiError:
            return False
        if same:
            self._known_as(found, self.document.text)
            self._kept.discard()
        return same

    def reload(self, theirs: ConfigFile) -> None:
        """Take their text; ours is one undo step away. NotUtf8."""
        text = Document.from_bytes(theirs.data).text
        self._change_to(text)
        self._known_as(theirs, text)
        self._kept.discard()

    def keep_mine(self, theirs: ConfigFile | None) -> None:
        """The text of now may replace `theirs`, None being a deleted file."""
        if theirs is None:
            self.note(None)
        else:
            self._known_as(theirs, _text_of(theirs))

    def merge(self, theirs: ConfigFile) -> Merge | None:
        """How both changes come together; None where a text is no JSON that can be merged."""
        text = _text_of(theirs)
        if text is None:
            return None
        from tui.document.merge import MergeError, merge

        try:
            return merge(self._base, self.document.text, text)
        except MergeError:
            return None

    def take_merged(self, theirs: ConfigFile, merged: Merge, answers: list[Side]) -> None:
        """The merge becomes the text, as one undo step and unsaved; `theirs` its base."""
        text = Document.from_bytes(theirs.data).text
        self._change_to(merged.resolve(answers).apply(text))
        self.keep_mine(theirs)

    def diff_against(self, theirs: ConfigFile | None) -> list[str]:
        """From what is on disk to the text of now, as far as it is text."""
        text = None if theirs is None else _text_of(theirs)
        return [] if text is None else unified_diff(text, self.document.text, self.name)

    def _known_as(self, file: ConfigFile, text: str | None) -> None:
        """The text is based on `file` now, which holds `text`; None when it holds none."""
        self.file, self._base = file.known, text or ""
        self.theirs, self.gone = None, False
        self.document.saved_as(text)

    def _change_to(self, text: str) -> None:
        document = self.document
        document.end_burst()
        document.apply(edits_between(document.text, text))
        document.end_burst()

    # -- unsaved text that outlives this process --------------------------------------

    @property
    def _is_unsafe(self) -> bool:
        """Whether the text could be lost. After a save that the disk did not confirm it is kept
        until the next one; a start that finds it in the file offers nothing."""
        return self.document.modified or not self._confirmed

    def keep(self) -> KrakendTuiError | None:
        """Put unsaved text where the next start finds it, or nothing there when all is saved.

        Why not, if it cannot be: it never raises, or a bad end itself would be lost.
        """
        if not self._is_unsafe:
            self._kept.discard()
            return None
        try:
            data = self.document.to_bytes()
        except KrakendTuiError as error:
            return error
        return self._kept.write(self._kept.ticket(), self.file, data)

    def keeping(self) -> tuple[int, KnownFile, bytes] | None:
        """What `keep_later` takes, or None when there is nothing to keep. NotUtf8."""
        if not self._is_unsafe:
            return None
        return self._kept.ticket(), self.file, self.document.to_bytes()

    def keep_later(self, ticket: int, file: KnownFile, data: bytes) -> KrakendTuiError | None:
        """`keep` in another thread: text that is older than what was kept since is dropped."""
        return self._kept.write(ticket, file, data)

    def forget(self) -> None:
        """Unsaved text is not wanted any more."""
        self._kept.discard()

    def find_recovery(self) -> Recovery | None:
        """Unsaved text that an ended session left, but for what is in the file by now."""
        return find_recovery(self.file.real_path, in_file=self.file.digest)

    def recovery_diff(self, recovery: Recovery) -> list[str]:
        """From the text of now to the recovered one."""
        recovered = Document.from_bytes(recovery.data).text
        return unified_diff(self.document.text, recovered, self.name)

    def restore(self, recovery: Recovery) -> None:
        """Take the recovered text as an unsaved change, which is now this session's to keep."""
        self._change_to(Document.from_bytes(recovery.data).text)
        if self.keep() is None:
            discard_recovery(recovery.path, recovery)

    def discard_recovery(self, recovery: Recovery) -> bool:
        """Whether it is gone: a state folder may be read-only."""
        return discard_recovery(recovery.path, recovery)

    # -- other sessions ---------------------------------------------------------------

    def claim(self, *, take_over: bool = False) -> None:
        """Say that this session edits the file. OpenElsewhere, StateUnwritable."""
        self._claim = open_session(self.path, take_over=take_over)

    @property
    def is_ours(self) -> bool:
        """False when another session took the file over."""
        return self._claim is None or is_ours(self._claim)

    @property
    def holder(self) -> Holder | None:
        """The session that edits the file now, this one or another."""
        return holder_of(self.path)

    def close(self) -> None:
        """Let other sessions have the file."""
        if self._claim is not None:
            close_session(self._claim)
            self._claim = None


class _KeptText:
    """The recovery file of this session: the newest text wins, whichever thread writes it."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._file: Path | None = None
        self._lock = threading.Lock()
        self._issued = 0
        self._newest = 0

    def ticket(self) -> int:
        """A number for the text of now, to be handed in with it."""
        self._issued += 1
        return self._issued

    def has(self, ticket: int) -> bool:
        """Whether that text, or a newer one, is there for the next start."""
        with self._lock:
            return ticket <= self._newest and self._file is not None and self._file.exists()

    def write(self, ticket: int, file: KnownFile, data: bytes) -> KrakendTuiError | None:
        with self._lock:
            if ticket < self._newest:
                return None
            self._newest = ticket
            # Also where it fails: the disk may have it and not confirm it.
            self._path, self._file = file.real_path, None
            try:
                self._file = write_recovery(self._path, data, file.digest).file
            except KrakendTuiError as error:
                return error
        return None

    def discard(self, ticket: int | None = None) -> None:
        """No text is needed any more, or with a `ticket` none that is as old as that."""
        with self._lock:
            if ticket is None:
                ticket = self.ticket()
            if ticket < self._newest:
                return
            self._newest = ticket
            if self._path is not None:
                discard_recovery(self._path)
                self._path = self._file = None


def _text_of(file: ConfigFile) -> str | None:
    try:
        return Document.from_bytes(file.data).text
    except KrakendTuiError:
        return None


def is_whole(file: ConfigFile) -> bool:
    """Whether `file` looks finished: valid JSON, not the first half of a slow write."""
    try:
        document = Document.from_bytes(file.data)
    except KrakendTuiError:
        return False
    found = syntax_diagnostics(document.text, document.tree)
    return all(d.rule != SYNTAX for d in found)
