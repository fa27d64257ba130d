"""F4: the config in the user's own editor, and back as one undo step."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.app import SuspendNotSupported

from tui.document.text import NotUtf8
from tui.errors import KrakendTuiError
from tui.storage.editor_copy import EditorCopy

if TYPE_CHECKING:
    from tui.app.app import KrakendTui

_FALLBACKS = ("vi", "vim", "nano")
_LINE_BEHIND_COLON = frozenset({"hx", "helix", "zed", "subl"})
_GOTO_OPTION = frozenset({"code", "code-insiders", "codium", "cursor"})
_NO_LINE = frozenset({"ed", "sed", "cat", "gedit-view"})
_AGAIN = "F4 opens it again; $VISUAL or $EDITOR names another editor"


class EditorProblem(KrakendTuiError):
    """The editor cannot be started, or nothing of it is to be taken."""

    kind = "editor"


def editor_command(
    environ: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> list[str]:
    """The words of $VISUAL, else $EDITOR, else the first of vi, vim and nano that is there.

    Split as a shell would, but no shell runs them. Raises EditorProblem.
    """
    for variable in ("VISUAL", "EDITOR"):
        value = environ.get(variable, "").strip()
        if not value:
            continue
        try:
            words = shlex.split(value)
        except ValueError as error:
            raise EditorProblem(
                f"${variable} is {value!r}, which cannot be split into words: {error}",
                "Check its quotes.",
            ) from error
        if words and which(words[0]):
            return words
        raise EditorProblem(
            f"${variable} names {words[0] if words else value!r}, and there is no such program",
            f"Set ${variable} to an editor that is installed.",
        )
    found = next((name for name in _FALLBACKS if which(name)), None)
    if found is None:
        raise EditorProblem(
            "Neither $VISUAL nor $EDITOR is set, and there is no vi, vim or nano",
            "Set EDITOR to an editor.",
        )
    return [found]


def at_line(command: Sequence[str], path: Path, line: int) -> list[str]:
    """The command with the file and, as the editor wants it, the 1-based line.

    `+LINE FILE` is what vi, nano, emacs, micro and most others take.
    """
    name = Path(command[0]).name
    if name in _LINE_BEHIND_COLON:
        return [*command, f"{path}:{line}"]
    if name in _GOTO_OPTION:
        return [*command, "--goto", f"{path}:{line}"]
    return [*command, *([] if name in _NO_LINE else [f"+{line}"]), str(path)]


async def edit_outside(app: KrakendTui) -> None:
    """Open the text of now in the editor; take what it wrote as one undo step. EditorProblem,
    StateUnwritable, TooLarge."""
    session = app.session
    if session.look_only:
        raise EditorProblem("This session only looks at the file", "ctrl+s asks to take it over")
    command = editor_command(os.environ)
    copy = EditorCopy(session.name, session.document.to_bytes())
    name = Path(command[0]).name
    keep = False
    try:
        end = _run(app, at_line(command, copy.path, app.main.navigation.line + 1))
        keep = True
        data = copy.read()
        if data is None or end.is_refusal:
            keep = False
            what = "left no file" if data is None else f"ended with status {end.code}"
            raise EditorProblem(f"{name} {what}: nothing was taken", _AGAIN)
        change = session.take_bytes(data)
        keep = False
    except NotUtf8 as error:
        words = f"What {name} wrote is {error.message}: nothing was taken"
        raise EditorProblem(words, f"It lies in {copy.path}.") from error
    finally:
        if not keep:
            copy.discard()
    app.config_changed()
    if change.is_empty:
        app.main.say(f"{name} changed nothing")
    else:
        app.main.show_taken(change, f"Taken from {name} as one step: ctrl+s saves, ctrl+z undoes.")


class _End(NamedTuple):
    """How an editor ended: its exit status, negative for a signal, and whether we were told to
    end meanwhile."""

    code: int
    must_end: bool

    @property
    def is_refusal(self) -> bool:
        """Whether it says that nothing is to be taken, as `:cq` does. One that was killed, or that
        ended since the line was dropped, says nothing: what it had written is unsaved text."""
        return self.code > 0 and not self.must_end


def _run(app: KrakendTui, command: Sequence[str]) -> _End:
    """Run `command` on the terminal, which is given back afterwards."""
    try:
        # The loop stands still meanwhile: what it drew would land in the editor's screen. A
        # signal to end waits likewise, so what is unsaved is kept first.
        app.session.on_disk.keep()
        with app.suspend(), _signals_noted() as noted:
            code = subprocess.run(command, check=False).returncode
    except SuspendNotSupported:
        raise EditorProblem(
            "There is no terminal to give to an editor", "Start krakend-tui in a terminal"
        ) from None
    except OSError as error:
        raise EditorProblem(
            f"{command[0]} cannot be started: {error.strerror}", "Check $VISUAL and $EDITOR."
        ) from error
    return _End(code, bool(noted & {signal.SIGHUP, signal.SIGTERM}))


@contextlib.contextmanager
def _signals_noted() -> Iterator[set[int]]:
    """ctrl+c is for the editor. A handler, unlike SIG_IGN, is not inherited by it. The loop
    answers the signals to end once it goes on."""
    noted: set[int] = set()
    numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in before:
        signal.signal(number, lambda number, _frame: noted.add(number))
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
