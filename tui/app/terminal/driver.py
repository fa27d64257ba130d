"""The driver: Textual's own for Linux, reading the terminal through InputDecoder."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui.app.terminal.input import InputDecoder, Kind, Unit
from tui.app.terminal.shown import Shown

_READ_SIZE = 65_536
_LOOK_AT_EXIT_SECONDS = 0.1


class PasteWaits(Message, bubble=False):
    """A paste began and its end does not come."""


class PasteCut(Message, bubble=False):
    """A paste whose end never came was given up."""


class _MayBeGone:
    """The terminal's file, which drops what is written once the line is dropped.

    Textual's writer thread would end with the error, and whoever writes then waits for it for
    ever: the kernel sends SIGCONT behind SIGHUP, and Textual answers it with a screenful.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """Sends the app keys, pastes, mouse events and reports, and nothing that looks like text
    and is none."""

    _title = ""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = _MayBeGone(self._file)  # type: ignore[arg-type, assignment]
        self.shown = Shown()
        self._pieces: list[str] | None = None

    @contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """What is written meanwhile goes to the writer thread as one piece at the end: each piece
        wakes it, and then both threads take turns."""
        self._pieces = []
        try:
            yield
        finally:
            written, self._pieces = "".join(self._pieces), None
            if written:
                self.write(written)

    def write(self, data: str) -> None:
        if self._pieces is None:
            super().write(data)
        else:
            self._pieces.append(data)

    @property
    def size(self) -> Size:
        """The terminal's size now."""
        return Size(*self._get_terminal_size())

    def start_application_mode(self) -> None:
        self.shown.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if _knows_titles():
            # Keep the terminal's own title, to be put back at the end (XTerm's window operations).
            self.write("\x1b[22;2t")
            self.set_title(self._title)

    def stop_application_mode(self) -> None:
        if _knows_titles():
            self.write("\x1b[23;2t")
        super().stop_application_mode()

    def set_title(self, title: str) -> None:
        """Name the terminal's window. `title` must hold no control characters."""
        self._title = title
        if title and _knows_titles() and self._writer_thread is not None:
            self.write(f"\x1b]2;{title}\x07")

    def run_input_thread(self) -> None:
        """Read until the driver is told to stop."""
        decoder, parser = InputDecoder(), XTermParser()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                now = time.monotonic()
                due = decoder.deadline
                wait = _LOOK_AT_EXIT_SECONDS if due is None else max(0.0, due - now)
                ready = selector.select(min(wait, _LOOK_AT_EXIT_SECONDS))
                now = time.monotonic()
                if not ready:
                    self._send(parser, decoder.tick(now))
                    continue
                data = os.read(self.fileno, _READ_SIZE)
                if not data:
                    return
                self._send(parser, decoder.feed(data, now))

    def _send(self, parser: XTermParser, units: Iterable[Unit]) -> None:
        for unit in units:
            for message in messages_of(unit, parser):
                self.process_message(message)


def messages_of(unit: Unit, parser: XTermParser) -> Iterable[Message]:
    """Textual's messages for a unit of input."""
    if unit.kind is Kind.ESCAPE:
        return [events.Key("escape", "\x1b")]
    if unit.kind is Kind.PASTE:
        return [events.Paste(unit.text)]
    if unit.kind is Kind.PASTE_WAITS:
        return [PasteWaits()]
    if unit.kind is Kind.PASTE_CUT:
        return [PasteCut()]
    return parser.feed(unit.text)


def _knows_titles() -> bool:
    """The Linux console and plain terminals would print what others take for a title."""
    return not os.environ.get("TERM", "").startswith(("linux", "dumb", "vt"))
