"""Law: with what `Shown` leaves out the terminal shows the same as with everything."""

from __future__ import annotations

from itertools import pairwise

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.app.terminal.shown import Shown

WIDTH, HEIGHT = 12, 2
CONSOLE = Console(color_system="truecolor", force_terminal=True, width=WIDTH)

# Few of them, so that neighbours and successors are often alike.
PIECES = [Segment("aa"), Segment("aa", Style(bold=True)), Segment("漢", Style(reverse=True))]
EDGES = [[0, WIDTH], [0, 4, WIDTH], [0, 4, 8, WIDTH]]


def strips(width: int) -> st.SearchStrategy[Strip]:
    pieces = st.lists(st.sampled_from(PIECES), min_size=width // 2, max_size=width // 2)
    return pieces.map(lambda segments: Strip(segments, width))


@st.composite
def updates(draw: st.DrawFn) -> CompositorUpdate:
    """A repaint of regions, or of the whole screen."""
    if draw(st.integers(0, 3)) == 0:
        lines = [[draw(strips(WIDTH))] for _ in range(HEIGHT)]
        return LayoutUpdate(lines, Region(0, 0, WIDTH, HEIGHT))
    edges = [draw(st.sampled_from(EDGES)) for _ in range(HEIGHT)]
    chops = [{x: draw(strips(end - x)) for x, end in pairwise(line)} for line in edges]
    spans = []
    for y in sorted(draw(st.sets(st.integers(0, HEIGHT - 1), min_size=1))):
        first, last = draw(st.sampled_from(list(pairwise(edges[y]))))
        spans.append((y, first, last))
    return ChopsUpdate(chops, spans, [line[1:] for line in edges])


@given(st.lists(updates(), min_size=2, max_size=6))
def test_what_is_left_out_is_there_already(frames: list[CompositorUpdate]) -> None:
    shown = Shown()
    everything, only_new = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    for frame in frames:
        update = shown.only_new(frame)
        assert isinstance(update, CompositorUpdate)
        pyte.Stream(everything).feed(frame.render_segments(CONSOLE))
        pyte.Stream(only_new).feed(update.render_segments(CONSOLE))
        assert cells(only_new) == cells(everything)


def cells(screen: pyte.Screen) -> list[list[object]]:
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def test_the_same_again_sends_nothing() -> None:
    shown = Shown()
    strip = Strip([Segment("x" * WIDTH)])
    for sent in (True, False):
        update = shown.only_new(ChopsUpdate([{0: strip}], [(0, 0, WIDTH)], [[WIDTH]]))
        assert isinstance(update, CompositorUpdate)
        assert bool(update.render_segments(CONSOLE)) is sent
