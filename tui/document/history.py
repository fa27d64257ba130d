"""History: the one undo history of a text, as values. It takes nothing back itself.

Every state of the text has a number of its own: undo and redo return to states that were
there before, and who remembers something about a state can take it up again.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.document.change import ChangeSet

BURST_SECONDS = 1.0
"""Changes of one burst that follow each other within this time are one undo step."""


class Step(NamedTuple):
    """What one undo takes back: `change` led from state `before` to state `after`."""

    change: ChangeSet
    inverse: ChangeSet
    before: int
    after: int


class History:
    """Steps done and undone. `state` is the number of the present state of the text."""

    def __init__(self) -> None:
        self.state = 0
        self._newest = 0
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._burst: str | None = None
        self._last_change = 0.0

    @property
    def open_burst(self) -> str | None:
        """The name of the burst that the next change may still join, or None."""
        return self._burst

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def record(
        self, change: ChangeSet, inverse: ChangeSet, burst: str | None = None, now: float = 0.0
    ) -> None:
        """A change was made at time `now` (seconds); what was undone can no longer be redone."""
        before = self.state
        self._newest += 1
        self.state = self._newest
        self._undone.clear()
        joins = burst is not None and burst == self._burst
        if joins and now - self._last_change <= BURST_SECONDS:
            last = self._done.pop()
            change, inverse = last.change.compose(change), inverse.compose(last.inverse)
            before = last.before
        self._done.append(Step(change, inverse, before, self.state))
        self._burst, self._last_change = burst, now

    def end_burst(self) -> None:
        """The next change begins a new step."""
        self._burst = None

    def undo(self) -> ChangeSet | None:
        """Go back one step: the change to make, or None when there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._burst, self.state = None, step.before
        return step.inverse

    def redo(self) -> ChangeSet | None:
        """Go forward again: the change to make, or None when nothing was undone."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._burst, self.state = None, step.after
        return step.change
