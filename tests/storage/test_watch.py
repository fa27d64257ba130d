import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.folder import FolderStatus
from tui.storage import watch as watching
from tui.storage.watch import Noticed, WatchStatus, watch

PATIENCE = 20.0
"""Seconds after which a change counts as missed; a hang must not stop the suite."""


@pytest.fixture(params=["inotify", "polling"])
def environ(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    if request.param == "polling":
        monkeypatch.setattr(watching, "_POLL_SECONDS", 0.05)
        return {"WATCHFILES_FORCE_POLLING": "1"}
    return {}


class Watching:
    """A watch, and when it stands."""

    def __init__(self, folder: Path | None, config: Path, environ: dict[str, str]) -> None:
        self.statuses: list[WatchStatus] = []
        self.stop = asyncio.Event()
        self._stands = asyncio.Event()
        name = None if folder is None else str(folder)
        self.notices = watch(name, config, self.stop, self._told, environ=environ)

    def _told(self, status: WatchStatus) -> None:
        self.statuses.append(status)
        self._stands.set()

    async def first_after(self, action: Callable[[], object]) -> Noticed:
        task = asyncio.ensure_future(anext(self.notices))
        await asyncio.wait_for(self._stands.wait(), PATIENCE)
        action()
        return await asyncio.wait_for(task, PATIENCE)

    async def until(self, enough: Callable[[Noticed], bool]) -> Noticed:
        async def read() -> Noticed:
            async for noticed in self.notices:
                if enough(noticed):
                    return noticed
            raise AssertionError("the watch ended")

        return await asyncio.wait_for(read(), PATIENCE)

    async def consume(self) -> None:
        async for _ in self.notices:
            pass

    async def start(self) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self.consume())
        await asyncio.wait_for(self._stands.wait(), PATIENCE)
        return task

    async def __aenter__(self) -> "Watching":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await self.notices.aclose()


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    config, folder = tmp_path / "krakend.json", tmp_path / "plugins"
    config.write_text("{}")
    folder.mkdir()
    return config, folder


async def test_files_come_and_go_and_change_their_name(place, environ: dict[str, str]) -> None:
    config, folder = place
    async with Watching(folder, config, environ) as seen:
        noticed = await seen.first_after((folder / "a.so").touch)
        assert noticed.listing is not None
        assert [entry.name for entry in noticed.listing.entries] == [b"a.so"]
        assert not noticed.config_changed

        (folder / "a.so").rename(folder / "b.so")
        await seen.until(lambda n: n.listing is not None and _names(n) == [b"b.so"])
        (folder / "b.so").write_bytes(b"new content")
        await seen.until(lambda n: n.listing is not None and n.listing.entries[0].size == 11)
        (folder / "b.so").unlink()
        await seen.until(lambda n: n.listing is not None and _names(n) == [])
    assert seen.statuses[0].mode == ("polling" if environ else "inotify")
    assert bool(seen.statuses[0].reason) == bool(environ)


async def test_the_folder_goes_and_comes_back(place, environ: dict[str, str]) -> None:
    config, folder = place
    async with Watching(folder, config, environ) as seen:
        await seen.first_after(lambda: shutil.rmtree(folder))
        folder.mkdir()
        await seen.until(lambda n: _status(n) is FolderStatus.OK)
        (folder / "c.so").touch()
        await seen.until(lambda n: n.listing is not None and _names(n) == [b"c.so"])


async def test_a_folder_several_levels_down_comes(place, environ: dict[str, str]) -> None:
    config, folder = place
    deep = folder / "x" / "y" / "z"
    async with Watching(deep, config, environ) as seen:
        await seen.first_after(lambda: deep.mkdir(parents=True))
        (deep / "a.so").touch()
        await seen.until(lambda n: n.listing is not None and _names(n) == [b"a.so"])


async def test_the_config_is_rewritten_replaced_and_deleted(place, environ: dict[str, str]) -> None:
    config, folder = place
    async with Watching(folder, config, environ) as seen:
        noticed = await seen.first_after(lambda: config.write_text('{"a": 1}'))
        assert noticed.config_changed
        assert noticed.listing is None
        other = config.with_name("other")
        other.write_text('{"b": 1}')
        other.rename(config)
        await seen.until(lambda n: n.config_changed)
        config.unlink()
        await seen.until(lambda n: n.config_changed)


async def test_a_configmap_swap_is_noticed(tmp_path: Path, environ: dict[str, str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "krakend.json").write_text(name)
    (tmp_path / "..data").symlink_to("one")
    config = tmp_path / "krakend.json"
    config.symlink_to("..data/krakend.json")

    def swap() -> None:
        (tmp_path / "..tmp").symlink_to("two")
        os.rename(tmp_path / "..tmp", tmp_path / "..data")

    async with Watching(None, config, environ) as seen:
        assert (await seen.first_after(swap)).config_changed


async def test_without_a_watch_to_be_had_it_polls_and_says_why(
    place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> object:
        raise OSError(28, "No space left on device (os error 28)")

    monkeypatch.setattr("watchfiles.main.RustNotify", refused)
    monkeypatch.setattr(watching, "_POLL_SECONDS", 0.05)
    config, folder = place
    async with Watching(folder, config, {}) as seen:
        await seen.first_after((folder / "a.so").touch)
    assert [status.mode for status in seen.statuses] == ["inotify", "polling"]
    assert "No space left" in seen.statuses[1].reason


async def test_stop_ends_it(place, environ: dict[str, str]) -> None:
    config, folder = place
    async with Watching(folder, config, environ) as seen:
        task = await seen.start()
        seen.stop.set()
        await asyncio.wait_for(task, PATIENCE)


async def test_cancelling_ends_it(place, environ: dict[str, str]) -> None:
    config, folder = place
    async with Watching(folder, config, environ) as seen:
        task = await seen.start()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)


def _names(noticed: Noticed) -> list[bytes]:
    assert noticed.listing is not None
    return [entry.name for entry in noticed.listing.entries]


def _status(noticed: Noticed) -> FolderStatus | None:
    return noticed.listing and noticed.listing.status
