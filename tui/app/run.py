"""Start the app on a config, and keep unsaved text however it ends."""

from __future__ import annotations

from pathlib import Path

from tui.app.app import KrakendTui
from tui.app.session import Session
from tui.gather import Options

_DEMO = (
    "A sandbox with planted mistakes: F8 walks them, ctrl+g mends one. Type in the pattern first."
)


def run_app(config: Path, options: Options, *, demo: bool = False) -> int:
    """Open `config` on the terminal; the exit code. KrakendTuiError when it cannot be opened."""
    session = Session(config, options)
    app = KrakendTui(session, welcome=_DEMO if demo else session.opening_note)
    try:
        code = app.run()
    finally:
        if not app.left_on_purpose:
            session.write_recovery()
    return code if code is not None else app.return_code or 0
