"""Which process wrote something, and whether it still runs."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NamedTuple

SESSION = os.urandom(8).hex()
"""Names this process in what it writes. Its pid would not do: in containers that share a home
folder each program has the same one."""


class ProcessId(NamedTuple):
    """A process of some machine. `started` is the kernel's start time of it, in clock ticks
    since boot, or "" where /proc is not to be had: it tells a reused pid apart."""

    host: str
    pid: int
    started: str


def this_process() -> ProcessId:
    """The process that asks."""
    return ProcessId(socket.gethostname(), os.getpid(), _start_time(os.getpid()))


def may_be_alive(process: ProcessId) -> bool:
    """False only when `process` has surely ended: same host, and no such process here.

    A process of another host (a home folder on NFS) counts as alive: nobody here can tell.
    """
    if process.host != socket.gethostname():
        return True
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    started = _start_time(process.pid)
    return not (started and process.started and started != process.started)


def _start_time(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # The command's name is in parentheses and may itself hold spaces and parentheses.
    return status.rpartition(")")[2].split()[19]
