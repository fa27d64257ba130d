"""The last thing done to every line before it is drawn: without colours, in ASCII."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.app.terminal.looks import in_ascii


class NoColours(LineFilter):
    """Leaves bold, dim, underline and reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [Segment(text, _plain(style), control) for text, style, control in segments]


def _plain(style: Style | None) -> Style | None:
    if style is None:
        return None
    return Style(
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
        meta=style.meta,
    )


class AsciiOnly(LineFilter):
    """Draws nothing but ASCII; what is two cells wide stays two cells wide."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [
            segment if segment.text.isascii() else Segment(_ascii(segment.text), *segment[1:])
            for segment in segments
        ]


def _ascii(text: str) -> str:
    return "".join(
        character if character.isascii() else in_ascii(character) * cell_len(character)
        for character in text
    )
