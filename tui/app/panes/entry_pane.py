"""The entry pane: the names of the open entry and its text, or the whole file."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui.app.name_rows import ORDER_WORDS, name_rows
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.editor import Editor
from tui.app.widgets.line_list import LineList
from tui.app.widgets.names import Names
from tui.diagnostic import Span
from tui.document.change import ChangeSet
from tui.document.text import indent_unit
from tui.document.window import Window
from tui.krakend import actions
from tui.krakend.points import Entry

MOST_NAMES = 5
"""Rows of the names pane before it scrolls."""


class EntryPane(Vertical):
    """Opens what a tree row stands for."""

    class NameWanted(Message):
        """A name is to be added to the entry."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    class FileWanted(Message):
        """The file that provides `name` to the entry is wanted."""

        def __init__(self, entry: Entry, name: str) -> None:
            super().__init__()
            self.entry = entry
            self.name = name

    def __init__(self, session: Session) -> None:
        super().__init__(id="entry", classes="pane")
        self.session = session
        self.opened: str | None = None
        self._typing = False

    def compose(self) -> ComposeResult:
        yield PaneTitle()
        yield Static(id="order-words")
        yield Names()
        yield Editor(self._typed, id="editor")
        yield Static(id="entry-note")

    @property
    def editor(self) -> Editor:
        return self.query_one(Editor)

    def open(self, key: str, at: Span | None = None) -> None:
        """Show the row `key`, with the cursor at `at` if given."""
        if key != self.opened:
            self.opened = key
            self._open_window(key)
            self.show()
        if at is not None:
            self.editor.move_to(at.start)

    def _open_window(self, key: str) -> None:
        session = self.session
        session.document.end_burst()
        span = session.span_of(key)
        if span is None:
            self.editor.show(None)
            return
        line = session.position(span.start)[0] + 1
        window = Window(session.document, span)
        self.editor.show(window, first_line=line, indent=indent_unit(session.document.text))
        self.show_editable()

    def show_editable(self) -> None:
        """Let the editor take text, or not, as the session does."""
        self.editor.read_only = self.session.look_only or self.editor.window is None

    def show(self) -> None:
        """Show what the text and the findings are now."""
        session, key = self.session, self.opened
        self.query_one(PaneTitle).show(session.title_of(key))
        entry = session.entry_of(key)
        names = self.query_one(Names)
        names.show(name_rows(entry, session.registry) if entry is not None else ())
        names.styles.height = min(names.row_count(), MOST_NAMES)
        words = ORDER_WORDS.get(entry.meant) if entry and entry.meant and names.rows else None
        self.query_one("#order-words", Static).update(f" {words}" if words else "")
        self.query_one("#order-words").display = bool(words)
        note = session.note_of(key)
        self.query_one("#entry-note", Static).update(note)
        self.query_one("#entry-note").display = bool(note)
        self.editor.mark([(found.span, found.severity) for found in session.diagnostics])

    def text_changed(self) -> None:
        """After every change of the text, wherever it came from."""
        if self._typing:
            return
        if self.editor.window is None and self.opened is not None:
            self._open_window(self.opened)
        elif self.opened is not None and self.opened != WHOLE_FILE and self.editor.window:
            # What was removed and comes back by undo is found again by its pointer.
            if not self.editor.window.text and self.session.span_of(self.opened) is not None:
                self._open_window(self.opened)
            else:
                self.editor.text_changed()
        else:
            self.editor.text_changed()

    def _typed(self, change: ChangeSet) -> None:
        self._typing = True
        try:
            self.session.apply(change, burst=f"editor {self.opened}")
        finally:
            self._typing = False

    @on(LineList.Opened)
    def _name_opened(self, message: LineList.Opened) -> None:
        message.stop()
        entry = self.session.entry_of(self.opened)
        rows = self.query_one(Names).rows
        if entry is not None and message.index < len(rows):
            self.post_message(self.FileWanted(entry, rows[message.index].name))

    @on(Names.Asked)
    def _asked(self, message: Names.Asked) -> None:
        row, session = message.row, self.session
        entry = session.entry_of(self.opened)
        if entry is None or session.syntax_problem is not None:
            return
        tree = session.document.tree
        if message.what == "add":
            self.post_message(self.NameWanted(entry))
        elif row is None:
            return
        elif message.what == "remove":
            session.step(actions.remove_name(tree, row.pointer))
        elif message.what in ("up", "down") and row.pointer != entry.name_pointer:
            step = -1 if message.what == "up" else 1
            names = self.query_one(Names)
            session.step(actions.move_name(tree, row.pointer, step))
            names.cursor += step
