"""Files that the pattern takes along: what a name says of a file beside the plugin."""

from __future__ import annotations

import re

_BACKUP = (
    r"\.so(?!\.\d+(?:\.\d+)*(?:[-+][a-z][\w.]*)?$)[^A-Za-z0-9].*"
    r"|(?:[ ._-]copy(?: ?\d*)?| ?\(\d+\)|[._-](?:bak|old|orig|backup))\.so$"
    r"|^(?:copy of |\.#|#|\._)"
)


def is_backup(name: str) -> bool:
    """Whether a file's name says that it is a backup or a copy of a plugin."""
    # Compiled here: few folders have a file that is asked about.
    return re.search(_BACKUP, name, re.IGNORECASE) is not None
