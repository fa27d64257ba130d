"""What a terminal can show: how many colours, on which background, and which characters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import NamedTuple

DARK, LIGHT, TERMINALS_OWN = "krakend-dark", "krakend-light", "ansi-dark"
"""The themes that are chosen unasked. The last one uses the terminal's own colours."""

_PLAIN_TERMINALS = ("dumb", "vt")
_RICH_TERMINALS = ("256color", "kitty", "direct", "alacritty", "foot", "ghostty")


class Colours(Enum):
    """How many colours are to be used."""

    NONE = "none"
    SIXTEEN = "16"
    MANY = "many"


class Looks(NamedTuple):
    """`ascii` says that only ASCII may be drawn; `theme` is one of Textual's."""

    ascii: bool = False
    colours: Colours = Colours.MANY
    theme: str = DARK


def choose_looks(
    environ: Mapping[str, str],
    *,
    ascii_wanted: bool = False,
    wish: str | None = None,
    themes: Collection[str] = (),
) -> Looks:
    """The looks for the terminal that `environ` tells of.

    `wish` is the theme chosen last time; it counts where it is one of `themes` and the
    terminal has the colours for it.
    """
    colours = _colours(environ)
    theme = TERMINALS_OWN
    if colours is Colours.MANY:
        chosen = wish if wish in themes else None
        theme = chosen or (LIGHT if _light_background(environ) else DARK)
    return Looks(ascii_wanted or not _knows_unicode(environ), colours, theme)


def _colours(environ: Mapping[str, str]) -> Colours:
    term = environ.get("TERM", "")
    # no-color.org: when present and not an empty string.
    if environ.get("NO_COLOR") or not term or term.startswith(_PLAIN_TERMINALS):
        return Colours.NONE
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return Colours.MANY
    return Colours.MANY if any(name in term for name in _RICH_TERMINALS) else Colours.SIXTEEN


def _light_background(environ: Mapping[str, str]) -> bool:
    """What rxvt, Konsole and others tell in COLORFGBG: numbers of colours, background last."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background.isdecimal() and int(background) in (7, *range(9, 16))


def _knows_unicode(environ: Mapping[str, str]) -> bool:
    """Whether the font and the encoding have our marks: the Linux console's fonts do not."""
    if environ.get("TERM", "").startswith(("linux", *_PLAIN_TERMINALS)):
        return False
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    encoding = locale.partition(".")[2].partition("@")[0]
    return encoding.lower().replace("-", "") in ("", "utf8")


_ASCII = str.maketrans(
    {
        "✗": "x", "✓": "+", "▲": "!", "●": "*", "…": "~", "›": ">", "–": "-", "—": "-",
        "▼": "v", "▶": ">", "▸": ">", "▾": "v", "◀": "<", "·": ".", "→": ">", "←": "<",
        "│": "|", "▏": "|", "▕": "|", "┃": "|", "─": "-", "━": "-", "┌": "+", "┐": "+",
        "└": "+", "┘": "+", "├": "+", "┤": "+", "“": '"', "”": '"', "‘": "'", "’": "'",
        "▁": " ", "▂": " ", "▃": " ", "▄": " ", "▅": " ", "▆": " ", "▇": " ", "█": "#",
        "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": "|", "▎": "|", "▔": "-", "\xa0": " ",
    }
)  # fmt: skip


def in_ascii(text: str) -> str:
    """`text` with each of our marks and lines as one ASCII character, anything else as `?`."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")
