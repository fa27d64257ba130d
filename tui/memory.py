"""Memory that was let go of goes back to the system."""

from __future__ import annotations

from contextlib import suppress


def give_back_memory() -> None:
    """Have the C library return what is free in its heap: malloc_trim(3) of glibc; others are left
    as they are.

    Every key makes a new text of the whole file, and by itself glibc keeps the room of four or
    five of them. Takes a few ms, and what is asked for next a few more.
    """
    # Not at the top: it is of no use before there is something to give back.
    import ctypes

    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
