"""ChangeSet: a change of a text as a value. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui.diagnostic import Edit


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Edits of a text of exactly `length` code points, sorted, not overlapping, normalised."""

    length: int
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, length: int, edits: Iterable[Edit]) -> ChangeSet:
        """Sort, check and normalise `edits`; ValueError when they overlap or leave the text."""
        raise NotImplementedError

    @property
    def length_after(self) -> int:
        raise NotImplementedError

    @property
    def is_empty(self) -> bool:
        raise NotImplementedError

    def apply(self, text: str) -> str:
        """ValueError when len(text) != length."""
        raise NotImplementedError

    def invert(self, text: str) -> ChangeSet:
        """The change that takes apply(text) back to `text`."""
        raise NotImplementedError

    def compose(self, later: ChangeSet) -> ChangeSet:
        """One change that equals this one, then `later`."""
        raise NotImplementedError

    def map(self, offset: int, *, before: bool = False) -> int:
        """Where `offset` is afterwards. An insertion exactly at it pushes it on, unless `before`."""
        raise NotImplementedError
