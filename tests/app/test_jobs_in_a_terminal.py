"""The main job by keys, in a real terminal at 80x24: what is asserted is read off the screen
and off the disk."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

from app.conftest import Start
from app.terminal import Terminal


def file_row(terminal: Terminal, name: str) -> int:
    """The row of a file in the folder pane; the names pane may show the same name beside it."""
    left = [line.partition("▏")[0] for line in terminal.lines]
    return next(row for row, line in enumerate(left) if f"  {name} " in line)


def loads(terminal: Terminal, words: str) -> None:
    terminal.wait(f"{words} load")


def test_typing_in_pattern_moves_the_highlights(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        row = file_row(terminal, "auth.so.bak")
        assert terminal.reversed_in(row) == [".so"]

        terminal.press(".bak")

        terminal.wait("pattern .so.bak")
        loads(terminal, "1 of 10")
        row = file_row(terminal, "auth.so.bak")
        assert terminal.lines[row].split()[:2] == ["0", "auth.so.bak"]
        assert terminal.reversed_in(row) == [".so.bak"]
        assert terminal.reversed_in(file_row(terminal, "maintenance.so")) == []

        terminal.press("escape")

        loads(terminal, "8 of 10")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert b"\\" not in terminal.raw.split(b"\x1b[?1049l")[-1]


def test_a_name_whose_only_file_stops_matching_becomes_an_error_at_once(
    start: Start, shop: Path
) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.wait("✓ auth.so")
        terminal.press(*["backspace"] * 3, "card")
        loads(terminal, "1 of 10")
        terminal.wait("no loaded file")


def without_broken_file(shop: Path) -> None:
    """Take the failed download away, which is no mistake in the config."""
    (shop.parent / "plugins" / "payments.so").unlink()


def test_an_entry_is_edited_and_only_its_bytes_change(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    shop.chmod(0o640)
    without_broken_file(shop)
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        terminal.press("f8")
        terminal.press(*["right"] * 8, "delete", "a")
        terminal.wait("✓ maintenance.so")
        terminal.press("ctrl+s")
        terminal.wait('+      "name": ["shop-auth", "maintenance"],')
        terminal.press("enter")
        terminal.wait("errors remain")
        assert shop.read_bytes() == before
        terminal.press("y")
        terminal.wait("Saved")
        terminal.wait("only at start")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before.replace(b"maintenence", b"maintenance")
    assert shop.stat().st_mode & 0o777 == 0o640


def errors(terminal: Terminal) -> int:
    """The number of errors that the title has."""
    found = re.search(r"✗ (\d+)", terminal.lines[0])
    return int(found[1]) if found else 0


def test_every_planted_mistake_is_mended_by_its_fix(start: Start, shop: Path) -> None:
    without_broken_file(shop)
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        while left := errors(terminal):
            terminal.press("f8", "ctrl+g")
            terminal.wait("Enter apply")
            terminal.press("enter")
            # Not until the title is another: other counts may go up and down on the way.
            terminal.wait(lambda left=left: errors(terminal) < left)
        terminal.press("ctrl+s")
        terminal.wait("Enter write")
        terminal.press("enter")
        terminal.wait("Saved")
    config = json.loads(shop.read_text())
    assert config["extra_config"]["plugin/http-server"]["name"] == ["shop-auth", "maintenance"]
    client = config["endpoints"][1]["backend"][0]["extra_config"]["plugin/http-client"]
    assert client["name"] == "patient-client"
    assert "plugin/req-resp-modifier" in config["endpoints"][2]["extra_config"]


def test_a_broken_file_opens_at_the_fault_and_is_mended(start: Start, shop: Path) -> None:
    good = shop.read_bytes()
    shop.write_bytes(good.replace(b'"timeout": "3s",\n', b'"timeout": "3s",,\n'))
    with start(shop) as terminal:
        terminal.wait("✗ 1")
        terminal.press("f8")
        terminal.press("ctrl+s")
        terminal.press("x")
        terminal.press("ctrl+s")
        terminal.wait("Not saved")
        terminal.press("ctrl+z")
        terminal.wait(lambda: '",,' in terminal.text)
        terminal.press("delete")
        terminal.wait(lambda: '",,' not in terminal.text)
        terminal.press("ctrl+s")
        terminal.wait("write")
        terminal.press("enter")
        terminal.wait(lambda: "y write anyway" in terminal.text or "Saved" in terminal.text)
        if "y write anyway" in terminal.text:
            terminal.press("y")
        terminal.wait("Saved")
    assert shop.read_bytes() == good


def test_a_new_file_in_the_folder_shows(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        (shop.parent / "plugins" / "aaa.so").write_bytes(b"not a plugin")
        loads(terminal, "9 of 11")
        (shop.parent / "plugins" / "aaa.so").rename(shop.parent / "plugins" / "aaa.txt")
        loads(terminal, "8 of 11")
        (shop.parent / "plugins" / "aaa.txt").unlink()
        loads(terminal, "8 of 10")


def test_undo_to_the_saved_state_is_not_modified(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("x")
        terminal.wait("krakend.json ●")
        terminal.press("ctrl+z")
        terminal.wait(lambda: "●" not in terminal.lines[0])
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0


def test_leaving_with_unsaved_changes_asks(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("x", "ctrl+q")
        terminal.wait("has unsaved changes")
        terminal.press("escape")
        terminal.wait(lambda: "has unsaved changes" not in terminal.text)
        terminal.press("ctrl+q")
        terminal.wait("has unsaved changes")
        terminal.press("d")
        assert terminal.wait_exit() == 0
    assert shop.read_bytes() == before
    with start(shop) as terminal:
        terminal.wait("no loaded file")
        assert "Unsaved changes" not in terminal.text


def test_a_dropped_line_loses_nothing(start: Start, shop: Path) -> None:
    before = shop.read_bytes()
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("x")
        loads(terminal, "0 of 10")
        terminal.hang_up()
        terminal.wait_exit()
    assert shop.read_bytes() == before
    with start(shop) as terminal:
        terminal.wait("Unsaved changes were found")
        terminal.wait('"pattern": ".sox"')
        terminal.press("r")
        loads(terminal, "0 of 10")
        terminal.wait("krakend.json ●")


def test_a_termination_signal_keeps_the_text_and_restores_the_terminal(
    start: Start, shop: Path
) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("x")
        loads(terminal, "0 of 10")
        os.killpg(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        after = terminal.raw.split(b"\x1b[?1049l")[-1]
        assert after != terminal.raw
        assert b"ended by SIGTERM" in after
        assert b"unsaved text is kept" in after
    with start(shop) as terminal:
        terminal.wait("Unsaved changes were found")


def test_resizing_keeps_the_screen_whole(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.resize(40, 120)
        terminal.wait(lambda: "tenant.so" in terminal.text and len(terminal.lines[0]) > 100)
        terminal.resize(10, 50)
        terminal.wait("at least 60 x 15")
        terminal.resize(24, 80)
        terminal.wait(lambda: "pattern" in terminal.text and "at least" not in terminal.text)


def test_a_save_over_somebody_elses_version_asks(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("x")
        loads(terminal, "0 of 10")
        theirs = shop.read_bytes().replace(b"Shop gateway", b"Another gateway")
        shop.write_bytes(theirs)
        terminal.press("ctrl+s")
        terminal.wait("t theirs")
        assert shop.read_bytes() == theirs
        terminal.press("m")
        terminal.wait("Enter write")
        terminal.press("enter")
        terminal.wait("anyway")
        terminal.press("y")
        terminal.wait("Saved")
    assert b'"pattern": ".sox"' in shop.read_bytes()
    assert b"Shop gateway" in shop.read_bytes()


def test_a_clean_editor_follows_the_file(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        shop.write_bytes(shop.read_bytes().replace(b'".so"', b'"auth"'))
        loads(terminal, "2 of 10")
        assert "●" not in terminal.lines[0]


def test_a_paste_of_two_lines_into_the_pattern_is_refused_in_words(
    start: Start, shop: Path
) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.press("\x1b[200~.so\r.bak\x1b[201~")
        terminal.wait("2 lines and pattern takes one line")
        assert "●" not in terminal.lines[0]
        terminal.press("\x1b[200~.b\r\x1b[201~")
        terminal.wait("pattern .so.b")


def test_f6_turns_the_view_and_f2_explains(start: Start, shop: Path) -> None:
    with start(shop) as terminal:
        loads(terminal, "8 of 10")
        terminal.wait("entry F6")
        terminal.press("\x1b[17~")
        terminal.wait("file F6")
        terminal.press("\x1bOQ")
        terminal.wait("good    ")
        terminal.press("escape")
        terminal.wait("file F6")
