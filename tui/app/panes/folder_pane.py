"""The folder pane: pattern, folder, and what KrakenD would load."""

from __future__ import annotations

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Label

from tui.app.file_rows import FileRow
from tui.app.folder_words import folder_words
from tui.app.session import Refused, Session
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.fields import BlockField
from tui.app.widgets.line import Line
from tui.app.widgets.line_list import LineList
from tui.app.widgets.plugin_files import PluginFiles
from tui.app.widgets.said import Said
from tui.app.widgets.state_line import StateLine
from tui.app.words import scan_words
from tui.folder import FolderEntry
from tui.krakend.file_order import FileOrder

FIELDS = ("pattern", "folder")


class FolderPane(Vertical):
    """Views of the `plugin` block and of the scan."""

    class Left(Message):
        """Escape where there was nothing to take back."""

    class CompletionWanted(Message):
        """The folder is to be completed."""

    class FileWanted(Message):
        """`what` (page, use) is wanted for an entry of the folder."""

        def __init__(self, what: str, entry: FolderEntry) -> None:
            super().__init__()
            self.what = what
            self.entry = entry

    def __init__(self, session: Session) -> None:
        super().__init__(id="plugins", classes="pane -active")
        self.session = session
        self._order = FileOrder.LOAD
        self.is_polled = False
        self.files = PluginFiles()
        # Held, not looked up: they are shown anew at every key.
        self._title, self._state, self._head = PaneTitle(), StateLine(), Line(id="files-head")
        self._fields = {key: BlockField(key, self._typed) for key in FIELDS}

    def compose(self) -> ComposeResult:
        yield self._title
        for key, field in self._fields.items():
            with Horizontal(classes="field"):
                yield Label(key)
                yield field
        yield self._state
        yield self._head
        yield self.files

    def show(self) -> None:
        """Show what the text, the folder and the findings are now."""
        session = self.session
        if not session.is_read:
            return
        for key in FIELDS:
            self.field(key).show(session.field_text(key))
        self.files.show(session.scan, session.known, self._order)
        heads = self.files.heads
        self._head.display = bool(heads)
        self._head.say(Text(heads))
        polled = "polled" if self.is_polled else ""
        words = " ".join(word for word in ("Plugins", self._order.value, polled) if word)
        self._title.show(words, scan_words(session))
        self._show_state()

    def _show_state(self) -> None:
        """Under the fields: the file under the cursor while the list has the focus, else the
        state of the folder."""
        if not self.session.is_read:
            return
        row = self.files.current
        if self.files.has_focus and row is not None:
            from tui.app.place_words import use_words

            self._state.show(*_file_words(row, use_words(self.session, row.name)))
        else:
            session = self.session
            state = folder_words(session.block, session.options, session.listing, session.scan)
            self._state.show(state.words, state.place, state.kind)

    def field(self, key: str) -> BlockField:
        """The field `pattern` or `folder`."""
        return self._fields[key]

    def show_file(self, name: bytes) -> bool:
        """Put the focus and the cursor on the file of this name; False when it is not there."""
        found = self.files.select(name)
        if found:
            self.files.focus()
        return found

    def complete_folder(self, folder: str) -> None:
        """Take `folder` as if it had been typed."""
        self._typed(self.field("folder"), folder)
        self.field("folder").focus()

    def _typed(self, field: BlockField, value: str) -> None:
        try:
            self.session.set_field(field.key, value)
        except Refused as refusal:
            self.post_message(Said(f"{refusal.message}. {refusal.hint}"))
            self.show()

    @on(BlockField.Left)
    def _field_left(self) -> None:
        self.session.document.end_burst()

    @on(BlockField.Entered)
    def _field_entered(self, message: BlockField.Entered) -> None:
        """Enter in `folder` adds the slash that the documentation asks for."""
        message.stop()
        value = message.field.value
        if message.field.key == "folder" and value and not value.endswith("/"):
            self._typed(message.field, value + "/")
        self.session.document.end_burst()

    @on(BlockField.CompletionWanted)
    def _completion_wanted(self, message: BlockField.CompletionWanted) -> None:
        if message.field.key == "folder":
            self.post_message(self.CompletionWanted())

    @on(BlockField.Restored)
    def _field_restored(self, message: BlockField.Restored) -> None:
        if not self.session.restore_field(message.field.key):
            self.post_message(self.Left())

    @on(LineList.Opened)
    def _opened(self, message: LineList.Opened) -> None:
        message.stop()
        self._want("page")

    @on(PluginFiles.Asked)
    def _asked(self, message: PluginFiles.Asked) -> None:
        if message.what == "sort":
            self._order = self._order.next
            self.show()
        else:
            self._want(message.what)

    def _want(self, what: str) -> None:
        entry = self.files.entry
        if entry is not None:
            self.post_message(self.FileWanted(what, entry))

    @on(LineList.Highlighted)
    def _highlighted(self, message: LineList.Highlighted) -> None:
        message.stop()
        self._show_state()

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        self._show_state()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        self.call_later(self._show_state)


def _file_words(row: FileRow, place: str) -> tuple[str, str, str]:
    """What the file is, and where the config uses it: `place`, or how often."""
    kind = row.style if row.style in ("error", "warning") else "dim"
    if row.order is None:
        return row.words or "the pattern is not in its name", "", kind
    used = {None: "", 0: "  unused", 1: "  u:"}.get(row.used, f"  u: {row.used} places")
    return f"{row.words}{used}", place, kind
