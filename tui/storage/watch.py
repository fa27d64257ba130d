"""Notice what others do to the plugin folder and to the config file."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Literal, NamedTuple

from tui.folder import FolderListing
from tui.storage.folder import list_folder
from tui.visible import visible
from tui.waiting import came

if sys.version_info < (3, 11):
    from exceptiongroup import ExceptionGroup

_POLL_SECONDS = 1.0
# inotify sees no changes made by other hosts (NFS) nor behind symlinks: look every so many
# polls all the same.
_POLLS_BETWEEN_LOOKS = 5
_COALESCE_MS = 100
_STEP_MS = 100


class WatchStatus(NamedTuple):
    """How changes are noticed; `reason` says why polling was taken, else ""."""

    mode: Literal["inotify", "polling"]
    reason: str = ""


class Noticed(NamedTuple):
    """What changed: the folder's new listing (None: as before), and whether the config file
    is another one now (content, place or permissions may differ; compare the content)."""

    listing: FolderListing | None
    config_changed: bool


class _Seen(NamedTuple):
    listing: FolderListing | None
    config: tuple[object, ...]
    anchors: frozenset[Path]


async def watch(
    folder: str | None,
    config: Path,
    stop: asyncio.Event,
    on_status: Callable[[WatchStatus], None] | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
) -> AsyncGenerator[Noticed, None]:
    """Yield what changed, until `stop` is set. Neither has to exist: its coming is noticed.

    `on_status` is told when the first look has been taken (what changes from then on is
    noticed), and again when the way of watching changes. `folder` is an absolute path, and
    one level of it is watched. Where changes come without events (another host's on a network
    mount, those behind a symlink) it falls back to polling.
    """
    if environ.get("WATCHFILES_FORCE_POLLING", "").lower() not in ("", "false", "disable"):
        status = WatchStatus("polling", "WATCHFILES_FORCE_POLLING is set")
    else:
        status = WatchStatus("inotify")
    tell = on_status or (lambda _: None)
    seen = await asyncio.to_thread(_look, folder, config)
    tell(status)
    while not stop.is_set():
        wakes = _events(seen.anchors, stop) if status.mode == "inotify" else _ticks(stop)
        trust = _Trust(status.mode == "inotify")
        try:
            async with aclosing(wakes) as waking:
                async for is_event in waking:
                    before, seen = seen, await asyncio.to_thread(_look, folder, config)
                    change = _difference(before, seen)
                    if change is not None:
                        yield change
                    if seen.anchors != before.anchors:
                        break
                    trust.looked(is_event=is_event, changed=change is not None)
        except _NoInotify as error:
            status = WatchStatus("polling", str(error))
            tell(status)


class _NoInotify(Exception):
    """The system gives no (more) watches; the reason in words."""


class _Trust:
    """Whether events still tell of changes."""

    def __init__(self, in_events: bool) -> None:
        self._in_events = in_events
        self._is_first = True
        self._missed = False

    def looked(self, *, is_event: bool, changed: bool) -> None:
        """Raises _NoInotify when a change was seen that no event told of, not even later.

        The first look is for what changed before the watch stood.
        """
        if not self._in_events:
            return
        if self._missed and not is_event:
            raise _NoInotify("changes come here without an event (a network mount, or a link)")
        self._missed = changed and not is_event and not self._is_first
        self._is_first = False


async def _events(anchors: frozenset[Path], stop: asyncio.Event) -> AsyncGenerator[bool, None]:
    """True: something happened in one of `anchors`; False: it is time to look all the same."""
    from watchfiles import awatch
    from watchfiles._rust_notify import WatchfilesRustInternalError

    changes = awatch(
        *anchors,
        watch_filter=None,
        debounce=_COALESCE_MS,
        step=_STEP_MS,
        stop_event=stop,
        rust_timeout=int(_POLL_SECONDS * 1000),
        yield_on_timeout=True,
        recursive=False,
        force_polling=False,
    )
    # The first time-out counts: something may have changed between the look and the watch.
    quiet = _POLLS_BETWEEN_LOOKS - 1
    try:
        async with aclosing(changes) as batches:
            async for batch in batches:
                quiet = 0 if batch else quiet + 1
                if quiet % _POLLS_BETWEEN_LOOKS == 0:
                    yield bool(batch)
    except FileNotFoundError:
        # An anchor vanished before it was watched: look again for the ones that are there.
        yield True
    except (OSError, WatchfilesRustInternalError) as error:
        raise _NoInotify(f"no inotify watch to be had: {error}") from error
    except ExceptionGroup as group:
        # awatch waits in a task group; watchfiles gives up at a name that is not UTF-8.
        _, others = group.split((OSError, WatchfilesRustInternalError))
        if others is not None:
            raise
        reason = group.exceptions[0]
        raise _NoInotify(f"inotify cannot follow this folder: {visible(str(reason))}") from group


async def _ticks(stop: asyncio.Event) -> AsyncGenerator[bool, None]:
    while not stop.is_set():
        await came(stop, _POLL_SECONDS)
        yield False


def _difference(before: _Seen, now: _Seen) -> Noticed | None:
    listing_changed = before.listing != now.listing
    config_changed = before.config != now.config
    if not listing_changed and not config_changed:
        return None
    return Noticed(now.listing if listing_changed else None, config_changed)


def _look(folder: str | None, config: Path) -> _Seen:
    anchors = _anchors(config)
    listing = None
    if folder is not None:
        listing = list_folder(folder)
        if folder:
            anchors |= _anchors(Path(folder)) | ({Path(folder)} if os.path.isdir(folder) else set())
    return _Seen(listing, _identity(config), frozenset(anchors))


def _identity(path: Path) -> tuple[object, ...]:
    real_path = os.path.realpath(path)
    try:
        status = os.stat(real_path)
    except (OSError, ValueError):
        return (real_path,)
    return (
        real_path,
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _anchors(path: Path) -> set[Path]:
    """The folders in which `path`, or what it is a link to, would come, go or be replaced."""
    places = {path.parent, Path(os.path.realpath(path)).parent}
    return {_nearest_folder(place) for place in places}


def _nearest_folder(place: Path) -> Path:
    while not os.path.isdir(place) and place != place.parent:
        place = place.parent
    return place
