"""A real program in a real PTY, seen through a terminal emulator (pyte)."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
SYNC_QUERY, SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
SYNC_BEGIN, SYNC_END = b"\x1b[?2026h", b"\x1b[?2026l"
"""Synchronized output: between the two a frame is only partly drawn."""
PATIENCE = 60.0
"""Seconds until a screen that does not come is a failure; no test takes its time from it."""


def key(name: str) -> str:
    """What a terminal sends for a key: a name of KEYS, `ctrl+x`, or the text itself."""
    if name.startswith("ctrl+") and len(name) == 6:
        return chr(ord(name[5].upper()) - 64)
    return KEYS.get(name, name)


class Terminal:
    """A program and the screen it draws. A context manager; the program is killed at its end."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._master, slave = os.openpty()
        self._set_size(rows, columns)
        # The shell opens the terminal by name as a session leader: so it becomes its
        # controlling terminal, and closing the master sends SIGHUP as a dropped line does.
        opener = ["sh", "-c", 'exec "$@" <>"$0" >&0 2>&1', os.ttyname(slave), *command]
        self.process = subprocess.Popen(
            opener,
            cwd=cwd,
            env={
                "PATH": os.environ["PATH"],
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                **(env or {}),
            },
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def _set_size(self, rows: int, columns: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def resize(self, rows: int, columns: int) -> None:
        self.screen.resize(rows, columns)
        self._set_size(rows, columns)
        os.killpg(self.process.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Drop the line."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def press(self, *names: str) -> None:
        """Send keys by name, see `key`."""
        for name in names:
            os.write(self._master, key(name).encode())

    def read(self, seconds: float) -> bool:
        """Draw what the program writes within `seconds`; False when nothing came or it ended."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        if SYNC_QUERY in (self.raw[-len(SYNC_QUERY) + 1 :] + data):
            os.write(self._master, SYNC_ANSWER)
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    @property
    def _in_frame(self) -> bool:
        return self.raw.rfind(SYNC_BEGIN) > self.raw.rfind(SYNC_END)

    def wait(self, condition: str | Callable[[], bool], what: str = "") -> None:
        """Until the text is on the screen, or the condition holds, with the frame complete."""
        if isinstance(condition, str):
            text = condition
            condition, what = (lambda: text in self.text), what or repr(text)
        end = time.monotonic() + PATIENCE
        while self._in_frame or not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come; the screen:\n{self.text}")
            self.read(0.05)

    def quiet(self) -> None:
        """Read until nothing more comes."""
        while self.read(1.0):
            pass

    def wait_exit(self) -> int:
        """Until the program has ended; its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"it does not end; the screen:\n{self.text}")
            if self._master >= 0:
                self.read(0.05)
        while self._master >= 0 and self.read(0):
            pass
        return self.process.returncode

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def reversed_in(self, row: int) -> list[str]:
        """The runs of reversed text of a row, from left to right; scroll bars are blank ones."""
        cells = self.screen.buffer[row]
        runs, run = [], ""
        for column in range(self.screen.columns + 1):
            cell = cells[column]
            if column < self.screen.columns and cell.reverse:
                run += cell.data
            elif run:
                runs.append(run)
                run = ""
        return [run for run in runs if run.strip()]
