"""Write the pictures, and the same screens as text: drives the real app on a fresh sandbox.

Run by `make screenshots`. Nothing here is drawn by hand.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app.terminal.looks import Looks

HERE = Path(__file__).parent
CELL = 12.2
"""Units of a picture that a cell of the terminal is wide, by Rich."""
TEXT = re.compile(
    r'<text (class="[^"]*") x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)" (clip-path="[^"]*")>'
    r"([^<]*)</text>"
)


@dataclass(frozen=True)
class Picture:
    """`keys` are pressed one after the other; `change` is made to the config before the start,
    and with `schema` a plugin has one of its own.

    `theme` is one of the app's; "none" means no colours at all.
    """

    name: str
    shows: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = (80, 24)
    change: tuple[str, str] = ("", "")
    theme: str = "krakend-dark"
    ascii: bool = False
    schema: bool = False


SCHEMA = {
    "title": "Settings of shop-auth",
    "properties": {
        "realm": {
            "title": "Realm",
            "type": "string",
            "minLength": 8,
            "default": "shop.example",
            "examples": ["shop.example"],
            "description": "Named in WWW-Authenticate when a token is missing.",
        },
        "public_paths": {"title": "Paths without a token", "type": "array"},
    },
}

TO_TREE = ("tab", "tab", "tab")

PICTURES = (
    Picture(
        "start",
        "The start on the sandbox, 80x24: which files load and in which order, what they "
        "register, where the config injects plugins, and the first error in words.",
    ),
    Picture(
        "pattern",
        "Typing in `pattern`: only `-1.4` is matched now, and the names whose files no longer "
        "load have become errors.",
        ["backspace", "backspace", "backspace", *"-1.4"],
    ),
    Picture(
        "nothing-matches",
        "A glob as the pattern matches nothing; the problem says so and offers the substring.",
        ["home", "*"],
    ),
    Picture(
        "wrong-level",
        "`plugin/http-server` at an endpoint, where KrakenD ignores it in silence.",
        ["f8"] * 4,
    ),
    Picture(
        "edit-error",
        "Editing an entry: a bracket is gone, and the fault is named and marked.",
        ["f8", "f8", "end", "left", "backspace"],
    ),
    Picture(
        "fix",
        "ctrl+g shows the fix of the current problem as a diff before it is applied.",
        ["f8", "f8", "ctrl+g"],
    ),
    Picture(
        "save",
        "ctrl+s shows exactly the bytes to be written.",
        ["f8", "f8", "ctrl+g", "enter", "ctrl+s"],
    ),
    Picture(
        "broken-file",
        "A file that is no valid JSON opens whole, at the fault.",
        change=('"timeout": "3s",', '"timeout": "3s",,'),
    ),
    Picture(
        "near-misses",
        "The pattern in another case matches nothing: how many files it would match, and where "
        "in their names.",
        ["backspace", "backspace", "S", "O"],
    ),
    Picture(
        "plugin-page",
        "Enter on a file: the documentation's requirements for a plugin, checked on the file, "
        "with KrakenD's log line and the command that mends.",
        ["tab", "tab", "j", "j", "enter"],
    ),
    Picture(
        "only-findings",
        "The tree with nothing but the places that have findings.",
        ["tab", "tab", "tab", "e"],
    ),
    Picture(
        "find",
        "`/` finds by endpoint, method, host, url_pattern, namespace, plugin name or value.",
        ["tab", "tab", "tab", "slash", *"keep"],
    ),
    Picture(
        "copy",
        "An entry is copied to every place that is marked; the diff comes next.",
        ["tab", "tab", "tab", "slash", *"mask-card-res", "enter", "c", *"pay", "ctrl+a"],
    ),
    Picture(
        "names",
        "Adding a name: what the loaded files register for this type, with both halves of a "
        "modifier together; any other text can be typed.",
        ["tab", "tab", "tab", *["j"] * 5, "tab", "d", "a"],
    ),
    Picture(
        "switched-off",
        "A name that is switched off keeps its place in the list, on the screen and in the file.",
        ["f8", "f8", "shift+tab", "x"],
    ),
    Picture(
        "own-block",
        "F6: one plugin's own block, checked and explained by its own schema.",
        ["f8", "f8", "down", "down", "down", "f6", "down"],
        schema=True,
    ),
    Picture(
        "why",
        "F2: what KrakenD does, at which log level, a bad and a good example, and the source.",
        ["f8", "f8", "f2"],
    ),
    Picture("commands", "ctrl+p: every command of every pane with its key.", ["ctrl+p"]),
    Picture("help", "F1: what the pane in focus is for, and its keys.", [*TO_TREE, "f1"]),
    Picture("wide", "The same at 120x40, with the list of problems.", [], (120, 40)),
    Picture("wider", "And at 200x60.", [*TO_TREE], (200, 60)),
    Picture("narrow", "At 60 columns the panes are tabs.", [*TO_TREE], (60, 24)),
    Picture("too-small", "Below 60x15 it says what it needs.", [], (50, 12)),
    Picture("light", "The light theme.", [*TO_TREE, "j"], theme="krakend-light"),
    Picture(
        "sixteen-colours",
        "On a terminal with 16 colours: its own, whatever its background.",
        [*TO_TREE, "j"],
        theme="ansi-dark",
    ),
    Picture(
        "no-colour",
        "NO_COLOR and --ascii: bold, underline and reverse tell things apart.",
        [*TO_TREE, "j"],
        theme="none",
        ascii=True,
    ),
)


def looks_of(picture: Picture) -> Looks:
    from tui.app.terminal.looks import Colours, Looks

    colours = {"none": Colours.NONE, "ansi-dark": Colours.SIXTEEN}.get(picture.theme, Colours.MANY)
    theme = "ansi-dark" if colours is Colours.NONE else picture.theme
    return Looks(picture.ascii, colours, theme)


async def draw(picture: Picture, folder: Path) -> tuple[str, str]:
    """The picture as SVG, and the screen as text."""
    from tui.app.app import KrakendTui
    from tui.app.session import Session
    from tui.demo.sandbox import make_sandbox
    from tui.krakend.target import default_target
    from tui.options import Options

    config = make_sandbox(folder)
    text = config.read_text()
    config.write_text(text.replace(*picture.change) if picture.change[0] else text)
    if picture.schema:
        (config.parent / "plugins" / "shop-auth.schema.json").write_text(json.dumps(SCHEMA))
    session = Session(config, Options(str(folder), None, default_target()))
    app = KrakendTui(session, looks=looks_of(picture))
    async with app.run_test(size=picture.size) as pilot:
        await pilot.pause()
        await app.main.analysed()
        for key in picture.keys:
            await pilot.press(NAMES.get(key, key))
            await pilot.pause()
            if app.screen is app.main:
                await app.main.analysed()
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        screen = "\n".join("".join(s.text for s in strip).rstrip() for strip in strips) + "\n"
        return app.export_screenshot(title="krakend-tui"), screen


NAMES = {" ": "space", ",": "comma", "*": "asterisk", "-": "minus", ".": "full_stop"}


def drawn(picture: Picture) -> tuple[str, str]:
    """`draw` in a sandbox of its own, whose path is told in the same words each time."""
    with tempfile.TemporaryDirectory(prefix="k-", dir="/tmp") as folder:
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        shop = Path(folder) / "shop"
        shop.mkdir()
        svg, screen = asyncio.run(draw(picture, shop))
    name = Path(folder).name
    return tidy(svg).replace(name, "k-the-demo"), screen.replace(name, "k-the-demo")


def tidy(svg: str) -> str:
    """No fonts from elsewhere, and the same ids whatever process drew it."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"\n\s*\n", "\n", svg)
    return TEXT.sub(without_blanks, svg)


