"""Lines over a logarithmic scale both ways, as SVG written by hand: no library to install."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50
LABEL = 14
"""Height of a line's label."""
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#7f7f7f")


@dataclass(slots=True)
class Line:
    """`points` are (MB of config, seconds)."""

    label: str
    points: list[tuple[float, float]] = field(default_factory=list)


def draw(lines: Sequence[Line]) -> str:
    """The picture. Both scales run over whole powers of ten."""
    sizes = [size for line in lines for size, _ in line.points]
    times = [seconds for line in lines for _, seconds in line.points]
    across = (math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)) + 0.05))
    upward = (math.floor(math.log10(min(times))), math.ceil(math.log10(max(times))))

    def x(size: float) -> float:
        share = (math.log10(size) - across[0]) / (across[1] - across[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        share = (math.log10(seconds) - upward[0]) / (upward[1] - upward[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="14">Seconds over MB of config (1, 10, 100 x)</text>',
    ]
    for power in range(across[0], across[1] + 1):
        at = x(10.0**power)
        parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"{10.0**power:g} MB</text>"
        )
    for power in range(upward[0], upward[1] + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        )
    labels = apart([y(line.points[-1][1]) for line in lines])
    for line, colour, label in zip(lines, COLOURS, labels, strict=False):
        places = [(x(size), y(seconds)) for size, seconds in line.points]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{u:.1f}" r="3" fill="{colour}"/>' for a, u in places]
        parts.append(
            f'<text x="{places[-1][0] + 8:.1f}" y="{label + 4:.1f}" fill="{colour}">'
            f"{escape(line.label)}</text>"
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def apart(heights: Sequence[float]) -> list[float]:
    """The same, moved down where one would be written over another."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=placed.__getitem__)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + LABEL)
    return placed
