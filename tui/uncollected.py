"""Work on a large config without the garbage collector.

What a config becomes is in use as long as it is open, and there is a million of it for 10 MB.
The collector would walk over all that each time it has grown by a quarter: a third of the time
that a check takes, and in the app a pause between two keys.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it nothing is collected, and what was made in it is not walked over later."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()
            gc.enable()
