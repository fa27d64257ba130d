"""Where the output goes, and whether it may be coloured."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Streams:
    """Output for results, output for errors, and the environment."""

    out: TextIO
    err: TextIO
    environ: Mapping[str, str]

    def use_colour(self, stream: TextIO) -> bool:
        """Only on a terminal that knows colour, and not against NO_COLOR (no-color.org)."""
        if self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()


def is_interactive() -> bool:
    """Whether both ends of the conversation are a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
