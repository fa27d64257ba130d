"""The findings are worked out again and again, in a thread. Knows no widget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tui.app.session import Session
from tui.waiting import came

PATIENCE = 2.0
"""Seconds that a command waits for the findings while the folder changes all the time."""


class AnalysisLoop:
    """One analysis at a time, always of the newest text; older results are dropped."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wanted = asyncio.Event()
        self._settled = asyncio.Event()
        self._taken = asyncio.Event()
        self._judged = -1

    def want(self) -> None:
        """The findings are stale; they are worked out as soon as the last ones are."""
        self._settled.clear()
        self._wanted.set()

    async def settled(self, patience: float | None = None) -> None:
        """Wait until the findings are those of the newest text, and no plugin file is unread.

        In a folder where something changes all the time that may never be: after `patience`
        seconds findings of the newest text will do, however old what they say of the folder.
        """
        await came(self._settled, patience)
        await self.known()

    @property
    def is_known(self) -> bool:
        """Whether the findings are those of the newest text, whatever they lack of the folder."""
        return self._judged == self._session.document.version

    async def known(self) -> None:
        """Wait until `is_known`. The first findings are waited for as by `settled`."""
        if self._session.analysis is None:
            await came(self._settled, PATIENCE)
        while not self.is_known:
            self._taken.clear()
            await self._taken.wait()

    async def run(self, painted: Callable[[], Awaitable[None]], show: Callable[[], None]) -> None:
        """Never ends. Each analysis, and what comes after it, waits until what is new is `painted`;
        `show` is called each time that the session has taken new findings."""
        session = self._session
        while True:
            await self._wanted.wait()
            await painted()
            self._wanted.clear()
            version = session.document.version
            tree, listing = session.document.tree, session.listing
            outcome = await asyncio.to_thread(session.judging.analyse, tree, listing)
            if version == session.document.version:
                session.take(outcome)
                self._judged = version
                self._taken.set()
                show()
                await painted()
            if await asyncio.to_thread(session.judging.read_missing, outcome.snapshot):
                self._wanted.set()
            elif not self._wanted.is_set():
                self._settled.set()
