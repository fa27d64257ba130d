"""Where the traceback of a bug goes: a file for this user, never the user's screen."""

from __future__ import annotations

import os
from pathlib import Path

from tui.storage.disk import write_private
from tui.storage.state import private_folder, state_folder


def write_report(text: str, *, state: Path | None = None) -> Path:
    """Keep `text` as the report of this process; its path. StateUnwritable or OSError."""
    folder = private_folder(state or state_folder(os.environ), "crashes")
    file = folder / f"{os.getpid()}.txt"
    write_private(file, text.encode("utf-8", "backslashreplace"))
    return file
