"""One save as the app does it, in a process that can be killed: CONFIG STATE NEW [as-nobody]."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from other_user import unprivileged

from tui.app.on_disk import OnDisk
from tui.diagnostic import Edit
from tui.document.change import ChangeSet
from tui.errors import KrakendTuiError
from tui.storage.state import state_folder


def save(path: Path, new: Path) -> str:
    disk = OnDisk(path)
    length = len(disk.document.text)
    disk.document.apply(ChangeSet.of(length, [Edit(0, length, new.read_text())]))
    saved = disk.save()
    return saved.how if saved.confirmed else f"{saved.how} unconfirmed"


if __name__ == "__main__":
    path, state, new = map(Path, sys.argv[1:4])
    os.environ["XDG_STATE_HOME"] = str(state.parent)
    assert state_folder(os.environ) == state
    with ExitStack() as stack:
        if "as-nobody" in sys.argv:
            stack.enter_context(unprivileged())
        try:
            print(save(path, new))
        except KrakendTuiError as error:
            print(error.kind, "untouched" if getattr(error, "untouched", True) else "damaged")
            print(error.message, error.hint, sep="\n", file=sys.stderr)
