"""OwnLines: a widget that makes its lines itself.

Textual turns what a widget renders into content, wraps it, and adds border, padding and opacity
to each line: three quarters of the time that a line of ours takes, which has none of that.
"""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class OwnLines(Widget):
    """Has no border, padding, opacity or tint. Subclasses override `render_line`."""

    def __init__(self, *children: Widget, **options: Any) -> None:
        super().__init__(*children, **options)
        self._known_styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._known_styles.clear()

    @property
    def base_style(self) -> Style:
        """That of the widget itself."""
        known = self._known_styles.get("")
        if known is None:
            known = self._known_styles[""] = self.rich_style
        return known

    def component_style(self, name: str, *, only_foreground: bool = False) -> Style:
        """That of the component class `name`, without what it has from the widget."""
        known = self._known_styles.get(name)
        if known is None:
            known = self.get_component_rich_style(name, partial=True)
            if only_foreground:
                known = Style(color=known.color, bold=known.bold, dim=known.dim)
            self._known_styles[name] = known
        return known

    def strip(self, text: Text, width: int, base: Style) -> Strip:
        """A line of `width` cells with `text`, which is changed, and shortened if need be."""
        text.no_wrap = True
        text.end = ""
        text.truncate(width, overflow="ellipsis", pad=True)
        if not text.spans:
            # Rich renders it without any style.
            return Strip([Segment(text.plain, base)], width)
        console = self.app.console
        text.style = base + console.get_style(text.style)
        return Strip(text.render(console), width)

    def render_lines(self, crop: Region) -> list[Strip]:
        # A list's lines end where its scroll bar begins, if it has one by then.
        base, width = self.base_style, crop.right
        strips = [self.render_line(y).adjust_cell_length(width, base) for y in crop.line_range]
        filters = self.get_line_filters()
        if filters:
            background = self.background_colors[1]
            for filter_ in filters:
                strips = [strip.apply_filter(filter_, background) for strip in strips]
        return [strip.crop(crop.x, width) for strip in strips] if crop.x else strips


class OneRow(OwnLines):
    """One line of words."""

    def render(self) -> Text:
        """What stands there; what is longer than the line is shortened."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return self.strip(self.render() if y == 0 else Text(), self.size.width, self.base_style)
