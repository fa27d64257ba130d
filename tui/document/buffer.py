"""Document: the one owner of a text, its tree and its history."""

from __future__ import annotations

from collections.abc import Callable

from tui.diagnostic import Span
from tui.document.change import ChangeSet
from tui.document.history import History
from tui.document.lines import LineIndex
from tui.document.marks import Marks
from tui.document.text import decode, encode
from tui.document.tree import JsonTree


class Document:
    """A text that changes only by `apply`, `undo` and `redo`.

    Marks (Window) are mapped through every change. `version` grows with every change,
    undo and redo included.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._version = 0
        self._history = History()
        self._saved_text: str | None = text
        self._modified: bool | None = False
        self._tree: JsonTree | None = None
        self._unparsed: ChangeSet | None = None
        self._lines: LineIndex | None = None
        self._marks: list[Marks] = []
        self._listeners: list[Callable[[ChangeSet], None]] = []

    @classmethod
    def from_bytes(cls, data: bytes) -> Document:
        """NotUtf8 (a KrakendTuiError with line and column) when it is not UTF-8."""
        return cls(decode(data))

    def to_bytes(self) -> bytes:
        """What a save writes. NotUtf8 when the text holds a lone surrogate."""
        return encode(self._text)

    @property
    def text(self) -> str:
        return self._text

    @property
    def version(self) -> int:
        return self._version

    @property
    def tree(self) -> JsonTree:
        """Parsed at need, incrementally from the last one."""
        if self._tree is None:
            self._tree = JsonTree.parse(self._text)
        elif self._unparsed is not None:
            self._tree = self._tree.edited(self._unparsed, self._text)
        self._unparsed = None
        return self._tree

    @property
    def lines(self) -> LineIndex:
        """Where the lines of the text begin."""
        if self._lines is None:
            self._lines = LineIndex(self._text)
        return self._lines

    @property
    def modified(self) -> bool:
        """Whether the text differs from that of the saved revision."""
        if self._modified is None:
            self._modified = self._text != self._saved_text
        return self._modified

    @property
    def open_burst(self) -> str | None:
        """The name of the burst that the next change may still join, or None."""
        return self._history.open_burst

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def apply(self, change: ChangeSet, *, burst: str | None = None, now: float = 0.0) -> None:
        """Make a change; nothing happens when it is empty.

        Changes with the same `burst` name that follow each other within 1 s of `now` are one
        undo step. ValueError when the change is not of this text.
        """
        if change.is_empty:
            return
        inverse = change.invert(self._text)
        self._history.record(change, inverse, burst, now)
        self._make(change)

    def end_burst(self) -> None:
        """The next change begins a new undo step (called on focus changes, saves, cursor jumps)."""
        self._history.end_burst()

    def undo(self) -> ChangeSet | None:
        """Take back one step; the change that was applied to the text, or None."""
        return self._follow(self._history.undo())

    def redo(self) -> ChangeSet | None:
        """Make the step that was undone last again; the change, or None."""
        return self._follow(self._history.redo())

    def saved_as(self, text: str | None) -> None:
        """What is on disk is `text`, whoever wrote it; with None the document counts as modified.

        Typing while a save is under way stays unsaved: `text` is what was written.
        """
        self._history.end_burst()
        self._saved_text = text
        self._modified = None

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """`listener` is called after every change; returns the call that unsubscribes."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def hold(self, span: Span) -> Marks:
        """Marks at the ends of `span`, mapped until `release`. ValueError outside the text."""
        if not 0 <= span.start <= span.end <= len(self._text):
            raise ValueError(f"{span} is not in the text")
        marks = Marks(span, len(self._text), self._history.state)
        self._marks.append(marks)
        return marks

    def release(self, marks: Marks) -> None:
        """Map these marks no longer."""
        if marks in self._marks:
            self._marks.remove(marks)

    def _follow(self, change: ChangeSet | None) -> ChangeSet | None:
        if change is not None:
            self._make(change)
        return change

    def _make(self, change: ChangeSet) -> None:
        self._text = change.apply(self._text)
        self._version += 1
        self._modified = None
        if self._lines is not None:
            self._lines = self._lines.edited(change, self._text)
        if self._tree is not None:
            unparsed = self._unparsed
            self._unparsed = change if unparsed is None else unparsed.compose(change)
        for marks in self._marks:
            marks.changed(change, self._history.state)
        for listener in tuple(self._listeners):
            listener(change)
