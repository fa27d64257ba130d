"""A program in a PTY, timed: each piece of its output has the time at which it was read."""

from __future__ import annotations

import fcntl
import os
import queue
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

ROWS, COLUMNS = 24, 80
PATIENCE = 40.0
"""Seconds after which something that does not come counts as never."""

KEYS = {
    "<enter>": "\r",
    "<escape>": "\x1b",
    "<tab>": "\t",
    "<backspace>": "\x7f",
    "<down>": "\x1b[B",
    "<right>": "\x1b[C",
    "<left>": "\x1b[D",
    "<end>": "\x1b[F",
    "<f8>": "\x1b[19~",
    "<ctrl+s>": "\x13",
    "<ctrl+f>": "\x06",
    "<ctrl+end>": "\x1b[1;5F",
}
# What Textual asks a terminal: whether it knows synchronised output.
_SYNC_QUERY, _SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
# What pyte would draw as text: private modes and the kitty keyboard protocol.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")


class _Screen(pyte.Screen):
    """One that passes over what vim sends and pyte does not know."""

    def select_graphic_rendition(self, *attributes: int, **private: bool) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


class Program:
    """A program and its screen of 80x24. A context manager; it is killed at its end."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = _Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._pieces: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self.bytes_drawn = 0
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._master = master
        # The shell opens the terminal by name as a session leader: so it is its controlling one.
        opener = ["sh", "-c", 'exec "$@" <>"$0" >&0 2>&1', os.ttyname(slave), *command]
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        environment.pop("NO_COLOR", None)
        self._began = time.perf_counter()
        self.process = subprocess.Popen(opener, cwd=cwd, env=environment, start_new_session=True)
        # Kept open: until the shell has opened it, reading from the other end would fail.
        self._slave = slave
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._slave)

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:
                return
            now = time.perf_counter()
            if _SYNC_QUERY in piece:
                os.write(self._master, _SYNC_ANSWER)
            self._pieces.put((now, piece))

    def _draw(self, patience: float) -> float | None:
        """Draw one piece of output; when it was read. None when nothing came."""
        try:
            when, piece = self._pieces.get(timeout=patience)
        except queue.Empty:
            return None
        self.bytes_drawn += len(piece)
        self._stream.feed(_UNKNOWN.sub(b"", piece))
        return when

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def settle(self, seconds: float = 0.5) -> None:
        """Until nothing has been drawn for that long, or 5 s have passed."""
        end = time.perf_counter() + 5
        while self._draw(seconds) is not None and time.perf_counter() < end:
            pass

    def press(self, keys: str) -> None:
        for name in re.findall(r"<[a-z0-9+]+>|.", keys, re.DOTALL):
            os.write(self._master, KEYS.get(name, name).encode())

    def until(self, condition: Callable[[str], bool], since: float | None = None) -> float:
        """Seconds from the start, or `since`, until the screen's text is so."""
        began = self._began if since is None else since
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            when = self._draw(0.1)
            if when is not None and condition(self.text):
                return when - began
            if self.process.poll() is not None and self._pieces.empty():
                break
        code = self.process.poll()
        sys.exit(f"what was waited for did not come (exit code {code}); the screen:\n{self.text}")

    def time_key(self, keys: str, condition: Callable[[str], bool]) -> float:
        """Seconds from the key until the screen's text is so."""
        self.settle(0.15)
        since = time.perf_counter()
        self.press(keys)
        return self.until(condition, since)

    def bytes_of(self, keys: str) -> int:
        """What is sent to the terminal after the key until nothing more comes."""
        self.settle()
        before = self.bytes_drawn
        self.press(keys)
        self.settle()
        return self.bytes_drawn - before

    def status(self, name: str) -> int:
        """A number of /proc/PID/status: VmRSS and VmHWM in kB, voluntary_ctxt_switches."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1])

    def cpu(self) -> float:
        """Seconds of CPU that it has used: by the clock of its process, as clock_getcpuclockid(3)
        makes it. /proc counts in ticks of 10 ms."""
        return time.clock_gettime((~self.process.pid << 3) | 2)
