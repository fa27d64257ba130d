import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing
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


async def test_where_no_events_come_it_polls(
    place, monkeypatch: pytest.MonkeyPatch, opener: "Opener"
) -> None:
    """/proc takes a watch and never tells of a change, as a network mount does."""
    monkeypatch.setattr(watching, "_POLL_SECONDS", 0.05)
    monkeypatch.setattr(watching, "_POLLS_BETWEEN_LOOKS", 2)
    config, _folder = place
    stop = asyncio.Event()
    statuses: list[WatchStatus] = []
    notices = watch(opener.folder, config, stop, statuses.append, environ={})
    async with aclosing(notices):
        for _ in range(20):
            if len(statuses) == 2:
                break
            waiting = asyncio.ensure_future(anext(notices))
            opener.open_another()
            noticed = await asyncio.wait_for(waiting, PATIENCE)
            assert noticed.listing is not None
            assert noticed.listing.status is FolderStatus.OK
    assert [status.mode for status in statuses] == ["inotify", "polling"]
    assert "without an event" in statuses[1].reason


class Opener:
    """A process whose folder of open files in /proc grows on demand."""

    def __init__(self) -> None:
        code = "import sys; held = [open('/dev/null') for _ in sys.stdin]"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, text=True
        )
        self.folder = f"/proc/{self.process.pid}/fd"

    def open_another(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@pytest.fixture
def opener() -> Iterator[Opener]:
    one = Opener()
    yield one
    one.process.communicate()


_WITHOUT_WATCHES = """
import asyncio, sys
from pathlib import Path
from tui.storage.watch import watch

async def main() -> None:
    folder, config = Path(sys.argv[1]), Path(sys.argv[2])
    stop = asyncio.Event()

    def told(status):
        print(status.mode, status.reason, flush=True)
        if status.mode == "polling":
            (folder / "late.so").touch()

    async for noticed in watch(str(folder), config, stop, told, environ={}):
        names = [entry.name for entry in noticed.listing.entries]
        print("saw", names, flush=True)
        if b"late.so" in names:
            stop.set()

asyncio.run(main())
"""


def test_with_no_inotify_watch_left_it_says_so_and_polls(place) -> None:
    """The kernel's own limit, in a user namespace of its own."""
    config, folder = place
    limit = "echo 0 > /proc/sys/user/max_inotify_watches"
    unshare = ["unshare", "--user", "--map-root-user", "sh", "-c"]
    if subprocess.run([*unshare, limit], capture_output=True, check=False).returncode:
        pytest.skip("this kernel allows no user namespace, so the limit cannot be set to 0")
    ended = subprocess.run(
        [*unshare, f'{limit} && exec "$@"', "sh", sys.executable, "-c", _WITHOUT_WATCHES,
         str(folder), str(config)],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    first, second, *seen = ended.stdout.splitlines()
    assert first.split() == ["inotify"]
    assert second.startswith("polling no inotify watch to be had")
    assert seen[-1] == "saw [b'late.so']"


async def test_a_storm_of_changes_is_a_few_notices(place) -> None:
    config, folder = place
    changes = 400
    async with Watching(folder, config, {}) as seen:

        def storm() -> None:
            for number in range(changes):
                (folder / f"{number % 50}.so").write_bytes(b"x" * number)

        await seen.first_after(storm)
        notices = 1
        (folder / "last.so").touch()

        def counted(noticed: Noticed) -> bool:
            nonlocal notices
            notices += 1
            return noticed.listing is not None and b"last.so" in _names(noticed)

        last = await seen.until(counted)
    assert notices < changes / 10
    assert len(_names(last)) == 51


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
