"""Unsaved text that outlives a crash: one file for each config and session."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tui.storage.backup import path_key
from tui.storage.disk import sweep_beside, write_private
from tui.storage.errors import StateUnwritable, shown
from tui.storage.process import SESSION, ProcessId, may_be_alive, this_process
from tui.storage.read import digest_of
from tui.storage.state import private_folder, state_folder

_FOLDER = "recovery"


class Recovery(NamedTuple):
    """Unsaved text. `file` is where it lies, `path` the config's real path, `base_digest`
    the sha256 of the config that the editing began with, `time` seconds since the epoch.

    Each session has a file of its own: what an ended one left is not overwritten.
    """

    file: Path
    path: Path
    data: bytes
    base_digest: str
    time: float
    process: ProcessId


def write_recovery(
    path: Path,
    data: bytes,
    base_digest: str,
    *,
    state: Path | None = None,
    now: float | None = None,
) -> Recovery:
    """Keep `data` as this session's unsaved text of the config at `path`, in place of an older.

    Atomic, 0600 in a 0700 folder, and without locks, so that a signal handler may call it.
    Raises StateUnwritable.
    """
    folder = private_folder(state or state_folder(os.environ), _FOLDER)
    process = this_process()
    moment = time.time() if now is None else now
    real_path = Path(os.path.realpath(path))
    header = {
        "format": 1,
        "path": os.fsencode(real_path).hex(),
        "base": base_digest,
        "time": moment,
        "host": process.host,
        "pid": process.pid,
        "started": process.started,
        "digest": digest_of(data),
    }
    file = folder / _own_name(real_path)
    try:
        write_private(file, json.dumps(header).encode() + b"\n", data)
    except OSError as error:
        raise StateUnwritable(
            f"{error.strerror} in the state folder", f"Save now, and see to {shown(folder)}."
        ) from error
    return Recovery(file, real_path, data, base_digest, moment, process)


def find_recovery(path: Path, *, in_file: str = "", state: Path | None = None) -> Recovery | None:
    """The newest unsaved text of the config at `path` that no running session still edits.

    One that is in the file by now, whose digest is `in_file`, is no unsaved text: it is removed.
    So is what killed sessions left of saves; whose it is, is known by the text that they kept.
    """
    state = state or state_folder(os.environ)
    folder = state / _FOLDER
    real_path = Path(os.path.realpath(path))
    prefix = f"{path_key(real_path)}-"
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    read = (_read(folder / name) for name in names if name.startswith(prefix))
    left = [found for found in read if found is not None and not _is_edited(found.process)]
    _sweep(state, real_path, names, left)
    for found in sorted(left, key=lambda found: found.time, reverse=True):
        if digest_of(found.data) != in_file:
            return found
        discard_recovery(path, found)
    return None


def discard_recovery(
    path: Path, found: Recovery | None = None, *, state: Path | None = None
) -> bool:
    """Remove `found`, or without it what this session wrote for `path`; whether it is gone."""
    if found is None:
        folder = (state or state_folder(os.environ)) / _FOLDER
        file = folder / _own_name(Path(os.path.realpath(path)))
    else:
        file = found.file
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        return True
    return False


def _sweep(state: Path, real_path: Path, names: Sequence[str], left: Sequence[Recovery]) -> None:
    """Remove what was to become the config, a backup or one of the recovery files, of which the
    folder has `names`, when its session was killed. Of one on another host nobody can tell."""
    key, now = path_key(real_path), time.time()
    ended = {found.file.name[len(key) + 1 :] for found in left if not may_be_alive(found.process)}
    unfinished = f".{key}-"
    begun = {
        name[len(unfinished) :][: len(SESSION)] for name in names if name.startswith(unfinished)
    }
    targets = [real_path, state / "backups" / key]
    targets += [state / _FOLDER / f"{key}-{session}" for session in begun]
    for target in targets:
        sweep_beside(target, now, ended)


def _is_edited(process: ProcessId) -> bool:
    """Whether another session still has the text. Of another host nobody can tell, and a
    container has a new name at each start: better offered once too often than never."""
    me = this_process()
    return process != me and process.host == me.host and may_be_alive(process)


def _own_name(real_path: Path) -> str:
    return f"{path_key(real_path)}-{SESSION}"


def _read(file: Path) -> Recovery | None:
    """None when `file` is not a whole recovery file."""
    try:
        head, _, data = file.read_bytes().partition(b"\n")
        header: dict[str, Any] = json.loads(head)
        if header["digest"] != digest_of(data):
            return None
        return Recovery(
            file=file,
            path=Path(os.fsdecode(bytes.fromhex(header["path"]))),
            data=data,
            base_digest=str(header["base"]),
            time=float(header["time"]),
            process=ProcessId(str(header["host"]), int(header["pid"]), str(header["started"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
