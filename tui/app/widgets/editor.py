"""Editor: Textual's TextArea as a view of a Window of our Document.

The text lives in the Document alone. TextArea asks for lines and posts replacements; undo
and redo belong to the app's one history, and TextArea's own history stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.document._document import Location
from textual.document._document_navigator import DocumentNavigator
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection, TextAreaTheme

from tui.app.json_colours import tokens
from tui.app.widgets.bars import MARKS
from tui.app.widgets.own_lines import OwnLines
from tui.app.widgets.window_document import PlainLines, WindowDocument, WrappedLines
from tui.diagnostic import Severity, Span
from tui.document.change import ChangeSet
from tui.document.window import Window
from tui.visible import visible

LONG_LINE = 4_000
"""Code points. Of a longer line only the part on the screen is drawn, without colours."""
KEPT_LINES = 256
"""Drawn lines that are kept: those of a few screens."""


class Editor(TextArea, OwnLines):
    """Edits one entry, or the whole file. Empty and read-only until `show` is called."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "cursor_line_start", show=False),
        Binding("ctrl+home", "jump_to(0)", show=False),
        Binding("ctrl+end", "jump_to(-1)", show=False),
        # Without the kitty protocol ctrl+space arrives as ctrl+@.
        Binding("ctrl+space,ctrl+@", "complete", "Complete a key or value", show=False),
    ]
    OPENING: ClassVar[dict[str, str]] = {"{": "}", "[": "]"}
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "editor--key",
        "editor--string",
        "editor--number",
        "editor--word",
        "editor--error",
        "editor--warning",
        "editor--info",
        "editor--gutter-error",
        "editor--gutter-warning",
        "editor--gutter-info",
    }

    class Moved(Message):
        """The cursor is at another place of the document, given as an offset in it."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    class CompletionWanted(Message):
        """What can be written at the cursor is wanted."""

    class ReadOnly(Message):
        """A paste was not taken."""

    # Read by the watchers that TextArea's own constructor sets off.
    _window: Window | None = None
    _places = (0, 0)
    _indent = "  "
    _styled: TextAreaTheme | None = None

    def __init__(self, apply: Callable[[ChangeSet], None], *, id: str | None = None) -> None:
        # By what they are made from, so that none of them is ever out of date but for the styles.
        self._drawn: LRUCache[object, Strip] = LRUCache(KEPT_LINES)
        super().__init__(
            id=id,
            show_line_numbers=False,
            max_checkpoints=0,
            compact=True,
            read_only=True,
            tab_behavior="focus",
        )
        self.cursor_blink = False
        self._apply = apply
        self._marks: dict[int, tuple[tuple[int, int, Severity], ...]] = {}
        self._fresh_line: Location | None = None

    @property
    def window(self) -> Window | None:
        """The window on show."""
        return self._window

    def show(self, window: Window | None, *, first_line: int = 1, indent: str = "  ") -> None:
        """View `window`. Its first line is numbered `first_line`; `indent` is one level."""
        if self._window is not None:
            self._window.close()
        self._window = window
        self._indent = indent
        self.read_only = window is None
        self.show_line_numbers = window is not None
        self.line_number_start = first_line
        self._marks = {}
        if window is None:
            self.load_text("")
            return
        document = WindowDocument(window, self._apply)
        self.document = document
        wraps = document.is_small
        # Without its watcher: it would wrap the document of before.
        self.set_reactive(TextArea.soft_wrap, wraps)
        self.wrapped_document = (WrappedLines if wraps else PlainLines)(
            document, tab_width=self.indent_width
        )
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._note_places()
        self._rewrap_and_refresh_virtual_size()

    def text_changed(self, change: ChangeSet) -> None:
        """The Document changed from elsewhere (undo, another pane, another writer): read it again.

        The cursor and the selection stay at the text that they were at.
        """
        if self._window is None or not isinstance(self.document, WindowDocument):
            return
        before = self.document.text
        self.document.reload()
        if self.document.text == before:
            # Something else changed, around the window.
            self._note_places()
            return
        self._marks = {}
        self._fresh_line = None
        self.wrapped_document.wrap(self.wrap_width, self.indent_width)
        places = (change.map(offset, before=True) for offset in self._places)
        ends = (self.document.index.position(self._window.from_document(at)) for at in places)
        self.selection = Selection(*map(self.clamp_visitable, ends))
        self._note_places()
        self._build_highlight_map()
        self._refresh_size()
        self.refresh()

    def move_to(self, offset: int) -> None:
        """Put the cursor at `offset` of the document, clamped into the window."""
        if self._window is not None and isinstance(self.document, WindowDocument):
            shown = self._window.from_document(offset)
            self.move_cursor(self.document.index.position(shown))
            self.scroll_cursor_visible(center=True)

    @property
    def place(self) -> int | None:
        """The offset of the cursor in the document; None while nothing is shown."""
        return None if self._window is None else self._places[1]

    def _note_places(self) -> None:
        """Where the selection begins and ends, as offsets in the document."""
        if self._window is not None and isinstance(self.document, WindowDocument):
            start, end = (self.document.index.offset(*place) for place in self.selection)
            self._places = self._window.to_document(start), self._window.to_document(end)

    @property
    def line_span(self) -> tuple[int, int]:
        """Where the cursor's line begins and ends in the document."""
        if self._window is None or not isinstance(self.document, WindowDocument):
            return 0, 0
        start, end = self.document.index.line_span(self.selection.end[0])
        return self._window.to_document(start), self._window.to_document(end)

    def mark(self, spans: Sequence[tuple[Span, Severity]]) -> None:
        """Underline these ranges (offsets in the document) where the window shows them, and mark
        their lines in the gutter. Of a range of many lines it is the first."""
        marks: dict[int, list[tuple[int, int, Severity]]] = {}
        if self._window is not None and isinstance(self.document, WindowDocument):
            within, index = self._window.span, self.document.index
            for span, severity in spans:
                if within.start <= span.start <= within.end:
                    row, start = index.position(self._window.from_document(span.start))
                    last, end = index.position(self._window.from_document(span.end))
                    if last != row:
                        end = start + len(self.document.get_line(row)[start:])
                    marks.setdefault(row, []).append((start, max(end, start + 1), severity))
        here = {row: tuple(found) for row, found in marks.items()}
        if here != self._marks:
            self._marks = here
            self.refresh()

    # -- drawing ----------------------------------------------------------------------

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styled = None
        self._drawn.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """TextArea works out the styles of its theme for every repaint, also where none of its
        lines is another: that costs more than most repaints."""
        if self._theme is not None and self._styled is not self._theme:
            self._theme.apply_css(self)
            self._styled = self._theme
        return OwnLines.render_lines(self, crop)

    def render_line(self, y: int) -> Strip:
        """TextArea forgets every line that it has drawn at each edit; of most that change nothing
        is another."""
        made_from = self._made_from(y)
        if made_from is None:
            return self._render_line(y)
        drawn = self._drawn.get(made_from)
        if drawn is None:
            drawn = self._drawn[made_from] = self._render_line(y)
        return drawn

    def _made_from(self, y: int) -> object:
        """All that the line `y` of the screen is drawn from but the styles; None for one that is
        better drawn than compared."""
        try:
            row, section = self.wrapped_document._offset_to_line_info[y + self.scroll_offset.y]
        except IndexError:
            return None
        if not isinstance(self.document, WindowDocument) or self._is_long(row):
            return None
        first, last = sorted(self.selection)
        at, column = self.selection.end
        selected, partner = None, self._matching_bracket_location
        if first != last:
            partner = None
            if first[0] <= row <= last[0]:
                selected = first if row == first[0] else None, last if row == last[0] else None
        return (
            self.document.get_line(row),
            self._marks.get(row),
            row + self.line_number_start,
            section,
            tuple(self.wrapped_document.get_offsets(row)),
            (column, self._draw_cursor, partner is not None) if row == at else None,
            selected,
            partner if partner is not None and partner[0] == row else None,
            self.scrollable_content_region.width,
            self.gutter_width,
            self.indent_width,
            self.scroll_offset.x,
        )

    def get_line(self, line_index: int) -> Text:
        line = _shown(self.document.get_line(line_index))
        text = Text(line, end="", no_wrap=True)
        for token in tokens(line):
            text.stylize(self._style_of(token.kind), token.start, token.end)
        for start, end, severity in self._marks.get(line_index, ()):
            text.stylize(self._style_of(severity.value), start, end)
        return text

    def _style_of(self, name: str) -> Style:
        return self.component_style(f"editor--{name}")

    def _render_line(self, y: int) -> Strip:
        try:
            row, section = self.wrapped_document._offset_to_line_info[y + self.scroll_offset.y]
        except IndexError:
            return super()._render_line(y)
        is_plain = isinstance(self.wrapped_document, PlainLines)
        strip = self._render_plain(row) if is_plain else super()._render_line(y)
        found = [severity for _, _, severity in self._marks.get(row, ())] if section == 0 else []
        if not found:
            return strip
        worst = min(found, key=lambda severity: severity.rank)
        width = self.gutter_width - 2
        style = self.rich_style + self._style_of(f"gutter-{worst.value}")
        mark = Segment(MARKS[worst], style)
        # `mark` stands in the first of the two cells that part the number from the text.
        return Strip.join(
            [strip.crop(0, width), Strip([mark], 1), strip.crop(width + 1, strip.cell_length)]
        )

    def _is_long(self, row: int) -> bool:
        assert isinstance(self.document, WindowDocument)
        start, end = self.document.index.line_span(row)
        return end - start > LONG_LINE

    def _render_plain(self, row: int) -> Strip:
        """The part of a line that the screen shows. TextArea itself draws each line as wide as
        the widest."""
        width = max(self.scrollable_content_region.width - self.gutter_width, 0)
        left = self.scroll_offset.x
        is_long = self._is_long(row)
        line = self.document.get_line(row)
        if is_long:
            # A code point counts as a cell here.
            shown = _shown(line[left : left + width + 1]).replace("\t", " ")
            text = Text(shown, end="", no_wrap=True)
            for start, end, severity in self._marks.get(row, ()):
                _stylize(text, self._style_of(severity.value), start - left, end - left)
        else:
            text = self.get_line(row)
        text.append(" ")
        self._style_places(text, row, len(line), left if is_long else 0)
        if not is_long:
            text.expand_tabs(self.indent_width)
        strip = Strip(text.render(self.app.console))
        strip = strip.crop(0, width) if is_long else strip.crop(left, left + width)
        is_here = row == self.selection.end[0]
        line_style = self._theme.cursor_line_style if is_here else None
        gutter_style = self._theme.cursor_line_gutter_style if is_here else self._theme.gutter_style
        number = f"{row + self.line_number_start:>{self.gutter_width - 2}}  "
        gutter = Strip([Segment(number, gutter_style)], self.gutter_width)
        return Strip.join([gutter, strip.extend_cell_length(width, line_style)]).apply_style(
            self.rich_style
        )

    def _style_places(self, text: Text, row: int, length: int, left: int) -> None:
        """The cursor's line, the selection, brackets and cursor, where `text` is a line from its
        code point `left` on."""
        theme = self._theme
        first, last = sorted(self.selection)
        at, column = self.selection.end
        if at == row and theme.cursor_line_style is not None:
            _stylize(text, theme.cursor_line_style, 0, len(text))
        if first != last and first[0] <= row <= last[0]:
            begin = first[1] if row == first[0] else 0
            finish = last[1] if row == last[0] else length
            _stylize(text, theme.selection_style, begin - left, finish - left)
        partner = self._matching_bracket_location
        for place in ((at, column), partner) if partner is not None and first == last else ():
            if place[0] == row:
                _stylize(text, theme.bracket_matching_style, place[1] - left, place[1] - left + 1)
        if at == row and self._draw_cursor:
            _stylize(text, theme.cursor_style, column - left, column - left + 1)

    def get_component_rich_style(
        self, *names: str, partial: bool = False, default: Style | None = None
    ) -> Style:
        """The cursor's line has a background of its own and leaves colours as they are."""
        style = super().get_component_rich_style(*names, partial=partial, default=default)
        return Style(bgcolor=style.bgcolor) if names == ("text-area--cursor-line",) else style

    def action_undo(self) -> None:
        """Undo belongs to the app's one history."""

    def action_redo(self) -> None:
        """Redo belongs to the app's one history."""

    def action_complete(self) -> None:
        if not self.read_only:
            self.post_message(self.CompletionWanted())

    def action_jump_to(self, row: int) -> None:
        self.move_cursor(self.document.end if row else (0, 0))

    def find_matching_bracket(
        self,
        bracket: str,  # noqa: ARG002
        search_from: Location,
    ) -> Location | None:
        """By the tree of the Document: TextArea's own search reads every character on the way."""
        if self._window is None or not isinstance(self.document, WindowDocument):
            return None
        found = self._window.partner(self.document.index.offset(*search_from))
        return None if found is None else self.document.index.position(found)

    # -- indentation ------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        fresh, self._fresh_line = self._fresh_line, None
        take = {
            "enter": self._new_line,
            "tab": self._indent_lines,
            "shift+tab": self._outdent_lines,
        }.get(event.key)
        closes = event.character in self.OPENING.values() and fresh == self.selection.end
        if self.read_only:
            return
        if (take is not None and take()) or (closes and self._close(event.character or "")):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """All lines as they are; the Window puts the indentation of its place before them."""
        event.stop()
        event.prevent_default()
        if self.read_only:
            self.post_message(self.ReadOnly())
        elif event.text:
            self._replace_via_keyboard(event.text, *self.selection)

    def _new_line(self) -> bool:
        """A line break and the indentation of this line, one level deeper behind a bracket; the
        bracket that closes it goes to a line of its own."""
        (row, column), (last, end) = sorted(self.selection)
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        opened = before.rstrip()[-1:]
        inner = indent + (self._indent if opened in self.OPENING else "")
        after = self.document.get_line(last)[end:].lstrip(" \t")
        closes = bool(opened) and after[:1] == self.OPENING.get(opened)
        self._replace_via_keyboard(
            f"\n{inner}" + (f"\n{indent}" if closes else ""), *self.selection
        )
        if closes:
            self.move_cursor((row + 1, len(inner)))
        self._fresh_line = self.selection.end
        return True

    def _close(self, bracket: str) -> bool:
        """A closing bracket that is the first of its line stands a level further out."""
        row, column = self.selection.end
        line = self.document.get_line(row)
        if line.strip(" \t") or not line.endswith(self._indent):
            return False
        outer = line.removesuffix(self._indent)
        self._replace_via_keyboard(outer + bracket, (row, 0), (row, column))
        return True

    def _indent_lines(self) -> bool:
        """Tab indents the selected lines, or an empty one; elsewhere it leaves the pane."""
        (first, _), (last, _) = sorted(self.selection)
        line = self.document.get_line(first)
        if first != last:
            self._change_lines(first, last, lambda text: self._indent + text if text else text)
        elif self.selection.is_empty and self.text and not line.strip(" \t"):
            self._replace_via_keyboard(self._indent, *self.selection)
        else:
            return False
        return True

    def _outdent_lines(self) -> bool:
        """Shift+Tab takes a level of indentation off the selected lines."""
        (first, _), (last, _) = sorted(self.selection)
        if first == last:
            return False
        self._change_lines(first, last, lambda text: text.removeprefix(self._indent))
        return True

    def _change_lines(self, first: int, last: int, change: Callable[[str], str]) -> None:
        """One replacement of whole lines, which stay selected."""
        lines = [change(self.document.get_line(row)) for row in range(first, last + 1)]
        end = len(self.document.get_line(last))
        self._replace_via_keyboard("\n".join(lines), (first, 0), (last, end))
        self.selection = Selection((first, 0), (last, len(lines[-1])))

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        super()._watch_selection(previous_selection, selection)
        self._note_places()
        place = self.place
        if place is not None:
            self.post_message(self.Moved(place))


def _stylize(text: Text, style: Style | None, start: int, end: int) -> None:
    """Style a range, as far as it is in the text."""
    if style is not None and end > 0:
        text.stylize(style, max(start, 0), end)


def _shown(line: str) -> str:
    """The line safe for a terminal; tabs stay, since they are drawn as white space."""
    return "\t".join(map(visible, line.split("\t")))
