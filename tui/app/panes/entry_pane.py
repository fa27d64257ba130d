"""The entry pane: the names of the open entry and its text, or the whole file."""

from __future__ import annotations

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from tui.app.name_rows import NameRow, name_rows, order_words
from tui.app.place_words import note_of, title_of
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.editor import Editor
from tui.app.widgets.help_rows import HelpRows
from tui.app.widgets.line import Line
from tui.app.widgets.line_list import LineList
from tui.app.widgets.names import Names
from tui.app.widgets.said import Said
from tui.app.words import LOOKS_ONLY, MEND_FIRST
from tui.diagnostic import Diagnostic, Span
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.text import indent_unit
from tui.document.window import Window
from tui.krakend import actions, switched
from tui.krakend.points import Entry

MOST_NAMES = 5
"""Rows of the names pane before it scrolls."""


class EntryPane(Vertical):
    """Opens what a tree row stands for.

    `opened` is the tree row; `view` is what the editor shows of it: the row's own text, the
    settings block of one plugin (its pointer), or the whole file. All are windows on the one
    document.
    """

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

    class SwitchWanted(Message):
        """The opened entry, whose `name` is no list, is to be switched off or on."""

    class Turned(Message):
        """The editor shows another row of the tree now."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, session: Session) -> None:
        super().__init__(id="entry", classes="pane")
        self.session = session
        self.opened: str | None = None
        self.view: str | None = None
        self._typing = False
        self._title, self._order, self.names = PaneTitle(), Line(id="order-words"), Names()
        self._order.display = self.names.display = False
        self.editor, self._help = Editor(self._typed, id="editor"), HelpRows(id="entry-note")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._order
        yield self.names
        yield self.editor
        yield self._help

    @property
    def title(self) -> str:
        """What the opened row stands for."""
        return title_of(self.session, self.opened)

    # -- what is shown ----------------------------------------------------------------

    def open(self, key: str, at: Span | None = None) -> None:
        """Show the row `key`, with the cursor at `at` if given."""
        shown = self.editor.window
        if key != self.opened or (at is not None and (shown is None or not _holds(shown, at))):
            self.opened = key
            self._open_view(key)
            self.show()
        if at is not None:
            self.editor.move_to(at.start)

    def turn(self) -> None:
        """The same place in the next view: entry, the plugin's own block, whole file."""
        place = self.editor.place
        key = self.opened
        if place is None or key is None:
            self.post_message(Said("There is no text here: a in the tree adds an entry"))
            return
        pointer = self.session.document.tree.pointer_at(place)
        if self.view == WHOLE_FILE:
            key = self.session.places.row_of(pointer)
            if key == WHOLE_FILE:
                self.post_message(Said("The cursor is in no plugin entry"))
                return
            self._open_view(key)
        else:
            block = self.session.places.block_at(key, pointer) if self.view == key else None
            self._open_view(block or WHOLE_FILE)
        turned = key != self.opened
        self.opened = key
        self.show()
        self.editor.move_to(place)
        if turned:
            self.post_message(self.Turned(key))

    def _open_view(self, view: str) -> None:
        session = self.session
        session.document.end_burst()
        self.view = view
        span = session.places.span_of(view)
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
        self._title.show(title_of(session, key, self.view), self._view_words)
        self._show_names(session.places.entry_of(key))
        self.editor.mark([(self._span(found), found.severity) for found in session.diagnostics])
        self.show_help()

    def _span(self, found: Diagnostic) -> Span:
        """Of a finding; one about the opened entry's key is shown where the entry begins."""
        window = self.editor.window
        if (
            window is not None
            and found.pointer == self.view
            and found.span.end <= window.span.start
        ):
            return Span(window.span.start, window.span.start + 1)
        return found.span

    @property
    def _view_words(self) -> str:
        if self.editor.window is None or self.opened == WHOLE_FILE:
            return ""
        kind = {self.opened: "entry", WHOLE_FILE: "file"}.get(self.view, "block")
        return f"{kind} F6"

    def _show_names(self, entry: Entry | None) -> None:
        rows = name_rows(entry, self.session.registry) if entry is not None else []
        self.names.show(rows)
        self.names.styles.height = max(1, min(len(rows), MOST_NAMES))
        self.names.display = entry is not None
        words = order_words(entry) if entry is not None and rows else ""
        self._order.say(Text(words))
        self._order.display = bool(words)

    def show_name(self, name: str) -> None:
        """Put the cursor of the names on `name`."""
        self.show()
        self.names.follow(name, self.names.row_count())

    def show_help(self) -> None:
        """Show what belongs at the cursor."""
        session, editor = self.session, self.editor
        opened = self.opened or ""
        note = note_of(session, opened) if self.view == self.opened else ""
        place = editor.place
        found = session.places.key_help(place) if place is not None else None
        self._help.show(note, found)

    @on(Editor.Moved)
    def _moved(self) -> None:
        self.show_help()

    def on_resize(self, event: events.Resize) -> None:
        self._help.styles.height = 2 if event.size.height < 24 else 4

    # -- changes ----------------------------------------------------------------------

    def text_changed(self, change: ChangeSet) -> None:
        """After every change of the text, wherever it came from."""
        if self._typing or self.view is None:
            return
        window = self.editor.window
        is_gone = window is None or (self.view != WHOLE_FILE and not window.text)
        # What was removed and comes back by undo is found again by its pointer.
        if window is None or (is_gone and self.session.places.span_of(self.view) is not None):
            self._open_view(self.view)
        else:
            self.editor.text_changed(change)

    def _typed(self, change: ChangeSet) -> None:
        self._typing = True
        try:
            self.session.apply(change, burst=f"editor {self.opened}")
        finally:
            self._typing = False

    @on(LineList.Opened)
    def _name_opened(self, message: LineList.Opened) -> None:
        message.stop()
        entry = self.session.places.entry_of(self.opened)
        rows = self.names.rows
        if entry is not None and message.index < len(rows):
            self.post_message(self.FileWanted(entry, rows[message.index].name))

    @on(Names.Asked)
    def _asked(self, message: Names.Asked) -> None:
        if self.session.look_only:
            self.post_message(Said(LOOKS_ONLY))
            return
        if self.session.syntax_problem is not None:
            self.post_message(Said(MEND_FIRST))
            return
        self.session.refresh_points()
        entry = self.session.places.entry_of(self.opened)
        if entry is None:
            return
        if message.what == "add":
            self.post_message(self.NameWanted(entry))
        elif message.what == "switch" and not switched.has_list(entry):
            self.post_message(self.SwitchWanted())
        elif message.row is not None and not message.row.is_of(entry):
            self.show()
            self.post_message(Said("The names have changed meanwhile: here they are"))
        elif message.row is not None:
            try:
                self._change_name(message.what, entry, message.row)
            except EditError as error:
                self.post_message(Said(f"{error.message}. {error.hint}".rstrip(". ") + "."))

    def _change_name(self, what: str, entry: Entry, row: NameRow) -> None:
        session, tree = self.session, self.session.document.tree
        step = {"up": -1, "down": 1}.get(what, 0)
        if step and (row.is_off or row.pointer == entry.name_pointer):
            self.post_message(Said("Only names of the list that are on can be moved"))
            return
        if what == "switch":
            session.step(switched.switch_name(tree, entry, row.place))
        elif what == "remove":
            session.step(switched.remove_name(tree, entry, row.place))
        else:
            session.step(actions.move_name(tree, row.pointer, step))
        # The next key is about what is there then, however late the findings are.
        self.show()
        if step:
            self.names.follow(row.name, self.names.cursor + step)


def _holds(window: Window, span: Span) -> bool:
    here = window.span
    return here.start <= span.start <= here.end
