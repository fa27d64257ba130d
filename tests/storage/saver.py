"""One save as the app does it, in a process that can be killed: CONFIG STATE NEW [as-nobody]."""

import sys
from contextlib import ExitStack
from pathlib import Path

from other_user import unprivileged

from tui.errors import KrakendTuiError
from tui.storage.read import read_config
from tui.storage.recovery import discard_recovery, write_recovery
from tui.storage.save import save_config


def save(path: Path, state: Path, new: Path) -> str:
    file = read_config(path)
    data = new.read_bytes()
    write_recovery(path, data, file.digest, state=state)
    saved = save_config(file, data, state=state)
    discard_recovery(path, state=state)
    return saved.how


if __name__ == "__main__":
    with ExitStack() as stack:
        if "as-nobody" in sys.argv:
            stack.enter_context(unprivileged())
        try:
            print(save(*map(Path, sys.argv[1:4])))
        except KrakendTuiError as error:
            print(error.kind, "untouched" if getattr(error, "untouched", True) else "damaged")
            print(error.message, error.hint, sep="\n", file=sys.stderr)