def without_blanks(match: re.Match[str]) -> str:
    """A run of text that begins and ends with ink: not every viewer keeps blanks at its ends."""
    kind, x, y, length, clip, text = match.groups()
    text = text.replace("&#160;", " ")
    left = len(text) - len(text.lstrip(" "))
    right = len(text) - len(text.rstrip(" ")) if text.strip(" ") else 0
    ink = text.strip(" ").replace(" ", "&#160;")
    start, size = float(x) + left * CELL, float(length) - (left + right) * CELL
    return f'<text {kind} x="{start:g}" y="{y}" textLength="{size:g}" {clip}>{ink}</text>'


def index() -> str:
    lines = [
        "# Pictures",
        "",
        "Written by `make screenshots`, which drives the real app on the sandbox of the demo. The",
        "same screens as text are in `text/`; a test compares them with what the app shows now.",
        "",
    ]
    for picture in PICTURES:
        lines += [
            f"## {picture.name}",
            "",
            picture.shows,
            "",
            f"![{picture.name}]({picture.name}.svg)",
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    wanted = set(sys.argv[1:])
    (HERE / "text").mkdir(exist_ok=True)
    for picture in PICTURES:
        if wanted and picture.name not in wanted:
            continue
        svg, screen = drawn(picture)
        (HERE / f"{picture.name}.svg").write_text(svg)
        (HERE / "text" / f"{picture.name}.txt").write_text(screen)
        print(picture.name)
    (HERE / "README.md").write_text(index())


if __name__ == "__main__":
    main()
