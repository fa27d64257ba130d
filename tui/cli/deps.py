"""deps, gosum and build-command: from the command line's words to values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tui.document.text import decode
from tui.krakend.deps import Changes, Dependencies, changes, dependencies_of, selected
from tui.krakend.gosum import Difference, differences, read_go_sum, read_indirect
from tui.krakend.target import Target
from tui.storage.errors import Missing
from tui.storage.read import read_config


class DepsReport(NamedTuple):
    """`modules` are those asked for, None where the target's are not public; a version is None
    for a module that is not there. With `since`, what changed from that one."""

    dependencies: Dependencies
    modules: Mapping[str, str | None] | None
    since: Dependencies | None = None
    changes: Changes | None = None


def read_deps(target: Target, wanted: tuple[str, ...], since: Target | None) -> DepsReport:
    """What `target` was built with, and what of it is new since another one."""
    new = dependencies_of(target)
    modules = None if new.modules is None else selected(new.modules, wanted)
    if since is None:
        return DepsReport(new, modules)
    old = dependencies_of(since)
    if old.modules is None or new.modules is None:
        return DepsReport(new, modules, old)
    before = {path: v for path, v in selected(old.modules, wanted).items() if v is not None}
    after = {path: v for path, v in selected(new.modules, wanted).items() if v is not None}
    return DepsReport(new, modules, old, changes(before, after))


class GoSumReport(NamedTuple):
    """`compared` is how many modules both sides have, None where the target's are not public;
    `has_go_mod` says whether direct and indirect modules could be told apart."""

    target: Target
    path: Path
    found: tuple[Difference, ...]
    compared: int | None
    has_go_mod: bool


def compare_go_sum(path: Path, target: Target, go: str | None, libc: str | None) -> GoSumReport:
    """go.sum at `path`, with the go.mod beside it, against `target`. `go` and `libc` are the
    plugin's.

    Raises ReadRefused or NotUtf8.
    """
    want = dependencies_of(target)
    modules = want.modules or {}
    have = read_go_sum(decode(read_config(path).data))
    indirect = _indirect(path.with_name("go.mod"))
    program = target.program
    libc_want = None
    if program is not None:
        libc_want = program.libc_release or program.libc.family
    found = differences(have, modules, indirect, (go, want.go), (libc, libc_want))
    compared = None if want.modules is None else sum(name in have for name in modules)
    return GoSumReport(target, path, found, compared, indirect is not None)


def _indirect(go_mod: Path) -> frozenset[str] | None:
    try:
        return read_indirect(decode(read_config(go_mod).data))
    except Missing:
        return None
