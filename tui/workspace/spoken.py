"""One fault is one finding: what one has spoken about, no other speaks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tui.diagnostic import Diagnostic, Severity
from tui.document.tree import JsonTree

if TYPE_CHECKING:
    from tui.schema.official import OfficialSchema


class Spoken:
    """The pointers that findings are about."""

    def __init__(self, found: Iterable[Diagnostic]) -> None:
        self._exact: set[str] = set()
        self._above: set[str] = set()
        for diagnostic in found:
            self._exact.add(diagnostic.pointer)
            for pointer in _self_and_above(diagnostic.pointer):
                self._above.add(pointer.rpartition("/")[0])

    def leaves(self, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Those of `found` about whose place, or one above or below it, nothing has been said."""
        for diagnostic in found:
            if not self._has(diagnostic.pointer):
                yield diagnostic

    def _has(self, pointer: str) -> bool:
        return pointer in self._above or any(
            above in self._exact for above in _self_and_above(pointer)
        )


def of_official(
    official: OfficialSchema, tree: JsonTree, found: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """What KrakenD's schema refuses and no rule has said, of the same value or one around it."""
    spoken = {d.pointer for d in found if d.severity is not Severity.INFO and d.pointer}
    for diagnostic in official.validate(tree):
        if not any(pointer in spoken for pointer in _self_and_above(diagnostic.pointer)):
            yield diagnostic


def _self_and_above(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
