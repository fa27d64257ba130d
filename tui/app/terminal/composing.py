"""Which widgets are asked for their lines when the screen is painted.

Textual's compositor asks each widget between the first place that is new and the last, and every
container behind them, for all of its lines: at a key in a field, some 25 widgets of which five
have something new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import cast

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

_Chops = Sequence[Mapping[int, Strip]]


class OnlyWanted(Compositor):
    """A compositor that asks a widget for those lines that are to be painted and that no widget
    in front of it covers. (Textual's chops are pieces of lines by the column of their start;
    widgets come front to back.)"""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What is new since the last update; None when nothing is."""
        dirty, screen = self._dirty_regions, self.size.region
        spans = list(self._regions_to_spans(region.intersection(screen) for region in dirty))
        dirty.clear()
        if not spans:
            return None
        return ChopsUpdate(self._paint(spans), spans, [cuts[1:] for cuts in self.cuts])

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> _Chops:
        lines = filter(is_rendered_line, crop.line_range)
        return self._paint([(y, *crop.column_span) for y in lines])

    def _paint(self, spans: Sequence[tuple[int, int, int]]) -> _Chops:
        """The pieces of lines that lie in the `spans` (line, first column, column behind the
        last); the others are None."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        missing: dict[int, set[int]] = {}
        for y, first, last in spans:
            pieces = {x for x, end in pairwise(cuts[y]) if x < last and end > first}
            missing.setdefault(y, set()).update(pieces)
        for widget, (region, clip) in self.visible_widgets.items():
            area = region.intersection(clip)
            lines = [
                y
                for y, pieces in missing.items()
                if area.y <= y < area.bottom and any(area.x <= x < area.right for x in pieces)
            ]
            if not lines:
                continue
            top, bottom = min(lines), max(lines) + 1
            crop = Region(area.x - region.x, top - region.y, area.width, bottom - top)
            strips = widget.render_lines(crop)
            for y in lines:
                inner = [x for x in cuts[y] if area.x <= x <= area.right]
                parts = strips[y - top].divide([x - area.x for x in inner[1:]])
                for x, part in zip(inner, parts, strict=False):
                    if x in missing[y]:
                        chops[y][x] = part
                        missing[y].remove(x)
            missing = {y: pieces for y, pieces in missing.items() if pieces}
            if not missing:
                break
        return cast("_Chops", chops)
