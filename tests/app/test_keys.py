"""Keys keep their order and do what a plain text model says."""

from __future__ import annotations

from pathlib import Path

import pytest
from app.conftest import Start
from app.driving import opened

from tui.app.widgets.fields import BlockField


def test_a_burst_in_one_packet_keeps_its_order(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        keys = ["x", "backspace", "backspace", "c", "home", "d", "end", "e"]
        from app.terminal import key

        terminal.press("".join(map(key, keys)))
        terminal.wait("pattern d.sce")


def test_keys_typed_ahead_of_a_dialog_reach_the_dialog(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        from app.terminal import key

        terminal.press("".join(map(key, ["y", "ctrl+s", "enter", "y"])))
        terminal.wait("Saved")
    assert shop.read_bytes() == before.replace(b'".so"', b'".soy"')


@pytest.mark.parametrize(
    ("packet", "title"),
    [
        ("\t\t\trxdaca", "Rename which"),
        ("\t\t\t\tazdaca", "Name of the http-server plugin"),
    ],
)
def test_keys_typed_ahead_of_a_lists_dialog_reach_the_dialog(
    start: Start, shop: Path, packet: str, title: str
) -> None:
    """In one packet: the way to the tree or the names, a command, and letters that are commands
    there as well."""
    before = shop.read_bytes()
    typed = packet.lstrip("\t")[1:]
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        terminal.press(packet)
        terminal.wait(title)
        terminal.wait(lambda: any(line.strip() == typed for line in terminal.lines), typed)
        terminal.press("escape", "ctrl+q")
        assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before


async def test_escape_brings_back_the_pattern_of_before(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pilot.press(*"abc")
        assert app.session.field_text("pattern") == ".soabc"
        await pilot.press("escape")
        assert app.session.field_text("pattern") == ".so"
        assert app.main.query_one("#pattern", BlockField).value == ".so"
        assert not app.session.modified


async def test_a_burst_in_the_pattern_is_one_undo_step(shop: Path) -> None:
    async with opened(shop) as (app, pilot):
        await pilot.press(*"abc", "tab", "shift+tab", *"de")
        await pilot.press("ctrl+z")
        assert app.session.field_text("pattern") == ".soabc"
        await pilot.press("ctrl+z")
        assert app.session.field_text("pattern") == ".so"
        await pilot.press("ctrl+y")
        assert app.session.field_text("pattern") == ".soabc"
