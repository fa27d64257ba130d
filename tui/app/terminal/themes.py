"""The app's own two themes: calm, and with enough contrast for everything that is dimmed."""

from __future__ import annotations

from rich.terminal_theme import TerminalTheme
from textual.theme import BUILTIN_THEMES, Theme

from tui.app.terminal.looks import DARK, LIGHT

OWN = (
    Theme(
        name=DARK,
        primary="#4a90d9",
        secondary="#5aa9b8",
        accent="#ffb454",
        warning="#ffb454",
        error="#f07188",
        success="#6ccf8e",
        foreground="#e8e8e8",
        background="#12161b",
        surface="#1b2129",
        panel="#2a343f",
    ),
    Theme(
        name=LIGHT,
        primary="#1d5a96",
        secondary="#1d6f7d",
        accent="#8a4b00",
        warning="#8a4b00",
        error="#a8132f",
        success="#176b35",
        foreground="#16191d",
        background="#f7f7f5",
        surface="#ececea",
        panel="#dcdedf",
        dark=False,
    ),
)

THEMES = {**{theme.name: theme for theme in OWN}, **BUILTIN_THEMES}

LIGHT_PALETTE = TerminalTheme(
    (247, 247, 245),
    (22, 25, 29),
    [
        (0, 0, 0), (168, 19, 47), (23, 107, 53), (138, 75, 0),
        (29, 90, 150), (122, 40, 130), (20, 100, 115), (90, 95, 100),
    ],
)  # fmt: skip
"""What the names of the 16 colours stand for on a light background."""
