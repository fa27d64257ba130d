"""Start the app on a config, and keep unsaved text however it ends."""

from __future__ import annotations

import contextlib
import os
import sys

from tui.app.app import KrakendTui
from tui.app.session import Session
from tui.app.terminal.looks import choose_looks
from tui.app.terminal.themes import THEMES
from tui.storage.memory import SETTINGS, recall, remember

_DEMO = "A sandbox with planted mistakes: F8 walks them, ctrl+g mends one, F1 helps."
_FIRST_TIME = "New here? Type: the pattern changes. Tab goes on, F8 walks problems, F1 helps"


def run_app(
    session: Session,
    *,
    demo: bool = False,
    ascii_wanted: bool = False,
    debug: bool = False,
) -> int:
    """Show `session` on the terminal; the exit code."""
    settings = recall(SETTINGS)
    looks = choose_looks(
        os.environ,
        ascii_wanted=ascii_wanted,
        wish=str(settings.get("theme")),
        themes=THEMES,
    )
    welcomed = bool(settings.get("welcomed"))
    hint = _DEMO if demo else "" if welcomed else _FIRST_TIME
    app = KrakendTui(session, looks, hint, debug=debug)
    if not welcomed:
        remember(SETTINGS, {**settings, "welcomed": 1})
    try:
        code = app.run()
    finally:
        if not app.left_on_purpose:
            session.on_disk.keep()
        session.on_disk.close()
    # Not by way of Textual, which wraps: what is broken into two lines cannot be copied.
    with contextlib.suppress(OSError):  # The line was dropped.
        for line in (*app.parting_words, *app.saving.last_words):
            print(line, file=sys.stderr)
    return code if code is not None else app.return_code or 0
