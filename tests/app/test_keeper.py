"""When unsaved text is kept. The clock and the app's timers are the test's own: nothing waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from app.driving import opened

from tui.app.saving import keeper
from tui.document.change import ChangeSet


class Waiting:
    """A timer that goes off when the test says so."""

    def __init__(self, made: float, act: Callable[[], Awaitable[None]]) -> None:
        self.made = made
        self.act = act
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True


async def test_typing_without_a_pause_is_kept_after_the_longest_time(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    now = 0.0
    timers: list[Waiting] = []
    monkeypatch.setattr(keeper, "time", SimpleNamespace(monotonic=lambda: now))

    def set_timer(delay: float, act: Callable[[], Awaitable[None]]) -> Waiting:
        assert delay == keeper.PAUSE
        timers.append(Waiting(now, act))
        return timers[-1]

    async with opened(shop) as (app, _pilot):
        app.session.on_disk.document.end_burst()
        monkeypatch.setattr(app, "set_timer", set_timer)
        while now < 2 * keeper.LONGEST:
            end = len(app.session.document.text)
            app.session.apply(ChangeSet.replace(end, end, end, " "))
            now += keeper.PAUSE * 0.8
        left = [timer for timer in timers if not timer.is_stopped]
        assert [timer is timers[-1] for timer in left] == [True]
        assert keeper.LONGEST - keeper.PAUSE <= left[0].made < keeper.LONGEST
        await left[0].act()
        (kept,) = (tmp_path / "state" / "krakend-tui" / "recovery").iterdir()
        assert app.session.document.text.encode() in kept.read_bytes()
