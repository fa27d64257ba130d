"""LineList: a list that renders only the lines on the screen, whatever it holds.

There is no widget per row: the work of a repaint is the number of visible rows.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app.widgets.own_lines import OwnLines


class LineList(ScrollView, OwnLines, can_focus=True):
    """Rows with a cursor. Subclasses say how many there are and what one looks like."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "jump(0)", "First", show=False),
        Binding("end,G", "jump(-1)", "Last", show=False),
        Binding("enter", "open", "Open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--cursor",
        "line-list--cursor-blurred",
        "line-list--dim",
        "line-list--match",
        "line-list--near",
        "line-list--error",
        "line-list--warning",
        "line-list--good",
        "line-list--accent",
    }

    cursor: reactive[int] = reactive(0, repaint=False)
    # How many rows there are changes nothing around the list: no layout of the whole screen.
    virtual_size = Reactive(Size(0, 0))

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: dict[int, object] = {}

    class Highlighted(Message):
        """The cursor came to rest on another row."""

        def __init__(self, source: LineList, index: int) -> None:
            super().__init__()
            self.source = source
            self.index = index

        @property
        def control(self) -> LineList:
            return self.source

    class Opened(Highlighted):
        """Enter, or a second click, on a row."""

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row(self, index: int, width: int) -> Text:
        """The row `index`, at most `width` cells wide."""
        raise NotImplementedError

    def row_value(self, index: int) -> object:
        """What the row `index` is made from. While it is equal, `row` gives the same."""
        raise NotImplementedError

    def rows_changed(self) -> None:
        """To be called when the rows may be others: fits the scroll range and repaints those on
        the screen that are. Over a slow line a row that is sent again for nothing is felt."""
        count = self.row_count()
        region = self.scrollable_content_region
        self.virtual_size = Size(region.width, count)
        if self.cursor >= count:
            self.set_reactive(LineList.cursor, max(0, count - 1))
        top, width = self.scroll_offset.y, region.width
        for y in range(region.height):
            if self._drawn.get(y) != self._to_draw(y + top, width):
                self.refresh_line(y + top)

    def watch_virtual_size(self, size: Size) -> None:
        self._scroll_update(size)

    def style_of(self, name: str) -> Style:
        """The style of a component class by its short name, e.g. `dim`; foreground only."""
        has_background = name in ("match", "near", "cursor", "cursor-blurred")
        return self.component_style(f"line-list--{name}", only_foreground=not has_background)

    def _to_draw(self, index: int, width: int) -> object:
        """What the line of the row `index` is made from, also where there is no such row."""
        if index >= self.row_count():
            return width
        return width, index == self.cursor, self.row_value(index)

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        self._drawn[y] = self._to_draw(index, width)
        base = self.base_style
        if index >= self.row_count():
            return Strip.blank(width, base)
        if index == self.cursor:
            base = base + self.style_of("cursor" if self.has_focus else "cursor-blurred")
        return self.strip(self.row(index, width), width, base)

    def watch_cursor(self, old: int, new: int) -> None:
        for index in (old, new):
            self.refresh_line(index)
        self.show_cursor()
        if self.row_count():
            self.post_message(self.Highlighted(self, new))

    def validate_cursor(self, value: int) -> int:
        return max(0, min(value, self.row_count() - 1))

    def show_cursor(self) -> None:
        """Scroll as little as is needed to have the cursor's row on the screen."""
        self.scroll_to_region(
            Region(0, self.cursor, 1, 1), animate=False, force=True, immediate=True
        )

    def show_from_top(self) -> None:
        """Scroll no further down than the cursor's row asks for."""
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.show_cursor()

    def action_move(self, rows: int) -> None:
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        self.cursor += pages * max(1, self.size.height - 1)

    def action_jump(self, index: int) -> None:
        self.cursor = index if index >= 0 else self.row_count() - 1

    def action_open(self) -> None:
        if self.row_count():
            self.post_message(self.Opened(self, self.cursor))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.rows_changed()
        # Before its first layout a list has no height, and whatever was shown scrolled it.
        self.show_from_top()

    def on_click(self, event: events.Click) -> None:
        index = int(event.y) + self.scroll_offset.y
        if index >= self.row_count():
            return
        if event.chain > 1 or index == self.cursor:
            self.cursor = index
            self.action_open()
        else:
            self.cursor = index
