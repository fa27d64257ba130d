"""The real app on a real file, without a terminal."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tui.app.app import KrakendTui
from tui.app.judging import Judging
from tui.app.session import Session
from tui.app.terminal.looks import Looks
from tui.krakend.target import default_target
from tui.options import Options

PATIENCE = 30.0
"""Seconds until what does not come is a failure; no test takes its time from it."""


@contextlib.asynccontextmanager
async def opened(
    config: Path,
    *,
    size: tuple[int, int] = (80, 24),
    writable: bool = True,
    looks: Looks = Looks(),  # noqa: B008 - it is immutable
) -> AsyncIterator[tuple[KrakendTui, Pilot[Any]]]:
    """The app on `config` once its first findings are there."""
    session = Session(config, Options(str(config.parent), None, default_target()))
    if not writable:
        # Root may write everything: say what storage says for somebody who may not.
        session.on_disk.file = dataclasses.replace(
            session.on_disk.file, writable=False, write_problem="no permission to write it"
        )
    app = KrakendTui(session, looks)
    async with app.run_test(size=size) as pilot:
        await app.main.analysed()
        await pilot.pause()
        try:
            yield app, pilot
        finally:
            # As the real end does, before the widgets go.
            app.workers.cancel_all()


class Gate:
    """Holds back the result of every analysis while it is closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._open = threading.Event()
        self._open.set()
        analyse = Judging.analyse

        def late(judging: Judging, *of: Any) -> Any:
            outcome = analyse(judging, *of)
            self._open.wait()
            return outcome

        monkeypatch.setattr(Judging, "analyse", late)
        self.close, self.open = self._open.clear, self._open.set


async def answered(pilot: Pilot[Any]) -> None:
    """Wait until a command has ended, or asks something."""
    app = pilot.app
    assert isinstance(app, KrakendTui)
    for _ in range(10_000):
        await pilot.pause()
        assert app.is_running or not app.parting_words, app.parting_words
        if not app.works:
            return
    raise AssertionError("the command does not end")


async def press(pilot: Pilot[Any], *keys: str) -> int:
    """Press the keys, and wait until each dialog is there or gone; how many they were."""
    for key in keys:
        await pilot.press(key)
        await answered(pilot)
    await pilot.pause()
    return len(keys)


def config_of(app: KrakendTui) -> Any:
    """The config as the text has it now."""
    return json.loads(app.session.document.text)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """A condition, not a time: the watcher reports when the kernel does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it does not come"
        await pilot.pause(0.02)
