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
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.worker import Worker

Result = TypeVar("Result")

_ROUNDS = 3
"""A key in a list posts a message, which climbs behind the key; its pane then posts another to the
screen, which begins the conversation. Each takes a way of its own from the widget to the app."""


class OrderedKeysApp(App[Result]):
    """An app whose keys and pastes keep their order, and wait for the dialog that they open."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._under_way = False
        self._talk: Worker[None] | None = None
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
        """Run `talk`, which opens dialogs. While it runs, keys go to its dialogs alone: those
        that come before the first one is there wait for it."""
        self._quiet.clear()
        self._talk = self.run_worker(talk, group="dialog", exclusive=True)

    def takes(self, event: events.Key | events.Paste) -> bool:  # noqa: ARG002
        """Whether a key or a paste may act at all."""
        return True

    def key_comes(self) -> None:
        """A key or a paste is about to take effect."""

    def dialog_shown(self) -> None:
        """To be called by a dialog when it can take keys."""
        self.call_later(self._next)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker is self._talk and event.worker.is_finished:
            self._quiet.set()
            self.call_later(self._next)

    @property
    def talks(self) -> bool:
        """Whether a conversation is under way."""
        return self._talk is not None and not self._talk.is_finished

    async def talk_over(self) -> None:
        """Wait until a conversation has ended, if one is under way."""
        if self.talks:
            await self._quiet.wait()

    @property
    def _holds(self) -> bool:
        """Whether keys wait: a conversation is under way and has no dialog on the screen."""
        return not self._open or (self.talks and not self.screen.is_modal)

    async def _next(self) -> None:
        """Let the next key go, unless one is on its way."""
        if self._under_way or not self._waiting or self._holds:
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
