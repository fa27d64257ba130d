"""An error that ends the command, or spoils one file, in words."""

from __future__ import annotations

import click

from tui.cli.streams import Streams
from tui.errors import KrakendTuiError
from tui.visible import visible


def write_error(error: KrakendTuiError, streams: Streams, path: str = "") -> None:
    """One error with its next step; `path` is the file that it is about, which is named where
    the words of the error do not."""
    label = click.style("error:", fg="red", bold=True)
    if not streams.use_colour(streams.err):
        label = "error:"
    about = "" if path in error.message else f"{path}: "
    streams.err.write(f"krakend-tui: {label} {visible(about + error.message)}\n")
    if error.hint:
        streams.err.write(f"    {visible(error.hint)}\n")
