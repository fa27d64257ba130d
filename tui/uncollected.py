"""Work without the garbage collector: a command's, and what is done with a large config.

What is imported and made for a command stays until its end; what a config becomes is in use as
long as it is open, and there is a million of it for 10 MB. The collector would walk over all that
each time it has grown by a quarter: a third of the time that a check of 10 MB takes, 4 % of that
of a small one, and in the app a pause between two keys.
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
            collect_from_now()


def collect_from_now() -> None:
    """Collect what is made from now on, if nothing is collected; what there is stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
