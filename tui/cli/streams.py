"""Where the input comes from and the output goes, and whether it may be coloured."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO


class Streams(NamedTuple):
    """Output for results, output for errors, the environment, and the input's bytes."""

    out: TextIO
    err: TextIO
    environ: Mapping[str, str]
    source: BinaryIO

    def use_colour(self, stream: TextIO) -> bool:
        """Only on a terminal that knows colour, and not against NO_COLOR (no-color.org)."""
        if self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()


def is_interactive() -> bool:
    """Whether all three streams are a terminal: Textual draws on the third."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


@contextmanager
def standard_streams() -> Iterator[Streams]:
    """The process's own streams, able to write any text; a closed one writes to nowhere."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        out, err = sys.stdout or nowhere, sys.stderr or nowhere
        for stream in (out, err):
            # A terminal's encoding may lack a character, and that is no reason to fail.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        source = sys.stdin.buffer if sys.stdin is not None else io.BytesIO()
        yield Streams(out, err, os.environ, source)
