"""What a KrakenD was built with: what plugins must match, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tui.krakend.releases import modules_of
from tui.krakend.target import Target
from tui.plugin.libc import GLIBC, MUSL


class Dependencies(NamedTuple):
    """`go` is X.Y.Z, None when not public; `platforms` are those that it is released or built
    for; `libc` in words; `modules` path -> version, None when they are not public."""

    target: Target
    go: str | None
    platforms: tuple[str, ...]
    libc: str
    modules: Mapping[str, str] | None


class Changes(NamedTuple):
    """From an older to a newer one: `changed` path -> (old, new), `added` and `removed`."""

    changed: Mapping[str, tuple[str, str]]
    added: Mapping[str, str]
    removed: Mapping[str, str]


def dependencies_of(target: Target) -> Dependencies:
    """What is known of the target: of a binary what it was built with, of a Community release
    its Makefile and go.mod, of an Enterprise release nothing."""
    program = target.program
    if program is not None:
        platform = program.build.platform
        libc = program.libc_release or program.libc.label
        modules = {module.path: module.version for module in program.build.modules}
        return Dependencies(target, target.go, (platform,) if platform else (), libc, modules)
    alpine = f" (Alpine {target.alpine})" if target.alpine else ""
    libc = f"{MUSL}{alpine} in the images, {GLIBC} in the Debian and RPM packages"
    known = {} if target.is_enterprise else modules_of(target.release)
    return Dependencies(target, target.go, ("linux/amd64", "linux/arm64"), libc, known or None)


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    """What changed from `old` to `new`, each by name."""
    both = sorted(old.keys() & new.keys())
    return Changes(
        {path: (old[path], new[path]) for path in both if old[path] != new[path]},
        {path: new[path] for path in sorted(new.keys() - old.keys())},
        {path: old[path] for path in sorted(old.keys() - new.keys())},
    )


def selected(modules: Mapping[str, str], wanted: tuple[str, ...]) -> dict[str, str | None]:
    """The modules of these paths, None for one that is not there; a text that is no whole path
    stands for all that contain it. Without any, all."""
    if not wanted:
        return dict(modules)
    found: dict[str, str | None] = {}
    for text in wanted:
        matching = [text] if text in modules else [path for path in modules if text in path]
        found.update((path, modules[path]) for path in matching)
        if not matching:
            found[text] = None
    return found
