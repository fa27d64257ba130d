"""WHICH of --krakend -> the Target: a release, or a binary that is read and never run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tui.krakend.target import (
    Target,
    TargetError,
    default_target,
    is_release_form,
    parse_target,
    target_of_program,
)
from tui.storage.errors import PluginUnreadable, shown
from tui.storage.plugin_files import read_binary

PROGRAM = "krakend"
_HINT = "Give a krakend binary, or a release such as 2.13.8."


def target_of(which: str, environ: Mapping[str, str]) -> Target:
    """The target that `which` names: a release such as `2.13`, the path of a program, or the
    name of one on PATH.

    Raises TargetError: no such release, no such file, not readable, or no Go program.
    """
    if is_release_form(which):
        return parse_target(which)
    if os.sep in which or os.path.lexists(which):
        return _target_at(which)
    found = shutil.which(which, path=environ.get("PATH", "")) if which else None
    return _target_at(found) if found is not None else parse_target(which)


def target_here(environ: Mapping[str, str]) -> Target:
    """What is meant when nobody says which: the krakend on PATH, else the newest 2.x Community
    release. A krakend that cannot be read, or is no Go program, counts as none."""
    found = shutil.which(PROGRAM, path=environ.get("PATH", ""))
    if found is None:
        return default_target()
    try:
        return _target_at(found, f"the krakend on PATH ({shown(found)})")
    except TargetError:
        return default_target()


def _target_at(path: str, source: str | None = None) -> Target:
    from tui.plugin.program import NotAGoProgram, inspect_program

    try:
        program = inspect_program(read_binary(path))
    except PluginUnreadable as error:
        raise TargetError(f"{shown(path)} is no KrakenD: {error.message}.", _HINT) from None
    except NotAGoProgram as reason:
        raise TargetError(f"{shown(path)} is no KrakenD: it is {reason}.", _HINT) from None
    return target_of_program(program, str(Path(path).absolute()), source)
