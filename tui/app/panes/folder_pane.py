"""The folder pane: pattern, folder, and what KrakenD would load."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Label

from tui.app.session import Refused, Session
from tui.app.widgets.bars import PaneTitle
from tui.app.widgets.fields import BlockField
from tui.app.widgets.plugin_files import PluginFiles

FIELDS = ("pattern", "folder")


class FolderPane(Vertical):
    """Views of the `plugin` block and of the scan."""

    class Said(Message):
        """Words for the user."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Left(Message):
        """Escape where there was nothing to take back."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="plugins", classes="pane")
        self.session = session

    def compose(self) -> ComposeResult:
        yield PaneTitle()
        for key in FIELDS:
            with Horizontal(classes="field"):
                yield Label(key)
                yield BlockField(key, self._typed)
        yield PluginFiles()

    def show(self) -> None:
        """Show what the text, the folder and the findings are now."""
        session = self.session
        for key in FIELDS:
            self.field(key).show(session.field_text(key))
        self.query_one(PluginFiles).show(session.scan, session.plugins)
        self.query_one(PaneTitle).show("Plugins", session.scan_words)

    def field(self, key: str) -> BlockField:
        """The field `pattern` or `folder`."""
        return self.query_one(f"#{key}", BlockField)

    def _typed(self, field: BlockField, value: str) -> None:
        try:
            self.session.set_field(field.key, value)
        except Refused as refusal:
            self.post_message(self.Said(f"{refusal.message}. {refusal.hint}"))
            self.show()

    @on(BlockField.Left)
    def _field_left(self) -> None:
        self.session.document.end_burst()

    @on(BlockField.Restored)
    def _field_restored(self, message: BlockField.Restored) -> None:
        if not self.session.restore_field(message.field.key):
            self.post_message(self.Left())
