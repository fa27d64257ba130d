"""What the app remembers from one session to the next: small JSON objects in the state folder.

Nothing depends on it: what cannot be read is as if it had never been kept, and what cannot be
kept is forgotten.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tui.errors import KrakendTuiError
from tui.storage.backup import path_key
from tui.storage.disk import write_private
from tui.storage.state import private_folder, state_folder

SETTINGS = "settings"
"""The name of what belongs to no config."""

Value = str | int | None
_FOLDER = "memory"
_SIZE_LIMIT = 65_536
_KEPT = 500


def place_name(path: Path) -> str:
    """The name of what is remembered of the config at `path`."""
    return f"place-{path_key(Path(os.path.realpath(path)))}"


def recall(name: str, *, state: Path | None = None) -> dict[str, Value]:
    """What was remembered under `name`; empty when there is nothing."""
    file = (state or state_folder(os.environ)) / _FOLDER / f"{name}.json"
    try:
        with file.open("rb") as stream:
            values = json.loads(stream.read(_SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {
        key: value
        for key, value in values.items()
        if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool))
    }


def remember(name: str, values: Mapping[str, Value], *, state: Path | None = None) -> None:
    """Keep `values` under `name` (0600, this user only); of many names the oldest go."""
    with contextlib.suppress(KrakendTuiError, OSError):
        folder = private_folder(state or state_folder(os.environ), _FOLDER)
        write_private(folder / f"{name}.json", json.dumps(dict(values)).encode())
        files = sorted(folder.glob("place-*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_KEPT]:
            file.unlink()
