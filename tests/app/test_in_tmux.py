"""The same through a real tmux: it has its own ideas of keys, mouse, focus and pastes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import run

import pytest
from app.conftest import needed
from app.terminal import Terminal

OpenInTmux = Callable[..., Terminal]


@pytest.fixture
def in_tmux(tmp_path: Path) -> Iterator[OpenInTmux]:
    """in_tmux(config) opens it in a tmux server of its own, 80x24, seen as its client sees it."""
    tmux = needed("tmux")
    # The status line would take a row; the rest are settings that people have.
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g status off\nset -g mouse on\nset -g focus-events on\n")
    # The path of a socket has room for about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="tmux-"))
    server = [tmux, "-S", str(folder / "socket"), "-f", str(settings)]
    env = {
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "HOME": str(tmp_path),
        "SHELL": "/bin/sh",
        "EDITOR": "vi",
    }
    with ExitStack() as stack:

        def open_(config: Path) -> Terminal:
            command = [*server, "new-session", sys.executable, "-m", "tui", str(config)]
            return stack.enter_context(Terminal(command, cwd=config.parent, env=env))

        yield open_
        run([*server, "kill-server"], env={**os.environ, **env}, capture_output=True, check=False)
    shutil.rmtree(folder)


def test_the_main_job(in_tmux: OpenInTmux, shop: Path) -> None:
    before = shop.read_bytes()
    terminal = in_tmux(shop)
    terminal.wait("no loaded file")
    terminal.press(".bak")
    terminal.wait("1 of 10 load")
    terminal.press("ctrl+s", "enter")
    terminal.wait("y write anyway")
    terminal.press("y")
    terminal.wait("Saved")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before.replace(b'".so"', b'".so.bak"')


ODD = {
    "shifted function keys": "\x1b[32~\x1b[34~",
    "focus": "\x1b[O\x1b[I",
    "mouse": "\x1b[<35;10;10M\x1b[<0;79;24M\x1b[<0;79;24m\x1b[<64;70;15M",
    "device attributes": "\x1b[?64;1;2c",
    "a background colour": "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "half a paste": "\x1b[200~half",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sequences_type_nothing(in_tmux: OpenInTmux, shop: Path, name: str) -> None:
    terminal = in_tmux(shop)
    terminal.wait("no loaded file")
    terminal.press(ODD[name])
    if name == "half a paste":
        # tmux passes it on; the app says so, and a key gives it up.
        terminal.wait("its end does not come")
    terminal.press("f8")
    terminal.wait("service › plugin/http-server")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_vi_gets_the_terminal_and_gives_it_back(in_tmux: OpenInTmux, shop: Path) -> None:
    """vi asks the terminal questions; answers that come late are not typed."""
    needed("vi")
    terminal = in_tmux(shop)
    terminal.wait("no loaded file")
    terminal.press("f4")
    terminal.wait(lambda: '"version": 3,' in terminal.text and "Plugins" not in terminal.text)
    terminal.press(":wq", "enter")
    terminal.wait("changed nothing")
    terminal.press("x")
    terminal.wait("pattern .sox")
    terminal.press("ctrl+z")
    terminal.wait(lambda: "●" not in terminal.lines[0])
