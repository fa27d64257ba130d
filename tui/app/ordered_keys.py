"""Keys one after the other, also when many arrive in one packet.

Textual hands a key to the focused widget and goes on: a typed character takes effect there at
once, while a key that is bound to an action first climbs to the app, and a priority binding
overtakes both. What a slow line delivers in one piece (`x`, Backspace, `y`, ctrl+s) then runs
in another order. Here the next key waits until the last has run its course.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

Result = TypeVar("Result")

_ROUNDS = 3
"""A key in a list posts a message, which climbs behind the key; its pane then posts another to the
screen, which begins the conversation. Each takes a way of its own from the widget to the app."""


@dataclass
class _Talk:
    """A conversation, and the screen that it began over: while that is the one on top, nothing is
    asked."""

    worker: Worker[None]
    over: Screen[Any]


class OrderedKeysApp(App[Result]):
    """An app whose keys and pastes keep their order, and wait for the dialog that they open."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._under_way = False
        self._talks: list[_Talk] = []
        self._quiet = asyncio.Event()
        self._open = False

    def open_for_keys(self, talk: Coroutine[Any, Any, None]) -> None:
        """To be called once, when keys may begin to act; before them comes `talk`. Keys of
        before that wait: one of them would begin a conversation that `talk` then displaces."""
        self._open = True
        self.converse(talk)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            if self.takes(event):
                self._waiting.append(event)
            await self._next()
        else:
            await super().on_event(event)

    def converse(self, talk: Coroutine[Any, Any, None]) -> None:
        """Run `talk`, which opens dialogs and waits for each. While it runs, keys go to its
        dialogs alone: those that come before the first one is there wait for it.

        Begun over a dialog it is an aside: that dialog and whoever waits for it go on when the
        aside is over. While a conversation works and asks nothing none begins (a click could ask
        for one): what it would be about may be gone when the first is done.
        """
        if self.works:
            talk.close()
            return
        self._quiet.clear()
        worker = self.run_worker(self.hold(talk), group="dialog")
        self._talks = [*self._lasting, _Talk(worker, self.screen)]

    async def hold(self, talk: Coroutine[Any, Any, None]) -> None:
        """Carry a conversation through."""
        await talk

    async def end_others(self) -> None:
        """To be called by a conversation that shows no dialog and is about to change what those
        below it are about: they end, with their dialogs, as if each had been left and nothing
        said."""
        *others, own = self._lasting
        for talk in others:
            talk.worker.cancel()
        while self.screen.is_modal:
            gone = self.pop_screen()
            own.over = self.screen
            await gone

    def takes(self, event: events.Key | events.Paste) -> bool:  # noqa: ARG002
        """Whether a key or a paste may act at all."""
        return True

    def key_comes(self) -> None:
        """A key or a paste is about to take effect."""

    def dialog_shown(self) -> None:
        """To be called by a dialog when it can take keys."""
        self.call_later(self._next)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.group == "dialog" and event.worker.is_finished:
            if not self.talks:
                self._quiet.set()
            self.call_later(self._next)

    @property
    def talks(self) -> bool:
        """Whether a conversation is under way."""
        return bool(self._lasting)

    @property
    def works(self) -> bool:
        """Whether a conversation is under way and asks nothing now, or its dialog cannot take keys
        yet; the same before the first."""
        lasting = self._lasting
        return not self._open or bool(
            lasting and (self.screen is lasting[-1].over or not self.screen.is_mounted)
        )

    @property
    def _lasting(self) -> list[_Talk]:
        """The conversations that are under way, each over a dialog of the one before it."""
        return [talk for talk in self._talks if not talk.worker.is_finished]

    async def talk_over(self) -> None:
        """Wait until all conversations have ended."""
        if self.talks:
            await self._quiet.wait()

    async def _next(self) -> None:
        """Let the next key go, unless one is on its way; at the end, when the screens are gone,
        none goes."""
        if self._under_way or not self._waiting or not self.screen_stack or self.works:
            return
        self._under_way = True
        self.key_comes()
        way: list[MessagePump] = [*(self.focused or self.screen).ancestors_with_self]
        await super().on_event(self._waiting.popleft())
        await self._follow(way * _ROUNDS)

    async def _follow(self, way: Sequence[MessagePump]) -> None:
        """Go the way of a key that nobody takes, and of the messages that it leads to: behind
        them in the queue of each in turn."""
        for index, node in enumerate(way):
            if node.call_later(self._follow, way[index + 1 :]):
                return
        self._under_way = False
        await self._next()
