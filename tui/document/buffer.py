"""Document: the one owner of a text, its tree and its history. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from collections.abc import Callable

from tui.diagnostic import Span
from tui.document.change import ChangeSet
from tui.document.tree import JsonTree


class Document:
    """A text that changes only by `apply`, `undo` and `redo`.

    Marks (Window) are mapped through every change. `version` grows with every change,
    undo and redo included. `bom` is kept apart from the text and is not editable.
    """

    text: str
    bom: bool
    version: int

    def __init__(self, text: str, *, bom: bool = False) -> None:
        raise NotImplementedError

    @classmethod
    def from_bytes(cls, data: bytes) -> Document:
        """NotUtf8 (a KrakendTuiError with line and column) when it is not UTF-8."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        raise NotImplementedError

    @property
    def tree(self) -> JsonTree:
        """Parsed at need, incrementally from the last one."""
        raise NotImplementedError

    @property
    def modified(self) -> bool:
        """Whether the text differs from that of the saved revision."""
        raise NotImplementedError

    def apply(self, change: ChangeSet, *, burst: str | None = None, now: float = 0.0) -> None:
        """Changes with the same `burst` name that follow each other within 1 s are one undo step."""
        raise NotImplementedError

    def end_burst(self) -> None:
        """The next change begins a new undo step (called on focus changes, saves, cursor jumps)."""
        raise NotImplementedError

    def undo(self) -> ChangeSet | None:
        """Take back one step; the change that was applied to the text, or None."""
        raise NotImplementedError

    def redo(self) -> ChangeSet | None:
        raise NotImplementedError

    def mark_saved(self, version: int | None = None) -> None:
        """The text of `version` (default: now) is what is on disk. Typing during a save stays dirty."""
        raise NotImplementedError

    def subscribe(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """`listener` is called after every change; returns the call that unsubscribes."""
        raise NotImplementedError


class Window:
    """A view of a part of a Document, held by two marks that every ChangeSet maps.

    Inside the window the text is shown with the indentation of the line it starts on taken
    off its further lines, and written back with it (`lines` nested as the file has them).
    Lines inside multi-line breakage that have less indentation than that are shown as they are.
    """

    def __init__(self, document: Document, span: Span) -> None:
        raise NotImplementedError

    @property
    def span(self) -> Span:
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What the window shows."""
        raise NotImplementedError

    def change(self, start: int, end: int, text: str) -> ChangeSet:
        """The document's change for replacing [start, end) of the shown text by `text`."""
        raise NotImplementedError

    def to_document(self, offset: int) -> int:
        """Offset in the shown text -> offset in the document."""
        raise NotImplementedError

    def from_document(self, offset: int) -> int:
        """Offset in the document -> offset in the shown text, clamped into it."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the marks go."""
        raise NotImplementedError
