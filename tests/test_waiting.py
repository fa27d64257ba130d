"""Waiting ends with the event, with the time, and with a cancellation whatever comes with it."""

from __future__ import annotations

import asyncio

import pytest

from tui.waiting import came


async def test_what_comes_and_what_does_not() -> None:
    event = asyncio.Event()
    assert not await came(event, 0)
    event.set()
    assert await came(event, None)
    assert len(asyncio.all_tasks()) == 1


async def test_a_cancellation_counts_that_comes_with_the_event() -> None:
    event = asyncio.Event()
    waiting = asyncio.ensure_future(came(event, 60))
    await asyncio.sleep(0)
    event.set()
    # The event's own waiter has run by now, and who waits for that has not.
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
