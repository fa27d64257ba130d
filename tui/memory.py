"""How memory is asked for, where a config is large."""

from __future__ import annotations

import ctypes
from contextlib import suppress

# mallopt(3) of glibc: blocks of this size on are mapped one by one.
_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 1_000_000


def give_back_large_blocks() -> None:
    """Have large texts go back to the system when they are let go of.

    Every key makes a new text of the whole file. By itself glibc soon takes such blocks from its
    heap, where others come to lie between them: a fifth of all memory with 10 MB open. Other C
    libraries are left as they are.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
