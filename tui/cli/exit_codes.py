"""What the exit status says, so that a script can tell 'invalid' from 'unreadable'."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """OK: nothing at or above --fail-on. FINDINGS: something was. USAGE: the command line is
    wrong. UNREADABLE: a file or folder could not be read (also when others have findings).
    BUG: krakend-tui itself failed. The last two as the shell has them for signals."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    BUG = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141
