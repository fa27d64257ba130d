"""A long session: thousands of random keys and edits while the plugin folder changes fifty times
a second. No exception, the text is the model's, memory is bounded, nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

from app.driving import PATIENCE, answered, opened, until
from textual import events
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.tree_rows import WHOLE_FILE
from tui.demo.sandbox import make_sandbox
from tui.document.diff import edits_between

KEYS = 10_000 if os.environ.get("SOAK") else 120
ROUND = 40
MOST_GROWTH = 40 * 1024 * 1024
"""Bytes of resident memory, from a fifth of the way to its end: the undo history of ten thousand
keys and what the allocator keeps."""
CHANGES_A_SECOND = 50

TYPED = {
    "a": "a", "b": "b", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "left_square_bracket": "[", "right_square_bracket": "]", "quotation_mark": '"',
    "comma": ",", "colon": ":", "space": " ", "1": "1", "backslash": "\\",
}  # fmt: skip
WALKS = (
    ["f8"], ["f7"], ["f5"], ["tab", "tab", "down", "up"], ["shift+tab", "shift+tab", "end", "home"],
    ["ctrl+s", "escape", "escape"], ["f1", "escape"], ["ctrl+f", "a", "b", "escape"],
    ["ctrl+p", "a", "escape"], ["ctrl+g", "escape"],
)  # fmt: skip
"""Keys that go everywhere and change nothing."""


@dataclass
class Churn:
    """How many changes there were, in how many seconds; known at the end."""

    changes: int = 0
    seconds: float = 0.0


@contextmanager
def churn(folder: Path) -> Iterator[Churn]:
    """The folder changes all the while."""
    script = str(Path(__file__).with_name("churning.py"))
    command = [sys.executable, script, str(folder), str(CHANGES_A_SECOND)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        made = Churn()
        try:
            yield made
        finally:
            changes, seconds = process.communicate()[0].split()
            made.changes, made.seconds = int(changes), float(seconds)


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def handles() -> int:
    return len(os.listdir("/proc/self/fd"))


class Model:
    """A list of characters and a place in it, and the same keys in the real editor."""

    def __init__(self, app: KrakendTui, pilot: Pilot[Any], choice: random.Random) -> None:
        self.app, self.pilot, self.choice = app, pilot, choice
        self.text = list(app.session.document.text)

    async def press(self, *keys: str) -> None:
        """Press keys, as fast as a terminal delivers them, and wait until each has run its
        course."""
        for key in keys:
            self.app.post_message(events.Key(key, TYPED.get(key)))
        queued = asyncio.Event()
        self.app.call_later(queued.set)
        await queued.wait()
        await until(self.pilot, lambda: not self.app._waiting and not self.app._under_way)
        await answered(self.pilot)

    async def type(self, count: int) -> None:
        """Some keys in the whole file, from a random place on."""
        pane = self.app.main.entry_pane
        pane.open(WHOLE_FILE)
        self.app.main.set_focus(pane.editor)
        place = self.choice.randrange(len(self.text) + 1)
        pane.editor.move_to(place)
        keys = []
        for _ in range(count):
            key = self.choice.choice([*TYPED, "backspace", "delete", "left", "right"])
            keys.append(key)
            if key in TYPED:
                self.text.insert(place, TYPED[key])
                place += 1
            elif key == "backspace" and place:
                place -= 1
                del self.text[place]
            elif key == "delete" and place < len(self.text):
                del self.text[place]
            elif key in ("left", "right"):
                place = max(0, min(len(self.text), place + (1 if key == "right" else -1)))
        await self.press(*keys)
        self.check()

    async def mend(self, good: str) -> None:
        """Valid JSON again, as by a fix."""
        session = self.app.session
        session.step(edits_between(session.document.text, good))
        self.text = list(good)
        await self.pilot.pause()
        self.check()

    async def walk(self) -> None:
        await self.press(*self.choice.choice(WALKS))
        while self.app.screen is not self.app.main:
            await self.press("escape")
        self.check()

    def holds(self) -> bool:
        return self.app.session.document.text == "".join(self.text)

    def check(self) -> None:
        assert self.holds()


async def live(config: Path) -> tuple[int, list[tuple[int, int, int]]]:
    """One long session: the keys pressed, and (memory, handles, threads) on the way."""
    before = config.read_bytes()
    pressed, levels = 0, []
    async with opened(config) as (app, pilot):
        model = Model(app, pilot, random.Random(7))
        good = app.session.document.text
        while pressed < KEYS:
            await model.type(ROUND)
            await model.walk()
            await model.mend(good)
            await model.walk()
            pressed += ROUND
            if len(levels) < 5 * pressed // KEYS:
                levels.append((resident(), handles(), threading.active_count()))
        app.session.document.end_burst()
        while app.session.document.undo():
            pass
        assert app.session.document.to_bytes() == before
        assert not app.session.modified
    return pressed, levels


def test_a_long_session(tmp_path: Path, record_property) -> None:
    (tmp_path / "shop").mkdir()
    config = make_sandbox(tmp_path / "shop")
    before = config.read_bytes()
    threads, open_before = set(threading.enumerate()), handles()
    with churn(config.parent / "plugins") as made:
        pressed, levels = asyncio.run(live(config))
    growth = levels[-1][0] - levels[0][0]
    record_property("memory growth", growth)
    first, last = levels[0], levels[-1]
    print(
        f"{pressed} keys in bursts of {ROUND}; {made.changes} changes of the folder in "
        f"{made.seconds:.0f} s, {made.changes / made.seconds:.0f} a second; "
        f"memory {first[0] >> 20} MB, then {growth / 2**20:+.1f} MB; "
        f"handles {first[1]}, then {last[1]}; threads {first[2]}, then {last[2]}"
    )
    assert growth < MOST_GROWTH
    assert levels[-1][1] <= levels[0][1] + 3
    gc.collect()
    left = set(threading.enumerate()) - threads
    for thread in left:
        thread.join(PATIENCE)
    assert not [thread for thread in left if thread.is_alive()]
    assert handles() <= open_before
    assert config.read_bytes() == before
