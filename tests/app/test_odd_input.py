"""Configs and folders that nobody wishes for: the app opens, says what is wrong, stays alive."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from app.driving import opened
from textual.widgets import TextArea

from tui.app.screens.main import MainScreen
from tui.app.widgets.bars import ProblemBar
from tui.app.widgets.editor import Editor
from tui.app.widgets.plugin_files import PluginFiles

CONFIGS = {
    "empty": (b"", "file is empty"),
    "white space": (b" \n\t\n", "file is empty"),
    "no JSON": (b"hello world", "no JSON value"),
    "no object": (b"[1, 2]", "object"),
    "a string": (b'"text"', "object"),
    "trailing comma": (b'{"version": 3,}', "comma after the last"),
    "template": (b'{"version": 3, "x": {{ marshal .a }}}', "flexible configuration"),
    "YAML": (b"version: 3\nendpoints: []\n", "looks like YAML"),
    "10,000 nested arrays": (b"[" * 10_000 + b"]" * 10_000, "object"),
    "10,001 nested arrays": (b"[" * 10_001 + b"]" * 10_001, "levels of nesting"),
    "BOM": (b'\xef\xbb\xbf{"version": 3}', "byte order mark"),
    "old sample": (b'{"version": 2, "plugin": {"pattern": ".so", "folder": "./p/"}}', "version"),
}


def problem_of(main: MainScreen) -> str:
    return main.query_one(ProblemBar).render().plain


@pytest.mark.parametrize("name", CONFIGS)
async def test_an_odd_config_opens_and_is_named(name: str, tmp_path: Path) -> None:
    data, words = CONFIGS[name]
    config = tmp_path / "krakend.json"
    config.write_bytes(data)
    async with opened(config) as (app, pilot):
        assert words in " ".join(problem_of(app.main).split()), problem_of(app.main)
        await pilot.press("f8", "tab", "tab", "tab", "j", "k", "ctrl+s", "escape")
        assert app.is_running
    assert config.read_bytes() == data


NAMES = [
    b"new\nline.so",
    b"\x1b[31mred.so",
    b"[red]x[red].so",
    b"\xff\xfe.so",
    "tür.so".encode(),
    b"\xe2\x80\xaeso.txt",
    b"tab\t.so",
    b"\x1b]52;c;cm0=\x07.so",
    b"a" * 250 + b".so",
]


async def test_odd_file_names_show_and_steer_nothing(shop: Path) -> None:
    folder = os.fsencode(shop.parent / "plugins")
    for name in NAMES:
        (Path(os.fsdecode(folder)) / os.fsdecode(name)).touch()
    os.mkfifo(os.path.join(folder, b"pipe.so"))
    os.symlink("loop.so", os.path.join(folder, b"loop.so"))
    async with opened(shop, size=(120, 60)) as (app, _pilot):
        files = app.main.query_one(PluginFiles)
        shown = ["".join(s.text for s in files.render_line(y)) for y in range(files.size.height)]
        text = "\n".join(shown)
        assert not [c for row in shown for c in row if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]
        assert "\u202e" not in text
        assert "[red]x[red].so" in text
        assert "tür.so" in text
        assert sum(1 for row in shown if row.strip()) == len(NAMES) + 2 + 10


async def test_control_characters_of_the_config_show_as_pictures(tmp_path: Path) -> None:
    config = tmp_path / "krakend.json"
    config.write_bytes(b'{"version": 3, "name": "a\x1b[31mb\x7f", "x": "\xe2\x80\xae"}')
    async with opened(config) as (app, _pilot):
        line = app.main.query_one(Editor).get_line(0).plain
        assert "␛" in line
        assert "␡" in line
        assert not [c for c in line if ord(c) < 32 or c in "\x7f\u202e"]


async def test_a_read_only_file_is_said_at_opening(shop: Path) -> None:
    async with opened(shop, writable=False) as (app, _pilot):
        assert "Read-only" in problem_of(app.main)


async def test_20_mb_open(tmp_path: Path) -> None:
    config = tmp_path / "krakend.json"
    item = '    {"endpoint": "/x", "@text": "' + "x" * 1000 + '"}'
    config.write_text(
        '{\n  "version": 3,\n  "endpoints": [\n' + ",\n".join([item] * 20_000) + "\n]}"
    )
    assert config.stat().st_size > 20_000_000
    async with opened(config) as (app, pilot):
        await pilot.press("tab", "tab", "tab", "end")
        await pilot.pause()
        assert isinstance(app.main.query_one(Editor), TextArea)
        assert app.is_running
