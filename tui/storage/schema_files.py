"""Where plugins' own schemas are, and their bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tui.folder import FolderEntry
from tui.storage.plugin_files import read_plugin
from tui.storage.state import FOLDER_NAME

SIZE_LIMIT = 1024 * 1024
"""Bytes of one schema."""


def schema_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/krakend-tui/schemas`, else `~/.config/krakend-tui/schemas`.

    A relative XDG_CONFIG_HOME is ignored (XDG Base Directory Specification 0.8).
    """
    base = environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):
        home = environ.get("HOME") or os.path.expanduser("~")
        base = os.path.join(home, ".config")
    return Path(base) / FOLDER_NAME / "schemas"


def from_home(path: str) -> str:
    """`path` for people: `~/...` when it is in the home folder."""
    home = os.path.expanduser("~")
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def read_schema(folder: str | bytes, entry: FolderEntry) -> bytes:
    """The bytes of `entry` of `folder`; raises PluginUnreadable as `read_plugin` does."""
    return read_plugin(folder, entry, limit=SIZE_LIMIT, what="a schema")
