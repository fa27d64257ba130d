"""Waiting for an event, for a while."""

from __future__ import annotations

import asyncio


async def came(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait until `event` is set, at most so long; whether it was.

    Not by asyncio.wait_for: before Python 3.12 that loses a cancellation which comes together with
    what it waits for, and then a worker outlives the widgets that it shows something in.
    """
    waiting = asyncio.ensure_future(event.wait())
    try:
        done, _ = await asyncio.wait({waiting}, timeout=seconds)
    finally:
        waiting.cancel()
    return bool(done)
