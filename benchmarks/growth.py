"""What grows with the config: at 1, 10 and 100 times 50 endpoints."""

from __future__ import annotations

import json

import configs
import plot
from app import edited
from bench import Bench
from measuring import OURS, command, median, timed


def growth(bench: Bench) -> list[plot.Line]:
    """A line for each of check, opening, a key and json.load."""
    sizes = [configs.ENDPOINTS // 100, configs.ENDPOINTS // 10, configs.ENDPOINTS]
    labels = ("check", "open: all findings", "a key to findings", "json.load")
    lines = [plot.Line(label) for label in labels]
    for endpoints in sizes:
        # A new one each, since it is edited and saved.
        site = configs.make_site(bench.folder / f"growth{endpoints}", endpoints)
        found = edited(bench, site)
        text = site.read_text()
        figures = [
            median(command(OURS, "check", str(site)), 3),
            found.opened,
            found.key,
            min(timed(lambda text=text: json.loads(text)) for _ in range(5)),
        ]
        size = len(text) / 1e6
        for line, seconds in zip(lines, figures, strict=True):
            line.points.append((size, seconds))
            bench.note(**{f"growth {line.label} at {endpoints} endpoints": seconds})
    return lines
