"""analyse(snapshot) -> Analysis: what both front ends call."""

from __future__ import annotations

from tui.krakend.snapshot import Snapshot
from tui.workspace.analyser import Analyser, Analysis

__all__ = ["Analyser", "Analysis", "analyse"]


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text.

    While the text is not JSON that KrakenD's parser takes, only that is reported. A comment key
    `"@krakend-tui": "ignore RULE"` silences findings in its object and below.
    """
    return Analyser().analyse(snapshot)
