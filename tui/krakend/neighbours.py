"""What becomes of plugin files when they are in one folder, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from posixpath import basename, dirname

from tui.plugin.facts import PluginFacts


def notes_on_neighbours(files: Iterable[tuple[str, PluginFacts]]) -> dict[str, tuple[str, ...]]:
    """Path -> sentences about the other files of its folder, for those of which there are any.

    Go opens one file of a plugin path; of two that register one name the later file's plugin
    runs (lura register: a map); of two that differ in a package it refuses the later.
    """
    folders: dict[str, list[tuple[str, PluginFacts]]] = {}
    for path, facts in files:
        folders.setdefault(dirname(path), []).append((path, facts))
    found: dict[str, list[str]] = {}
    for folder in folders.values():
        ordered = sorted(folder, key=lambda file: file[0].encode("utf-8", "surrogateescape"))
        for (first, one), (second, other) in combinations(ordered, 2):
            for note in _notes(basename(first), one, basename(second), other):
                found.setdefault(first, []).append(note)
                found.setdefault(second, []).append(note)
    return {path: tuple(notes) for path, notes in found.items()}


def _notes(first: str, one: PluginFacts, second: str, other: PluginFacts) -> Iterator[str]:
    if one.plugin_path is not None and one.plugin_path == other.plugin_path:
        yield (
            f"{first} and {second} have the same plugin path {one.plugin_path}: in one folder Go "
            f'does not load {second} ("plugin already loaded").'
        )
        return
    names = {(found.type, found.name) for found in one.registerers if found.name is not None}
    for found in other.registerers:
        if (found.type, found.name) in names:
            yield (
                f"{first} and {second} both register {found.type.value} {found.name}: in one "
                f"folder that of {second} runs."
            )
    packages = {package.path: package.fingerprint for package in one.packages}
    for package in other.packages:
        if packages.get(package.path, package.fingerprint) != package.fingerprint:
            yield (
                f"{first} and {second} differ in package {package.path}: one KrakenD cannot load "
                "both."
            )
            return
