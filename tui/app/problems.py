"""Which finding is the current one. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.diagnostic import Diagnostic, Severity


class Problems:
    """Walks the findings of now, which `findings` gives in file order.

    The current one is that last walked to, as long as it lasts; else the first error.
    """

    def __init__(self, findings: Callable[[], Sequence[Diagnostic]]) -> None:
        self._findings = findings
        self._walked: tuple[str, str] | None = None

    @property
    def all(self) -> Sequence[Diagnostic]:
        return self._findings()

    @property
    def current(self) -> Diagnostic | None:
        found = self.all
        return found[self.index] if found else None

    @property
    def index(self) -> int:
        """Of the current finding. Another text may have moved or mended it."""
        found = self.all
        for index, diagnostic in enumerate(found):
            if _key(diagnostic) == self._walked:
                return index
        return next((i for i, d in enumerate(found) if d.severity is Severity.ERROR), 0)

    def walk(self, step: int) -> Diagnostic | None:
        """Go on by `step`; the first time to the current one."""
        found = self.all
        if not found:
            return None
        index = self.index
        if self._walked == _key(found[index]):
            index = (index + step) % len(found)
        return self.choose(found[index])

    def choose(self, found: Diagnostic) -> Diagnostic:
        """Make `found` the current one, for as long as it lasts."""
        self._walked = _key(found)
        return found

    def come_to(self, offset: int, line: tuple[int, int]) -> bool:
        """A cursor is at `offset`, in the line from `line[0]` to `line[1]`: the finding there
        becomes the current one. False when there is none, or it was current already."""
        here = [
            index
            for index, found in enumerate(self.all)
            if found.span.start <= offset <= found.span.end
            or line[0] <= found.span.start <= line[1]
        ]
        if not here or (self._walked is not None and self.index in here):
            return False
        self.choose(self.all[min(here, key=lambda index: self._distance(index, offset))])
        return True

    def _distance(self, index: int, offset: int) -> tuple[bool, int]:
        span = self.all[index].span
        return not span.start <= offset <= span.end, span.end - span.start

    def same_rule(self) -> int:
        """How many findings of the current one's rule have a fix."""
        current = self.current
        if current is None:
            return 0
        return sum(found.rule == current.rule and bool(found.fixes) for found in self.all)


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.rule, diagnostic.pointer
