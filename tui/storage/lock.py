"""Which session edits a config: told to the second one, which may go on or take over.

A courtesy between the sessions of one user. What keeps two writers from overwriting each
other, whoever they are, is the conflict check of a save.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tui.errors import KrakendTuiError
from tui.storage.backup import path_key
from tui.storage.disk import close_quietly, write_private
from tui.storage.errors import StateUnwritable, shown
from tui.storage.process import ProcessId, may_be_alive, this_process
from tui.storage.state import private_folder, state_folder


class Session(NamedTuple):
    """A session that edits a config: its process, when it began (seconds since the epoch),
    and the file that says so."""

    process: ProcessId
    since: float
    file: Path


class OpenElsewhere(KrakendTuiError):
    """Another session of this user edits the config; `holder` is that session."""

    kind = "open-elsewhere"

    def __init__(self, path: Path, holder: Session) -> None:
        super().__init__(
            f"{shown(path)} is being edited by process {holder.process.pid} "
            f"on {shown(holder.process.host)}",
            "Look only, or take over: the other session is told when it saves.",
        )
        self.holder = holder


def open_session(
    path: Path, *, take_over: bool = False, state: Path | None = None, now: float | None = None
) -> Session:
    """Say that this process edits the config at `path`.

    What a process that has ended left behind does not count. Raises OpenElsewhere unless
    `take_over`, and StateUnwritable.
    """
    folder = private_folder(state or state_folder(os.environ), "sessions")
    file = folder / path_key(Path(os.path.realpath(path)))
    me = Session(this_process(), time.time() if now is None else now, file)
    try:
        with _alone(folder):
            holder = _read(file)
            if holder is not None and _blocks(holder, me) and not take_over:
                raise OpenElsewhere(path, holder)
            process = me.process
            record = {
                "format": 1,
                "host": process.host,
                "pid": process.pid,
                "started": process.started,
                "since": me.since,
            }
            write_private(file, json.dumps(record).encode())
    except OSError as error:
        raise StateUnwritable(
            f"{shown(file)} cannot be written: {error.strerror}",
            "Free some space there, or set XDG_STATE_HOME to another folder.",
        ) from error
    return me


def holder_of(path: Path, *, state: Path | None = None) -> Session | None:
    """The session that edits the config at `path`, this one or another; None when none does, or
    when it has ended."""
    folder = (state or state_folder(os.environ)) / "sessions"
    holder = _read(folder / path_key(Path(os.path.realpath(path))))
    return holder if holder is not None and may_be_alive(holder.process) else None


def is_ours(session: Session) -> bool:
    """False when another session has taken the config over."""
    return _read(session.file) == session


def close_session(session: Session) -> None:
    """Say that the config is free again, unless another session has taken it over."""
    with contextlib.suppress(OSError), _alone(session.file.parent):
        if is_ours(session):
            session.file.unlink()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time looks and writes; the kernel lets go of it when a process dies."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(folder / "guard", flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        close_quietly(descriptor)


def _blocks(holder: Session, me: Session) -> bool:
    return holder.process != me.process and may_be_alive(holder.process)


def _read(file: Path) -> Session | None:
    """None when nobody holds it, or the file is not whole."""
    try:
        record: dict[str, Any] = json.loads(file.read_bytes())
        process = ProcessId(str(record["host"]), int(record["pid"]), str(record["started"]))
        return Session(process, float(record["since"]), file)
    except (OSError, ValueError, KeyError, TypeError):
        return None
