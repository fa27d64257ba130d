"""Editor: Textual's TextArea as a view of a Window of our Document.

The text lives in the Document alone. TextArea asks for lines and posts replacements; undo
and redo belong to the app's one history, and TextArea's own history stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import DocumentBase, EditResult, Location, Newline
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Size
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tui.app.json_colours import tokens
from tui.diagnostic import Severity, Span
from tui.document.change import ChangeSet
from tui.document.lines import LineIndex
from tui.document.window import Window
from tui.visible import visible

WRAP_LIMIT = 2_000
"""Lines up to which long ones are wrapped; wrapping costs work for every line of the text."""


class WindowDocument(DocumentBase):
    """What TextArea reads of a Window, and its way to change it.

    `apply` puts a ChangeSet into the Document; it is the only way in which text changes.
    """

    def __init__(self, window: Window, apply: Callable[[ChangeSet], None]) -> None:
        self.window = window
        self._apply = apply
        self.reload()

    def reload(self) -> None:
        """Read the window again after its Document changed."""
        self._text = self.window.text
        self.index = LineIndex(self._text)
        self._lines = [self._line(row) for row in range(self.index.line_count)]

    def _line(self, row: int) -> str:
        start, end = self.index.line_span(row)
        return self._text[start:end]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        first, last = sorted((self.index.offset(*start), self.index.offset(*end)))
        replaced = self._text[first:last]
        begin = self.index.position(first)
        self._apply(self.window.change(first, last, text))
        self.reload()
        return EditResult(_end_of(begin, text), replaced)

    @property
    def text(self) -> str:
        return self._text

    @property
    def newline(self) -> Newline:
        return "\n"

    @property
    def lines(self) -> list[str]:
        return self._lines

    def get_line(self, index: int) -> str:
        return self._lines[index]

    def get_text_range(self, start: Location, end: Location) -> str:
        first, last = sorted((self.index.offset(*start), self.index.offset(*end)))
        return self._text[first:last]

    def get_size(self, indent_width: int) -> Size:
        width = max((len(line.expandtabs(indent_width)) for line in self._lines), default=0)
        return Size(width, len(self._lines))

    @property
    def line_count(self) -> int:
        return len(self._lines)

    @property
    def start(self) -> Location:
        return 0, 0

    @property
    def end(self) -> Location:
        return len(self._lines) - 1, len(self._lines[-1])

    def __getitem__(self, line_index: int | slice) -> str | list[str]:  # type: ignore[override]
        return self._lines[line_index]


def _end_of(begin: Location, text: str) -> Location:
    """Where `text` ends when it is inserted at `begin`, whatever its newlines become."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    row, column = begin
    return row + len(lines) - 1, len(lines[-1]) + (column if len(lines) == 1 else 0)


class Editor(TextArea):
    """Edits one entry, or the whole file. Empty and read-only until `show` is called."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "cursor_line_start", show=False),
        Binding("ctrl+home", "jump_to(0)", show=False),
        Binding("ctrl+end", "jump_to(-1)", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "editor--key",
        "editor--string",
        "editor--number",
        "editor--word",
        "editor--error",
        "editor--warning",
        "editor--info",
    }

    class Moved(Message):
        """The cursor is at another place of the document, given as an offset in it."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    # Read by the watchers that TextArea's own constructor sets off.
    _window: Window | None = None
    _indent = "  "

    def __init__(self, apply: Callable[[ChangeSet], None], *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            show_line_numbers=True,
            max_checkpoints=0,
            compact=True,
            read_only=True,
            tab_behavior="focus",
        )
        self.cursor_blink = False
        self._apply = apply
        self._marks: dict[int, list[tuple[int, int, Severity]]] = {}

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
        self.line_number_start = first_line
        self._marks = {}
        if window is None:
            self.load_text("")
            return
        document = WindowDocument(window, self._apply)
        self.document = document
        self.soft_wrap = document.line_count <= WRAP_LIMIT
        self.wrapped_document = WrappedDocument(document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def text_changed(self, cursor: int | None = None) -> None:
        """The Document changed from elsewhere (undo, another pane): read it again.

        `cursor` is an offset in the document to move to; without it the cursor stays where
        it was in the text, as far as that still exists.
        """
        if self._window is None or not isinstance(self.document, WindowDocument):
            return
        self.document.reload()
        self._marks = {}
        self.wrapped_document.wrap(self.wrap_width, self.indent_width)
        self.selection = Selection(*map(self.clamp_visitable, self.selection))
        self._build_highlight_map()
        self._refresh_size()
        self.refresh()
        if cursor is not None:
            self.move_to(cursor)

    def move_to(self, offset: int) -> None:
        """Put the cursor at `offset` of the document, clamped into the window."""
        if self._window is not None and isinstance(self.document, WindowDocument):
            shown = self._window.from_document(offset)
            self.move_cursor(self.document.index.position(shown))
            self.scroll_cursor_visible(center=True)

    def mark(self, spans: Sequence[tuple[Span, Severity]]) -> None:
        """Underline these ranges (offsets in the document) where the window shows them."""
        marks: dict[int, list[tuple[int, int, Severity]]] = {}
        if self._window is not None and isinstance(self.document, WindowDocument):
            here = self._window.span
            for span, severity in spans:
                if span.end < here.start or span.start > here.end:
                    continue
                first = self.document.index.position(self._window.from_document(span.start))
                last = self.document.index.position(self._window.from_document(span.end))
                for row in range(first[0], last[0] + 1):
                    start = first[1] if row == first[0] else 0
                    end = last[1] if row == last[0] else len(self.document.get_line(row))
                    marks.setdefault(row, []).append((start, max(end, start + 1), severity))
        if marks != self._marks:
            self._marks = marks
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        line = "\t".join(map(visible, self.document.get_line(line_index).split("\t")))
        text = Text(line, end="", no_wrap=True)
        for token in tokens(line):
            text.stylize(
                self.get_component_rich_style(f"editor--{token.kind}", partial=True),
                token.start,
                token.end,
            )
        for start, end, severity in self._marks.get(line_index, ()):
            style = self.get_component_rich_style(f"editor--{severity.value}", partial=True)
            text.stylize(style, start, end)
        return text

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

    def action_jump_to(self, row: int) -> None:
        self.move_cursor(self.document.end if row else (0, 0))

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard("\n" + self._indent_of_cursor_line(), *self.selection)
            return
        await super()._on_key(event)

    def _indent_of_cursor_line(self) -> str:
        """The white space that a new line begins with: as this one, deeper after a bracket."""
        row, column = min(self.selection)
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip(" \t"))]
        return indent + (self._indent if before.rstrip().endswith(("{", "[")) else "")

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        super()._watch_selection(previous_selection, selection)
        if self._window is not None and isinstance(self.document, WindowDocument):
            shown = self.document.index.offset(*selection.end)
            self.post_message(self.Moved(self._window.to_document(shown)))
