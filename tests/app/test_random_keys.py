"""Keys at random, everywhere: the app stays alive, and no text changes but by undoable steps."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from app.driving import answered, opened
from app.terminal import key
from textual._xterm_parser import XTermParser
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.screens.base import Dialog
from tui.app.terminal.driver import messages_of
from tui.app.terminal.input import InputDecoder
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.editor import Editor
from tui.document.diff import edits_between

AT_ONCE = 40
COUNT = 10_000 if os.environ.get("SOAK") else 400

TYPED = 'abdxcrkjKJh{}[]",:/ <>+-='
NAMED = [
    "enter", "escape", "tab", "backtab", "up", "down", "left", "right", "home", "end",
    "pageup", "pagedown", "backspace", "delete", "f1", "f5", "f7", "f8", "ctrl+s", "ctrl+z",
    "ctrl+y", "ctrl+f", "ctrl+g", "ctrl+p", "ctrl+t", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u",
    "ctrl+w", "n", "m", "t", "\x00", "\x1b[2~", "\x1b[17~", "\x1b[1;5H", "\x1b[1;5F",
    "\x1b[32~", "\x1b[?64;1;2c", "\x1b[200~x\ny\x1b[201~", "\x1b[200~{\r\n}\x1b[201~",
]  # fmt: skip

AROUND = [
    "ctrl+q", "ctrl+q", "ctrl+s", "ctrl+f", "ctrl+g", "ctrl+p", "f1", "f2", "f4", "f8", "enter",
    "escape", "x", "x", "s", "d", "m", "t", "b", "e", "y", "u", "a", "tab", "up", "down", "ctrl+z",
]  # fmt: skip
"""Keys that open dialogs and answer them."""


class Keyboard:
    """Sends what a terminal sends, many keys at once, as a slow line does."""

    def __init__(self, app: KrakendTui) -> None:
        self._app = app
        self._decoder, self._parser, self._now = InputDecoder(), XTermParser(), 0.0

    def send(self, keys: Iterable[str]) -> None:
        for name in keys:
            self._now += 1.0
            data = key(name).encode()
            units = [*self._decoder.feed(data, self._now), *self._decoder.tick(self._now + 0.5)]
            for unit in units:
                for message in messages_of(unit, self._parser):
                    self._app.post_message(message)

    async def settle(self, pilot: Pilot[Any]) -> None:
        """Until all of them have acted."""
        await pilot.pause()
        while self._app._waiting or self._app._under_way:
            assert self._app.is_running, self._app.parting_words
            await pilot.pause()


@pytest.fixture(params=["at once", "late"])
def turns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """When each widget gets its turn: as the loop has it, or now and then much later, as if what
    it did took long."""
    if request.param == "at once":
        return
    chance, dispatch = random.Random(5), MessagePump._dispatch_message

    async def dispatch_late(pump: MessagePump, message: Message) -> None:
        for _ in range(chance.choice([0, 0, 1, 3, 30])):
            await asyncio.sleep(0)
        await dispatch(pump, message)

    monkeypatch.setattr(MessagePump, "_dispatch_message", dispatch_late)


async def test_typing_at_random_is_what_a_list_of_characters_makes_of_it(
    shop: Path, turns: None
) -> None:
    """The model: insert, delete and step over single characters."""
    chance = random.Random(7)
    async with opened(shop) as (app, pilot):
        app.main.entry_pane.open(WHOLE_FILE)
        app.main.set_focus(app.main.query_one(Editor))
        model, place = list(app.session.document.text), 0
        pressed: list[str] = []
        for _ in range(COUNT):
            action = chance.choice(["type", "type", "type", "backspace", "delete", "right", "left"])
            if action == "type":
                character = chance.choice('ab{}[]",:')
                pressed.append(character)
                model.insert(place, character)
                place += 1
                continue
            pressed.append(action)
            if action == "backspace" and place:
                place -= 1
                del model[place]
            elif action == "delete" and place < len(model):
                del model[place]
            elif action in ("left", "right"):
                place = max(0, min(len(model), place + (1 if action == "right" else -1)))
        keyboard = Keyboard(app)
        for start in range(0, COUNT, AT_ONCE):
            keyboard.send(pressed[start : start + AT_ONCE])
            await keyboard.settle(pilot)
        assert app.session.document.text == "".join(model)
        while app.session.document.undo():
            pass
        assert app.session.document.to_bytes() == shop.read_bytes()
        assert not app.session.modified


async def test_any_keys_anywhere_leave_the_app_alive_and_all_undoable(shop: Path) -> None:
    """Every pane, command and dialog, but for leaving the app and for its two answers that
    write the file."""
    chance = random.Random(11)
    before = shop.read_bytes()
    async with opened(shop) as (app, pilot):
        app.saving.save = app.saving.save_and_say = nothing
        keyboard = Keyboard(app)
        for number in range(0, COUNT, AT_ONCE):
            lots = [TYPED if chance.random() < 0.5 else NAMED for _ in range(AT_ONCE)]
            keys = [chance.choice(lot) for lot in lots]
            keyboard.send(keys)
            await keyboard.settle(pilot)
            assert app.is_running, f"keys from {number}: {keys}"
        while app.screen is not app.main:
            await pilot.press("escape")
        editor, document = app.main.query_one(Editor), app.session.document
        if editor.window is not None:
            assert editor.text == editor.window.text
        last, steps = document.text, 0
        while document.undo():
            steps += 1
        assert document.to_bytes() == before
        for _ in range(steps):
            document.redo()
        assert document.text == last
    assert shop.read_bytes() == before


async def test_at_rest_each_dialog_is_waited_for_and_escape_leads_out(
    shop: Path, turns: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every pane, command and dialog with all answers, ctrl+q in any of them, somebody else
    writing the file in between: no dialog stays that nobody waits for, and no conversation that
    nobody sees."""
    monkeypatch.setenv("EDITOR", "true")
    chance = random.Random(13)
    good = shop.read_text()
    left: list[object] = []
    async with opened(shop) as (app, pilot):
        monkeypatch.setattr(app, "exit", left.append)
        keyboard = Keyboard(app)
        seen: set[tuple[str, ...]] = set()
        for number in range(0, COUNT, AT_ONCE // 4):
            if chance.random() < 0.2:
                shop.write_text(good.replace('"name"', f'"n{number}": 1, "name"', 1))
            keys = [chance.choice(AROUND) for _ in range(AT_ONCE // 4)]
            keyboard.send(keys)
            await keyboard.settle(pilot)
            await answered(pilot)
            dialogs = app.screen_stack[1:]
            seen.add(tuple(type(dialog).__name__ for dialog in dialogs))
            said = f"keys from {number}: {keys}: {dialogs}"
            assert all(isinstance(dialog, Dialog) for dialog in dialogs), said
            assert len(app._lasting) == len(dialogs), said
            assert not any(d._result_callbacks[-1].future.done() for d in dialogs), said
            for depth in range(len(dialogs), 0, -1):
                if chance.random() < 0.7:
                    break
                keyboard.send(["escape"])
                await keyboard.settle(pilot)
                await answered(pilot)
                assert len(app.screen_stack) == depth, said
            # Below a dialog no text changes.
            if chance.random() < 0.3 and app.screen is app.main:
                app.session.step(edits_between(app.session.document.text, good))
        assert any(len(kinds) > 1 for kinds in seen), "no dialog was ever asked to be left"
        assert len({kinds[0] for kinds in seen if kinds}) > 2


async def nothing() -> bool:
    return False
