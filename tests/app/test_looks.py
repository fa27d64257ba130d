"""What the screen looks like on terminals that differ: colours, contrast, characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from app.conftest import Start
from app.driving import opened
from rich.color import Color
from rich.segment import Segment

from tui.app.app import KrakendTui
from tui.app.terminal.looks import DARK, LIGHT, Colours, Looks, choose_looks, in_ascii


def luminance(color: Color) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [value / 255 for value in color.get_truecolor()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(segment: Segment) -> float:
    """Of the text with what is behind it; both must be set."""
    style = segment.style
    assert style is not None, segment
    assert style.color is not None, segment
    assert style.bgcolor is not None, segment
    lighter, darker = sorted((luminance(style.color), luminance(style.bgcolor)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def segments(app: KrakendTui) -> Iterator[Segment]:
    """Those of the dialog, if there is one, else of the whole screen."""
    strips = app.screen._compositor.render_strips()
    dialogs = app.screen.query("#dialog")
    if dialogs:
        region = dialogs.first().region
        strips = [s.crop(region.x, region.right) for s in strips[region.y : region.bottom]]
    for strip in strips:
        yield from strip


STATES = [
    [],
    ["tab", "tab", "tab", "j", "j"],
    ["tab"],
    ["tab"],
    ["f8"],
    ["f8", "f8", "f8", "f8"],
    ["ctrl+g"],
    ["escape", "f1"],
    ["escape", "ctrl+p"],
    ["escape", "shift+tab", "x"],
    ["ctrl+s"],
]
"""Keys that follow each other; what is on the screen after each list is looked at."""
BLANK = " ▁▂▃▄▅▆▇█▏▕▎▍▌▋▊▉"


@pytest.mark.parametrize("theme", [DARK, LIGHT])
async def test_everything_can_be_read(shop: Path, theme: str) -> None:
    """Contrast is 3 to 1 at least, also of what is dimmed (WCAG 2.2, 1.4.11)."""
    poor: set[tuple[str, float]] = set()
    async with opened(shop, looks=Looks(theme=theme)) as (app, pilot):
        for keys in STATES:
            await pilot.press(*keys)
            await pilot.pause()
            found = [
                (segment.text.strip(), round(contrast(segment), 1))
                for segment in segments(app)
                if segment.text.strip(BLANK)
            ]
            poor |= {(text, ratio) for text, ratio in found if ratio < 3.0}
    assert sorted(poor, key=lambda found: found[1]) == []


@pytest.mark.parametrize(
    ("environ", "colours", "ascii_only", "theme"),
    [
        ({"TERM": "xterm-256color"}, Colours.MANY, False, DARK),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Colours.MANY, False, DARK),
        ({"TERM": "xterm"}, Colours.SIXTEEN, False, "ansi-dark"),
        ({"TERM": "screen"}, Colours.SIXTEEN, False, "ansi-dark"),
        ({"TERM": "linux"}, Colours.SIXTEEN, True, "ansi-dark"),
        ({"TERM": "dumb"}, Colours.NONE, True, "ansi-dark"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, Colours.NONE, False, "ansi-dark"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, Colours.MANY, False, DARK),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, Colours.MANY, False, LIGHT),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;default;0"}, Colours.MANY, False, DARK),
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, Colours.MANY, False, DARK),
        ({"TERM": "xterm-256color", "LANG": "de_DE.utf8"}, Colours.MANY, False, DARK),
        ({"TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1"}, Colours.MANY, True, DARK),
        ({"TERM": "xterm-256color", "LC_ALL": "C", "LANG": "x.KOI8-R"}, Colours.MANY, False, DARK),
    ],
)
def test_what_the_terminal_says_of_itself(
    environ: dict[str, str], colours: Colours, ascii_only: bool, theme: str
) -> None:
    assert choose_looks(environ) == Looks(ascii_only, colours, theme)


def test_the_theme_of_last_time_is_taken_where_there_are_colours_for_it() -> None:
    many, few = {"TERM": "xterm-256color"}, {"TERM": "xterm"}
    assert choose_looks(many, wish="nord", themes=["nord"]).theme == "nord"
    assert choose_looks(many, wish="gone", themes=["nord"]).theme == DARK
    assert choose_looks(few, wish="nord", themes=["nord"]).theme == "ansi-dark"


def test_each_mark_keeps_its_width_in_ascii() -> None:
    marks = "✗✓▲●…›▼▶│▏─→"
    assert in_ascii(marks).isascii()
    assert len(in_ascii(marks)) == len(marks)
    assert "?" not in in_ascii(marks)


def drawn(raw: bytes) -> bytes:
    """What was written before the terminal was given back."""
    return raw.split(b"\x1b[?1049l")[0]


def test_ascii_draws_nothing_else(start: Start, shop: Path) -> None:
    shop.write_text(shop.read_text().replace("Shop gateway", "Gärtnerei 店"))
    with start(shop, "--ascii") as terminal:
        terminal.wait("no loaded file")
        terminal.press("f8", "f8", "f1")
        terminal.wait("The editor")
        terminal.press("escape", "ctrl+p")
        terminal.wait("Commands")
        terminal.press("escape", *["tab"] * 3)
        terminal.press("end")
        terminal.wait("whole file")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert drawn(terminal.raw).isascii()


def test_no_color_sets_none(start: Start, shop: Path) -> None:
    with start(shop, env={"NO_COLOR": "1"}) as terminal:
        terminal.wait("no loaded file")
        terminal.press("f8", "f8", "ctrl+g")
        terminal.wait("Enter apply")
        terminal.press("escape", "ctrl+q")
        assert terminal.wait_exit() == 0
        assert not re.search(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[;m]", terminal.raw)
        assert b"\x1b[1m" in terminal.raw or b"\x1b[1;" in terminal.raw


def test_sixteen_colours_are_the_terminals_own(start: Start, shop: Path) -> None:
    with start(shop, env={"TERM": "xterm"}) as terminal:
        terminal.wait("no loaded file")
        terminal.press("f8", "ctrl+q")
        assert terminal.wait_exit() == 0
        assert not re.search(rb"\x1b\[(?:\d+;)*[34]8;", terminal.raw)
        assert re.search(rb"\x1b\[(?:\d+;)*3[1-6][;m]", terminal.raw)


def titles(raw: bytes) -> list[str]:
    return re.findall(r"\x1b\]2;(.*?)\x07", raw.decode())


def test_the_window_is_named_after_the_file(start: Start, shop: Path) -> None:
    config = shop.rename(shop.with_name("a\x1b]0;evil\x07\u202e.json"))
    with start(config) as terminal:
        terminal.wait("no loaded file")
        terminal.press("x")
        terminal.wait("0 of 10 load")
        terminal.press("ctrl+z")
        terminal.wait("8 of 10 load")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        name = "a␛]0;evil␇\ufffd.json - krakend-tui"
        assert titles(terminal.raw) == [name, f"● {name}", name]
        assert b"\x1b[22;2t" in terminal.raw
        assert b"\x1b[23;2t" in terminal.raw


def test_a_terminal_that_would_print_a_title_gets_none(start: Start, shop: Path) -> None:
    with start(shop, env={"TERM": "linux"}) as terminal:
        terminal.wait("no loaded file")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert b"\x1b]2;" not in terminal.raw
        assert b"\x1b[22;2t" not in terminal.raw


@pytest.mark.parametrize("theme", ["nord", LIGHT, "ansi-dark"])
async def test_the_first_theme_is_as_whole_as_a_chosen_one(shop: Path, theme: str) -> None:
    async with opened(shop, looks=Looks(theme=theme)) as (app, pilot):
        at_first, classes = list(segments(app)), app.classes
        for chosen in (DARK, theme):
            app.theme = chosen
            await pilot.pause()
        assert list(segments(app)) == at_first
        assert app.classes == classes
