"""Law: a screen that is painted by OnlyWanted is the one that Textual's compositor paints."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from app.driving import opened
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.app.terminal.composing import OnlyWanted
from tui.app.widgets.own_lines import OwnLines

KEYS = ["x", "backspace", "tab", "tab", "tab", "down", "enter", "down", "f8", "f6", "x"]


def pieces(update: ChopsUpdate | None) -> list[tuple[int, int, Strip]]:
    """The pieces of lines that the update is about, by line and column."""
    if update is None:
        return []
    found = []
    for y, first, last in update.spans:
        ends = update.chop_ends[y]
        for end, (x, strip) in zip(ends, update.chops[y].items(), strict=True):
            if strip is not None and x < last and end > first:
                found.append((y, x, strip))
    return found


def some_region(chance: random.Random, width: int, height: int) -> Region:
    x, y = chance.randrange(width), chance.randrange(height)
    return Region(x, y, chance.randint(1, width - x), min(chance.choice([1, 3, 40]), height - y))


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (140, 40)])
async def test_any_part_of_the_screen_is_painted_alike(shop: Path, size: tuple[int, int]) -> None:
    chance = random.Random(3)
    async with opened(shop, size=size) as (app, pilot):
        await app.main.analysed()
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
            ours = app.main._compositor
            assert isinstance(ours, OnlyWanted)
            whole = ours.render_strips()
            assert whole == [
                Strip.join(line.values())
                for line in Compositor._render_chops(ours, ours.size.region, lambda y: True)
            ]
            for _ in range(20):
                regions = {some_region(chance, *size) for _ in range(chance.randint(1, 4))}
                ours._dirty_regions.update(regions)
                update = ours.render_partial_update()
                assert not ours._dirty_regions
                ours._dirty_regions.update(regions)
                assert pieces(update) == pieces(Compositor.render_partial_update(ours))


async def test_a_key_in_pattern_asks_the_widgets_that_it_changes(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    async with opened(shop) as (app, pilot):
        await app.main.analysed()
        await pilot.press("x", "backspace")
        await pilot.pause()
        compositor = app.main._compositor
        for widget in compositor.visible_widgets:
            count_lines(widget, asked, monkeypatch)
        compositor._dirty_regions.update([app.main.folder_pane.field("pattern").region])
        compositor.render_partial_update()
        assert dict(asked) == {"BlockField": 1}
        asked.clear()
        compositor._dirty_regions.update([compositor.size.region])
        compositor.render_update()
        assert sum(asked.values()) < 24 * 4
        assert "Horizontal" not in asked, "it is behind the panes"


async def test_lines_are_as_wide_as_they_are_asked_for(shop: Path) -> None:
    """Also those of a list without the scroll bar that it counts with, as at the first paint."""
    async with opened(shop) as (app, _pilot):
        lines = [widget for widget in app.main.query("*") if isinstance(widget, OwnLines)]
        assert len(lines) > 5
        for widget in lines:
            for crop in (Region(0, 0, 90, 1), Region(3, 0, 20, 2), Region(0, 0, 5, 1)):
                assert [strip.cell_length for strip in widget.render_lines(crop)] == (
                    [crop.width] * crop.height
                )


def count_lines(widget: Widget, asked: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    render = widget.render_lines

    def counting(crop: Region) -> list[Strip]:
        asked[type(widget).__name__] += crop.height
        return render(crop)

    monkeypatch.setattr(widget, "render_lines", counting)
