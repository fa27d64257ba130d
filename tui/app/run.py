"""Start the app on a config and leave the terminal and the text safe however it ends."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

from tui.app.app import KrakendTui
from tui.app.session import Session
from tui.gather import Options

_DEADLY = (signal.SIGHUP, signal.SIGTERM)


def run_app(config: Path, options: Options, *, demo: bool = False) -> int:
    """Open `config` on the terminal; the exit code. KrakendTuiError when it cannot be opened."""
    session = Session(config, options)
    app = KrakendTui(session)

    def end(number: int, _frame: FrameType | None) -> None:
        session.write_recovery()
        app.exit(128 + number)

    for number in _DEADLY:
        signal.signal(number, end)
    try:
        code = app.run()
    except BaseException:
        session.write_recovery()
        raise
    if app.return_code:
        session.write_recovery()
    return code if code is not None else (app.return_code or 0)
