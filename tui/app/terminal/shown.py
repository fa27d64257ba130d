"""What the terminal shows, so that nothing is sent to it twice.

Textual repaints widgets or regions of them, mostly more than what is new: of an editor that is
repainted for one letter most lines are as before. Over a slow line each of them is felt.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip


class Shown:
    """The pieces (Textual's chops) of each line of the screen as they were sent last.

    A line is divided at the edges of its widgets. Where that is done in another way than
    before, nothing is known of the line.
    """

    def __init__(self) -> None:
        self._lines: dict[int, tuple[Sequence[int], dict[int, Strip]]] = {}

    def forget(self) -> None:
        """The terminal may show anything."""
        self._lines.clear()

    def only_new(self, update: RenderableType | None) -> RenderableType | None:
        """The same update, which sends only what the terminal does not show by then."""
        if isinstance(update, ChopsUpdate):
            return _OnlyNew(update, self)
        if update is not None:
            self.forget()
        return update

    def pieces_of(self, y: int, ends: Sequence[int]) -> dict[int, Strip]:
        """What the line `y` shows from which column on, where its pieces end at `ends`."""
        known_ends, pieces = self._lines.get(y, ((), {}))
        if known_ends != ends:
            pieces = {}
            self._lines[y] = ends, pieces
        return pieces


class _OnlyNew(ChopsUpdate):
    def __init__(self, update: ChopsUpdate, shown: Shown) -> None:
        super().__init__(update.chops, update.spans, update.chop_ends)
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal; called when it is."""
        sent: list[str] = []
        for y, first, last in self.spans:
            ends = self.chop_ends[y]
            shown = self._shown.pieces_of(y, ends)
            for end, (x, strip) in zip(ends, self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                skipped, new = _new_part(shown.get(x), strip)
                shown[x] = strip
                if new:
                    move = Control.move_to(x + skipped, y)
                    sent += move.segment.text, Strip(new).simplify().render(console)
        return "".join(sent)


def _new_part(before: Strip | None, now: Strip) -> tuple[int, Sequence[Segment]]:
    """The segments between those that both begin and both end with, and behind how many cells
    they stand. Both are as wide as the piece."""
    new = list(now)
    if before is None:
        return 0, new
    old = list(before)
    alike = _alike(old, new)
    old, skipped, new = old[alike:], new[:alike], new[alike:]
    tail = _alike(old[::-1], new[::-1])
    return sum(segment.cell_length for segment in skipped), new[: len(new) - tail]


def _alike(one: Sequence[Segment], other: Sequence[Segment]) -> int:
    """With how many equal segments both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
