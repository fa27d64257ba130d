"""Files that the pattern takes along: what a name says of a file beside the plugin."""

from __future__ import annotations

import re

_BACKUP = re.compile(
    r"\.so(?!\.\d+(?:\.\d+)*(?:[-+][a-z][\w.]*)?$)[^A-Za-z0-9].*"
    r"|(?:[ ._-]copy(?: ?\d*)?| ?\(\d+\)|[._-](?:bak|old|orig|backup))\.so$"
    r"|^(?:copy of |\.#|#|\._)",
    re.IGNORECASE,
)


def is_backup(name: str) -> bool:
    """Whether a file's name says that it is a backup or a copy of a plugin."""
    return _BACKUP.search(name) is not None
