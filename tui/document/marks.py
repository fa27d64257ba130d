"""Marks: a range of a document, held by its two ends through every change."""

from __future__ import annotations

from tui.diagnostic import Span
from tui.document.change import ChangeSet


class Marks:
    """Two ends that a Document maps through its changes. Made by `Document.hold`.

    What others insert right at an end stays outside; what a change announced by `own` inserts
    there is inside. A range that was the whole text stays the whole text. When a state of the
    text comes back (undo, redo), so do the ends that the range had in it. A range whose text
    was removed is empty.
    """

    def __init__(self, span: Span, length: int, state: int) -> None:
        self._span = span
        self._whole = span == Span(0, length)
        self._known = {state: span}
        self._own: ChangeSet | None = None

    @property
    def span(self) -> Span:
        return self._span

    @property
    def is_whole(self) -> bool:
        """Whether the range is the whole text, whatever changes."""
        return self._whole

    def own(self, change: ChangeSet) -> None:
        """The next change, if it is this one, is made inside the range."""
        self._own = change

    def changed(self, change: ChangeSet, state: int) -> None:
        """The text was changed and is now in `state`."""
        own, self._own = self._own, None
        if self._whole:
            self._span = Span(0, change.length_after)
        elif state in self._known:
            self._span = self._known[state]
        else:
            inside = own == change
            start = change.map(self._span.start, before=inside)
            end = change.map(self._span.end, before=not inside)
            self._span = Span(start, max(start, end))
            self._known[state] = self._span
