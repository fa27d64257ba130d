"""One save in a process that can be killed: CONFIG STATE NEW [as-nobody] [ahead].

As the app does it with `ahead`: made ready while its diff is read, and then written.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from other_user import unprivileged

from tui.app.on_disk import OnDisk
from tui.app.save_ahead import SaveAhead
from tui.diagnostic import Edit
from tui.document.change import ChangeSet
from tui.errors import KrakendTuiError
from tui.storage.save import Saved
from tui.storage.state import state_folder


def save(path: Path, new: Path, *, is_ahead: bool) -> str:
    disk = OnDisk(path)
    length = len(disk.document.text)
    disk.document.apply(ChangeSet.of(length, [Edit(0, length, new.read_text())]))
    saved = written_ahead(disk) if is_ahead else disk.save()
    return saved.how if saved.confirmed else f"{saved.how} unconfirmed"


def written_ahead(disk: OnDisk) -> Saved:
    ahead = SaveAhead(disk)
    try:
        ahead.prepare()
        saved = ahead.write()
        ahead.wrote(saved)
    finally:
        ahead.close()
    return saved


if __name__ == "__main__":
    path, state, new = map(Path, sys.argv[1:4])
    os.environ["XDG_STATE_HOME"] = str(state.parent)
    assert state_folder(os.environ) == state
    with ExitStack() as stack:
        if "as-nobody" in sys.argv:
            stack.enter_context(unprivileged())
        try:
            print(save(path, new, is_ahead="ahead" in sys.argv))
        except KrakendTuiError as error:
            print(error.kind, "untouched" if getattr(error, "untouched", True) else "damaged")
            print(error.message, error.hint, sep="\n", file=sys.stderr)
